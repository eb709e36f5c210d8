using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;
using Sandbox.State;
using Sandbox.UserApi;
using static Sandbox.UserApi.UserActs;

namespace Sandbox.Halaxy;

/// <summary>/user/halaxy: what people do in the practice's own pages, and what its administrator sets up there.</summary>
public sealed class HalaxyPeople(Store store, VirtualClock clock, HalaxyPush push)
{
    private const string Practice = "/user/halaxy/{practice}";

    public void Map(IEndpointRouteBuilder routes)
    {
        UserActs.Map(routes, store, "/user/halaxy", (_, body) => Found(body), "/halaxy");
        routes.MapGet(Practice + "/appointments", http => Refused.GuardAsync(http, () => Json(http, store.Locked(() => Look(Book(http))))));
        MapSettings(routes);
        MapDiary(routes);
    }

    private void MapSettings(IEndpointRouteBuilder routes)
    {
        Act(routes, "clinic", AddClinic);
        Act(routes, "practitioner", (book, body) => book.Add("Practitioner", "PR-", Named("Practitioner", body)));
        Act(routes, "role", (book, body) => AddRole(book, Need(body, "practitioner"), Need(body, "clinic")));
        Act(routes, "archive", (book, body) => book.Archive("PractitionerRole", Need(body, "role")));
        Act(routes, "switch", (book, body) => Done(() => Switch(book.Practice, Need(body, "name"), (string?)body["on"] != "false")));
        Act(routes, "referrer", AddReferrer);
        Act(routes, "patient", (book, body) => book.Add("Patient", "", PatientOf(body)));
        Act(routes, "service", (book, body) => book.Add("HealthcareService", "", new JsonObject { ["resourceType"] = "HealthcareService", ["name"] = Need(body, "name"), ["active"] = (string?)body["archived"] != "true" }));
        Act(routes, "key", (book, body) => AddKey(book, (string?)body["scopes"]));
        Act(routes, "revoke-key", (_, body) => Done(() => Change(Need(body, "client"), key => key.Revoked = true)));
        Act(routes, "untick", (_, body) => Done(() => Change(Need(body, "client"), key => key.Scopes.Remove(Need(body, "scope")))));
        Act(routes, "tick", (_, body) => Done(() => Change(Need(body, "client"), key => key.Scopes = [.. key.Scopes.Append(Need(body, "scope")).Distinct()])));
        Act(routes, "hook", (book, body) => Done(() => SetHook(book.Practice, Need(body, "kind"), (string?)body["address"], (string?)body["secret"])));
    }

    private void MapDiary(IEndpointRouteBuilder routes)
    {
        Act(routes, "book", (book, body) => book.Book(WishOf(book, body) with { Service = (string?)body["service"] is { Length: > 0 } service ? service : null }));
        Act(routes, "meet", (book, body) => book.Book(WishOf(book, body) with { Title = Need(body, "title") }));
        Act(routes, "move", (book, body) => book.Change(Need(body, "appointment"), one => Move(book, one, At(book, Need(body, "start"), HalaxyShapes.IdsOf(one, "PractitionerRole")))));
        Act(routes, "reassign", (book, body) => book.Change(Need(body, "appointment"), one => Reassign(book, one, List(Need(body, "roles")))));
        Act(routes, "patients", (book, body) => book.Change(Need(body, "appointment"), one => SetPatients(book, one, List(Need(body, "patients")), Need(body, "service"))));
        Act(routes, "comment", (book, body) => book.Change(Need(body, "appointment"), one => one["description"] = Need(body, "comments")));
        Act(routes, "cancel", (book, body) => book.Change(Need(body, "appointment"), one => Cancel(book, one, (string?)body["patient"], (string?)body["status"] ?? HalaxyNames.Cancelled)));
        Act(routes, "invoice", (book, body) => book.Change(Need(body, "appointment"), one => HalaxyWrites.Invoice(book, one)));
        Act(routes, "note", (book, body) => Done(() => WriteNote(book.Get("Appointment", Need(body, "appointment")))));
        Act(routes, "delete", (book, body) => Done(() => book.Delete(Need(body, "appointment"))));
    }

    private void Act(IEndpointRouteBuilder routes, string verb, Func<HalaxyBook, JsonObject, JsonNode?> act) =>
        UserActs.Map(routes, store, $"{Practice}/{verb}", (http, body) => act(Book(http), body), "/halaxy");

    private HalaxyBook Book(HttpContext http)
    {
        var practice = store.HalaxyPractices.FindById((string)http.Request.RouteValues["practice"]!) ?? throw new NotThereException("There is no such practice.");
        return new HalaxyBook(store, clock, push, practice, $"{http.Request.Scheme}://{http.Request.Host}");
    }

