using System.Text.Json.Nodes;

namespace Sandbox.Halaxy;

/// <summary>What the API can write: a new patient appointment, and some fields of an appointment.</summary>
public static class HalaxyWrites
{
    /// <summary>halaxy.md §4, $book: a Parameters resource. It makes the invoice and the note as well.</summary>
    public static Reply Book(HalaxyCall call)
    {
        call.Need("Appointment");
        if (FhirCheck.Faults(call.Body!) is [var fault, ..]) throw HalaxyException.Invalid(fault);
        if ((string?)call.Body!["resourceType"] != "Parameters") throw HalaxyException.Invalid("The body is a Parameters resource.");
        var wanted = Part(call.Body, "appt-resource")?["resource"] as JsonObject ?? throw HalaxyException.Invalid("appt-resource is missing.");
        var (start, end) = (HalaxyShapes.StartOf(wanted), HalaxyShapes.EndOf(wanted));
        string[] roles = [.. HalaxyShapes.IdsOf(wanted, "PractitionerRole")];
        if (roles.Length == 0) throw HalaxyException.Invalid("The appointment has no PractitionerRole.");
        if (end <= start) throw HalaxyException.Invalid("The appointment ends before it begins.");
        if (call.Book.IsTaken(roles, start, end)) throw HalaxyException.Conflict();
        var wish = new HalaxyBook.Wish(start, (int)(end - start).TotalMinutes, roles, [Id(call.Body, "patient-id")])
        {
            Service = Id(call.Body, "healthcare-service-id"),
            Comments = (string?)wanted["description"],
        };
        call.Book.Get("HealthcareService", wish.Service);
        var made = call.Book.Book(wish);
        return new Reply(201, call.Book.Change((string)made["id"]!, appointment => Invoice(call.Book, appointment)));
    }

    /// <summary>An appointment as it is sent, a meeting too. Not known of the live service: only when it is switched on.</summary>
    public static Reply Create(HalaxyCall call)
    {
        if (!call.Book.Practice.Switches.Contains(HalaxySwitches.Create)) throw HalaxyException.NotSupported("POST");
        call.Need("Appointment");
        if (FhirCheck.Faults(call.Body!) is [var fault, ..]) throw HalaxyException.Invalid(fault);
        if ((string?)call.Body!["resourceType"] != "Appointment") throw HalaxyException.Invalid("The body is an Appointment resource.");
        var (start, end) = (HalaxyShapes.StartOf(call.Body), HalaxyShapes.EndOf(call.Body));
        string[] roles = [.. HalaxyShapes.IdsOf(call.Body, "PractitionerRole")];
        if (roles.Length == 0 || end <= start) throw HalaxyException.Invalid("The appointment has no PractitionerRole, or ends before it begins.");
        if (call.Book.IsTaken(roles, start, end)) throw HalaxyException.Conflict();
        var wish = new HalaxyBook.Wish(start, (int)(end - start).TotalMinutes, roles, [.. HalaxyShapes.IdsOf(call.Body, "Patient")]) { Comments = (string?)call.Body["description"] };
        return new Reply(201, call.Book.Book(wish));
    }

    /// <summary>Deletes an appointment. Not known of the live service: only when it is switched on.</summary>
    public static Reply Delete(HalaxyCall call)
    {
        if (!call.Book.Practice.Switches.Contains(HalaxySwitches.Delete)) throw HalaxyException.NotSupported("DELETE");
        call.Need("Appointment");
        call.Book.Delete(call.Route("id"));
        return new Reply(204);
    }

