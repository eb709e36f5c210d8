using System.Globalization;
using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;
using Sandbox.State;

namespace Sandbox.Halaxy;

/// <summary>What is in one practice, and what changes in it; the API and the people in the practice's own pages go through here. Who calls holds the store's lock.</summary>
public sealed class HalaxyBook(Store store, VirtualClock clock, HalaxyPush push, HalaxyPractice practice, string origin)
{
    private static readonly InstantPattern Seconds = InstantPattern.General;

    public HalaxyPractice Practice => practice;

    public DateTimeZone Zone => DateTimeZoneProviders.Tzdb[practice.TimeZone];

    /// <summary>The zone in which somebody works: that of their clinic, where it has one of its own.</summary>
    public DateTimeZone ZoneOf(IEnumerable<string> roles) =>
        roles.Select(role => ZoneOf(Resource(Get("PractitionerRole", role)))).FirstOrDefault() is { } zone ? DateTimeZoneProviders.Tzdb[zone] : Zone;

    private string Base => origin + HalaxyNames.Root + "/";

    public HalaxyRow? Find(string type, string id) => store.HalaxyRows.FindById(Key(type, id));

    public HalaxyRow Get(string type, string id) => Find(type, id) ?? throw HalaxyException.NotFound($"{type}/{id}");

    public IEnumerable<HalaxyRow> All(string type) => store.HalaxyRows.Find(x => x.Practice == practice.Id).Where(x => x.Type == type);

    public static JsonObject Resource(HalaxyRow row) => JsonNode.Parse(row.Json)!.AsObject();

    /// <summary>What says of which type an appointment is.</summary>
    public static JsonArray TypeOf(string reference) => new(new JsonObject { ["reference"] = reference, ["type"] = "HealthcareService" });

    public string Reference(string type, string id) => $"{Base}{type}/{id}";

    /// <summary>The type and id at the end of a reference, absolute or not.</summary>
    public static (string Type, string Id) Target(string reference) => reference.TrimEnd('/').Split('/') is [.., var type, var id] ? (type, id) : ("", reference);

    public JsonObject Add(string type, string prefix, JsonObject resource)
    {
        var id = prefix + store.NextSequence().ToString(CultureInfo.InvariantCulture);
        resource["id"] = id;
        return Write(new HalaxyRow { Id = Key(type, id), Practice = practice.Id, Type = type }, resource);
    }

    /// <summary>A patient appointment, or a meeting when there are no patients.</summary>
    public JsonObject Book(Wish wish)
    {
        var participants = wish.Roles.Select(role => Participant("PractitionerRole", role)).Concat(wish.Patients.Select(patient => WithStatus(Participant("Patient", patient), "booked")));
        var made = new JsonObject
        {
            ["resourceType"] = "Appointment",
            ["id"] = store.NextSequence().ToString(CultureInfo.InvariantCulture),
            ["created"] = At(clock.GetCurrentInstant(), Zone),
            ["participant"] = new JsonArray([.. participants]),
        };
        if (wish.Service is { } service) made["supportingInformation"] = TypeOf(Reference("HealthcareService", service));
        if (wish.Comments is { Length: > 0 } comments) made["description"] = comments;
        SetTimes(made, wish.Start, wish.Start + Duration.FromMinutes(wish.Minutes));
        var row = new HalaxyRow { Id = Key("Appointment", (string)made["id"]!), Practice = practice.Id, Type = "Appointment", Title = wish.Title };
        return Tell(row, Write(row, made), "created");
    }

    /// <summary>Changes an appointment; what is told to the webhook is that it changed.</summary>
    public JsonObject Change(string id, Action<JsonObject> change)
    {
        var row = Get("Appointment", id);
        var resource = Resource(row);
        change(resource);
        return Tell(row, Write(row, resource), "updated");
    }

    /// <summary>Puts somebody away who does not work here any more: listings tell of it still.</summary>
    public JsonObject Archive(string type, string id)
    {
        var row = Get(type, id);
        var resource = Resource(row);
        resource["active"] = false;
        return Write(row, resource);
    }

    public void SetTimes(JsonObject appointment, Instant start, Instant end)
    {
        // a clinic's times have its own offset
        var zone = ZoneOf(HalaxyShapes.IdsOf(appointment, "PractitionerRole"));
        (appointment["start"], appointment["end"]) = (At(start, zone), At(end, zone));
        appointment["minutesDuration"] = (int)(end - start).TotalMinutes;
    }

    /// <summary>Deletes an appointment, as only a person in the practice's own pages can: no listing and no read tells of it any more.</summary>
    public void Delete(string id)
    {
        var row = Get("Appointment", id);
        store.HalaxyRows.Delete(row.Id);
        Tell(row, Resource(row), "deleted");
    }

    public bool IsTaken(IEnumerable<string> roles, Instant start, Instant end) => All("Appointment").Select(Resource).Any(other =>
        HalaxyShapes.StartOf(other) < end && HalaxyShapes.EndOf(other) > start && HalaxyShapes.TakesPlace(other) && HalaxyShapes.IdsOf(other, "PractitionerRole").Intersect(roles).Any());

    public JsonObject WithStatus(JsonObject participant, string code)
    {
        // that no charge is made is a way of cancelling, and no status
        if (code == HalaxyNames.Cancelled) code = "cancelled";
        var coding = new JsonObject { ["system"] = origin + "/presets/CodeSystem/appointment-participant-status", ["code"] = code, ["display"] = code };
        participant["modifierExtension"] = new JsonArray(new JsonObject { ["url"] = HalaxyNames.ParticipantStatus, ["valueCoding"] = coding });
        return participant;
    }

    public JsonObject Participant(string type, string id)
    {
        Get(type, id);
        return new JsonObject { ["actor"] = new JsonObject { ["reference"] = Reference(type, id), ["type"] = type } };
    }

    private JsonObject Write(HalaxyRow row, JsonObject resource)
    {
        var now = clock.GetCurrentInstant();
        row.UpdatedAt = now.ToUnixTimeMilliseconds();
        resource["meta"] = new JsonObject { ["lastUpdated"] = Seconds.Format(now) };
        if (FhirCheck.Faults(resource) is [var fault, ..]) throw HalaxyException.Invalid(fault);
        row.Json = resource.ToJsonString();
        store.HalaxyRows.Upsert(row);
        return resource;
    }

    private JsonObject Tell(HalaxyRow row, JsonObject resource, string kind)
    {
        push.Changed(practice, kind, Reference(row.Type, (string)resource["id"]!));
        return resource;
    }

    private string? ZoneOf(JsonObject role) =>
        (string?)role["organization"]?["reference"] is { } clinic && practice.ClinicZones.TryGetValue(Target(clinic).Id, out var zone) ? zone : null;

    private static string At(Instant instant, DateTimeZone zone) => OffsetDateTimePattern.Rfc3339.Format(instant.InZone(zone).ToOffsetDateTime());

    private string Key(string type, string id) => $"{practice.Id}|{type}/{id}";

    /// <summary>What is booked.</summary>
    public sealed record Wish(Instant Start, int Minutes, IReadOnlyList<string> Roles, IReadOnlyList<string> Patients)
    {
        public string? Service { get; init; }
        public string? Comments { get; init; }
        public string Title { get; init; } = "";
    }
}