    private JsonObject Found(JsonObject body)
    {
        var zone = Known((string?)body["timeZone"] is { Length: > 0 } named ? named : "Australia/Sydney");
        var practice = new HalaxyPractice { Id = "halaxy:" + store.NextSequence().ToString(CultureInfo.InvariantCulture), Name = Need(body, "name"), TimeZone = zone };
        store.HalaxyPractices.Insert(practice);
        return new JsonObject { ["practice"] = practice.Id };
    }

    private static JsonObject Named(string type, JsonObject body) => new()
    {
        ["resourceType"] = type,
        ["name"] = new JsonArray(new JsonObject { ["family"] = Need(body, "family"), ["given"] = new JsonArray(Need(body, "given")) }),
    };

    private static JsonObject AddRole(HalaxyBook book, string practitioner, string clinic)
    {
        book.Get("Practitioner", practitioner);
        book.Get("Organization", clinic);
        return book.Add("PractitionerRole", "PR-", new JsonObject
        {
            ["resourceType"] = "PractitionerRole",
            ["practitioner"] = new JsonObject { ["reference"] = book.Reference("Practitioner", practitioner) },
            ["organization"] = new JsonObject { ["reference"] = book.Reference("Organization", clinic) },
        });
    }

    /// <summary>Somebody of another practice: the lists of practitioners tell of them too.</summary>
    private static JsonObject AddReferrer(HalaxyBook book, JsonObject body)
    {
        var person = book.Add("Practitioner", "EP-", Named("Practitioner", body));
        var practice = book.Add("Organization", "SP-", new JsonObject { ["resourceType"] = "Organization", ["name"] = "Elsewhere" });
        return book.Add("PractitionerRole", "EP-", new JsonObject
        {
            ["resourceType"] = "PractitionerRole",
            ["practitioner"] = new JsonObject { ["reference"] = book.Reference("Practitioner", (string)person["id"]!) },
            ["organization"] = new JsonObject { ["reference"] = book.Reference("Organization", (string)practice["id"]!) },
        });
    }

    /// <summary>A patient with a name to be called by, first, and the official one; and whether they are booked any more.</summary>
    private static JsonObject PatientOf(JsonObject body)
    {
        var patient = Named("Patient", body);
        patient["name"]![0]!["use"] = "official";
        if ((string?)body["usual"] is { Length: > 0 } usual) patient["name"]!.AsArray().Insert(0, new JsonObject { ["use"] = "usual", ["given"] = new JsonArray(usual) });
        if ((string?)body["status"] is { Length: > 0 } status) patient["extension"] = new JsonArray(new JsonObject { ["url"] = HalaxyNames.PatientStatus, ["valueString"] = status });
        return patient;
    }