    /// <summary>
    /// halaxy.md §4, PATCH as a merge patch (RFC 7396): comments, times, who takes part, and a patient's cancellation. Anything else is answered with 200, and nothing happens.
    /// </summary>
    public static Reply Patch(HalaxyCall call)
    {
        call.Need("Appointment");
        if (call.Request.ContentType?.StartsWith("application/merge-patch+json", StringComparison.Ordinal) != true) throw new HalaxyException(415, "not-supported", "A patch is application/merge-patch+json.");
        var id = call.Route("id");
        var before = HalaxyBook.Resource(call.Book.Get("Appointment", id));
        var patch = WithoutIgnored(call.Body!, call.Book.Practice.Switches);
        var (start, end) = (Time(patch, "start") ?? HalaxyShapes.StartOf(before), Time(patch, "end") ?? HalaxyShapes.EndOf(before));
        if (end <= start) throw HalaxyException.Invalid("The appointment ends before it begins.");
        return new Reply(200, call.Book.Change(id, appointment =>
        {
            if (patch.ContainsKey("description")) SetComments(appointment, (string?)patch["description"]);
            call.Book.SetTimes(appointment, start, end);
            if (patch["participant"] is JsonArray participants) Merge(call.Book, appointment, participants);
        }));
    }

    private static JsonObject WithoutIgnored(JsonObject patch, IReadOnlyList<string> switches)
    {
        if (switches.Contains(HalaxySwitches.IgnoreTimes))
        {
            patch.Remove("start");
            patch.Remove("end");
        }

        if (switches.Contains(HalaxySwitches.IgnoreComments)) patch.Remove("description");
        if (switches.Contains(HalaxySwitches.IgnoreParticipants)) patch.Remove("participant");
        return patch;
    }

    public static void Invoice(HalaxyBook book, JsonObject appointment)
    {
        foreach (var patient in HalaxyShapes.Participants(appointment).Where(x => HalaxyShapes.ActorOf(x).Type == "Patient"))
            patient["extension"] = new JsonArray(new JsonObject { ["url"] = HalaxyNames.ParticipantInvoice, ["valueReference"] = new JsonObject { ["reference"] = book.Reference("Invoice", "9" + (string)appointment["id"]!) } });
    }

    private static void SetComments(JsonObject appointment, string? comments)
    {
        if (string.IsNullOrEmpty(comments)) appointment.Remove("description");
        else appointment["description"] = comments;
    }

    // patients stay who they are, and only their cancellation is taken; the practitioners are those that are sent
    private static void Merge(HalaxyBook book, JsonObject appointment, JsonArray sent)
    {
        var wanted = sent.OfType<JsonObject>().ToList();
        var roles = wanted.Select(HalaxyShapes.ActorOf).Where(x => x.Type == "PractitionerRole").Select(x => book.Participant("PractitionerRole", x.Id)).ToList();
        var patients = HalaxyShapes.Participants(appointment).Where(x => HalaxyShapes.ActorOf(x).Type == "Patient").Select(x => x.DeepClone().AsObject()).ToList();
        foreach (var patient in patients)
        {
            var status = wanted.Where(x => HalaxyShapes.ActorOf(x) == HalaxyShapes.ActorOf(patient)).Select(HalaxyShapes.StatusOf).FirstOrDefault();
            if (status == HalaxyNames.Cancelled || (status == "booked" && book.Practice.Switches.Contains(HalaxySwitches.BackToBooked))) book.WithStatus(patient, status);
        }

        if (roles.Count == 0) roles = [.. HalaxyShapes.Participants(appointment).Where(x => HalaxyShapes.ActorOf(x).Type == "PractitionerRole").Select(x => x.DeepClone().AsObject())];
        appointment["participant"] = new JsonArray([.. roles, .. patients]);
    }

    private static NodaTime.Instant? Time(JsonObject patch, string name) => patch[name] is null ? null : HalaxyShapes.Time((string?)patch[name] ?? "");

    private static JsonObject? Part(JsonObject parameters, string name) => (parameters["parameter"] as JsonArray ?? []).OfType<JsonObject>().FirstOrDefault(x => (string?)x["name"] == name);

    private static string Id(JsonObject parameters, string name)
    {
        var part = Part(parameters, name);
        var value = (string?)part?["valueReference"]?["reference"] ?? (string?)part?["valueString"] ?? (string?)part?["valueId"] ?? throw HalaxyException.Invalid($"{name} is missing.");
        return HalaxyBook.Target(value).Id;
    }
}