    private JsonObject AddKey(HalaxyBook book, string? scopes)
    {
        string[] wanted = scopes is { Length: > 0 } ? scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries) : [.. HalaxyNames.Scopes];
        if (wanted.FirstOrDefault(x => !HalaxyNames.Scopes.Contains(x)) is { } unknown) throw new NotThereException($"There is no scope {unknown}.");
        var key = new HalaxyKey { Id = Ids.Uuid(), Secret = RandomNumberGenerator.GetHexString(40, lowercase: true), Practice = book.Practice.Id, Scopes = [.. wanted] };
        store.HalaxyKeys.Insert(key);
        return new JsonObject { ["clientId"] = key.Id, ["clientSecret"] = key.Secret };
    }

    private void Change(string client, Action<HalaxyKey> change)
    {
        var key = store.HalaxyKeys.FindById(client) ?? throw new NotThereException("There is no such key.");
        change(key);
        store.HalaxyKeys.Update(key);
    }

    private JsonObject AddClinic(HalaxyBook book, JsonObject body)
    {
        var clinic = book.Add("Organization", "CL-", Clinic(body));
        if ((string?)body["timeZone"] is { Length: > 0 } zone)
        {
            book.Practice.ClinicZones[(string)clinic["id"]!] = Known(zone);
            store.HalaxyPractices.Update(book.Practice);
        }

        return clinic;
    }

    private static string Known(string zone) => DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) is not null ? zone : throw new NotThereException("The time zone is not known.");

    private static JsonObject Clinic(JsonObject body)
    {
        var clinic = new JsonObject { ["resourceType"] = "Organization", ["name"] = Need(body, "name") };
        if ((string?)body["address"] is { Length: > 0 } address) clinic["address"] = new JsonArray(new JsonObject { ["text"] = address });
        return clinic;
    }

    private void Switch(HalaxyPractice practice, string name, bool on)
    {
        if (!HalaxySwitches.All.Contains(name)) throw new NotThereException($"The switches are {string.Join(", ", HalaxySwitches.All)}.");
        practice.Switches = [.. practice.Switches.Where(one => one != name), .. on ? [name] : Array.Empty<string>()];
        store.HalaxyPractices.Update(practice);
    }

    private void SetHook(HalaxyPractice practice, string kind, string? address, string? secret)
    {
        if (kind is not ("created" or "updated" or "deleted")) throw new NotThereException("The kinds are created, updated and deleted.");
        if (address is { Length: > 0 }) practice.Hooks[kind] = address;
        else practice.Hooks.Remove(kind);
        practice.HookSecret = secret is { Length: > 0 } ? secret : null;
        store.HalaxyPractices.Update(practice);
    }

    private static HalaxyBook.Wish WishOf(HalaxyBook book, JsonObject body) =>
        new(At(book, Need(body, "start"), List(Need(body, "roles"))), int.Parse((string?)body["minutes"] is { Length: > 0 } minutes ? minutes : "50", CultureInfo.InvariantCulture), List(Need(body, "roles")), List((string?)body["patients"]))
        {
            Comments = (string?)body["comments"],
        };

    private static string[] List(string? text) => (text ?? "").Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A person writes local times; a test may write an instant.</summary>
    private static Instant At(HalaxyBook book, string text, IEnumerable<string> roles) => InstantPattern.ExtendedIso.Parse(text) is { Success: true } instant
        ? instant.Value
        : LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm").Parse(text).GetValueOrThrow().InZoneLeniently(book.ZoneOf(roles)).ToInstant();

    private static void Move(HalaxyBook book, JsonObject appointment, Instant start) =>
        book.SetTimes(appointment, start, start + (HalaxyShapes.EndOf(appointment) - HalaxyShapes.StartOf(appointment)));

    private static void Reassign(HalaxyBook book, JsonObject appointment, string[] roles)
    {
        var others = HalaxyShapes.Participants(appointment).Where(x => HalaxyShapes.ActorOf(x).Type != "PractitionerRole").Select(x => x.DeepClone());
        appointment["participant"] = new JsonArray([.. roles.Select(role => book.Participant("PractitionerRole", role)), .. others]);
    }

    /// <summary>A meeting becomes a patient appointment, or other patients come.</summary>
    private static void SetPatients(HalaxyBook book, JsonObject appointment, string[] patients, string service)
    {
        var others = HalaxyShapes.Participants(appointment).Where(x => HalaxyShapes.ActorOf(x).Type != "Patient").Select(x => x.DeepClone());
        appointment["participant"] = new JsonArray([.. others, .. patients.Select(patient => book.WithStatus(book.Participant("Patient", patient), "booked"))]);
        appointment["supportingInformation"] = HalaxyBook.TypeOf(book.Reference("HealthcareService", service));
    }

    private static void Cancel(HalaxyBook book, JsonObject appointment, string? patient, string status)
    {
        if (patient is null && !HalaxyShapes.IdsOf(appointment, "Patient").Any())
        {
            appointment["cancelationReason"] = new JsonObject { ["text"] = status };
            return;
        }

        var cancelled = HalaxyShapes.Participants(appointment).Where(x => HalaxyShapes.ActorOf(x) is ("Patient", var id) && (patient is null || id == patient)).ToList();
        if (cancelled.Count == 0) throw new NotThereException("The appointment has no such patient.");
        foreach (var one in cancelled) book.WithStatus(one, status);
    }

    private void WriteNote(HalaxyRow row)
    {
        row.HasNote = true;
        store.HalaxyRows.Update(row);
    }

    private static JsonArray Look(HalaxyBook book) => new([.. book.All("Appointment").OrderBy(x => x.Id, StringComparer.Ordinal).Select(row => HalaxyBook.Resource(row) is var one
        ? new JsonObject { ["id"] = (string?)one["id"], ["title"] = row.Title, ["start"] = (string?)one["start"], ["end"] = (string?)one["end"], ["comments"] = (string?)one["description"], ["takesPlace"] = HalaxyShapes.TakesPlace(one), ["roles"] = new JsonArray([.. HalaxyShapes.IdsOf(one, "PractitionerRole").Select(id => JsonValue.Create(id))]), ["invoiced"] = HalaxyShapes.IsInvoiced(one) }
        : null)]);
}
