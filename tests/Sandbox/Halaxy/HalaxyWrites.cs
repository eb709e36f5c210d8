using System.Net;
using System.Text.Json.Nodes;

namespace Sandbox.Halaxy;

/// <summary>What the API can write: a new patient appointment, and some fields of an appointment.</summary>
public static class HalaxyWrites
{
    private static readonly string[] Written = ["arrived", "attended", "confirmed", "cancelled", HalaxyNames.Cancelled];

    /// <summary>$book, as Halaxy documents it: a Parameters resource, in which patient and type are references with their type, and the rest are codes. It makes the invoice and the note as well.</summary>
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
        if (!call.Book.Practice.Switches.Contains(HalaxySwitches.DoubleBookings) && call.Book.IsTaken(roles, start, end)) throw HalaxyException.Conflict();
        if (Code(call.Body, "location-type") is not ("clinic" or "telehealth" or "online" or "phone" or "organization")) throw HalaxyException.Invalid("location-type is not known.");
        if (Code(call.Body, "status") is not ("booked" or "confirmed" or "attended")) throw HalaxyException.Invalid("status is not known.");
        var wish = new HalaxyBook.Wish(start, (int)(end - start).TotalMinutes, roles, [Id(call.Body, "patient-id", "Patient")])
        {
            Service = Id(call.Body, "healthcare-service-id", "HealthcareService"),
            Comments = call.Book.Practice.Switches.Contains(HalaxySwitches.DropComments) ? null : CommentsOf(call, wanted),
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
        if (!call.Book.Practice.Switches.Contains(HalaxySwitches.DoubleBookings) && call.Book.IsTaken(roles, start, end)) throw HalaxyException.Conflict();
        var wish = new HalaxyBook.Wish(start, (int)(end - start).TotalMinutes, roles, [.. HalaxyShapes.IdsOf(call.Body, "Patient")]) { Comments = CommentsOf(call, call.Body) };
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
            if (patch.ContainsKey("description")) SetComments(appointment, CommentsOf(call, patch));
            call.Book.SetTimes(appointment, start, end);
            if (patch["participant"] is not JsonArray participants) return;
            if (call.Book.Practice.Switches.Contains(HalaxySwitches.ReplaceParticipants)) appointment["participant"] = Replaced(call.Book, participants);
            else Merge(call.Book, appointment, participants);
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

    private static string? CommentsOf(HalaxyCall call, JsonObject sent)
    {
        var comments = (string?)sent["description"];
        if (comments is null || !call.Book.Practice.Switches.Contains(HalaxySwitches.ReformatComments)) return comments;
        var lines = comments.Split('\n').Select(line => string.Join(' ', line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
        return string.Concat(lines.Where(line => line.Length > 0).Select(line => $"<p>{WebUtility.HtmlEncode(line)}</p>\r\n"));
    }

    private static void SetComments(JsonObject appointment, string? comments)
    {
        if (string.IsNullOrEmpty(comments)) appointment.Remove("description");
        else appointment["description"] = comments;
    }

    // by who they are: whoever is not named stays, and of a patient the status is taken
    private static void Merge(HalaxyBook book, JsonObject appointment, JsonArray sent)
    {
        foreach (var patient in HalaxyShapes.Participants(appointment).Where(x => HalaxyShapes.ActorOf(x).Type == "Patient"))
        {
            var status = sent.OfType<JsonObject>().Where(x => HalaxyShapes.ActorOf(x) == HalaxyShapes.ActorOf(patient)).Select(HalaxyShapes.StatusOf).FirstOrDefault();
            if (Written.Contains(status) || (status == "booked" && book.Practice.Switches.Contains(HalaxySwitches.BackToBooked))) book.WithStatus(patient, status!);
        }
    }

    private static JsonArray Replaced(HalaxyBook book, JsonArray sent)
    {
        var replaced = sent.DeepClone().AsArray();
        foreach (var patient in replaced.OfType<JsonObject>())
        {
            if (HalaxyShapes.StatusOf(patient) is { } status) book.WithStatus(patient, status);
        }

        return replaced;
    }

    private static NodaTime.Instant? Time(JsonObject patch, string name) => patch[name] is null ? null : HalaxyShapes.Time((string?)patch[name] ?? "");

    private static JsonObject? Part(JsonObject parameters, string name) => (parameters["parameter"] as JsonArray ?? []).OfType<JsonObject>().FirstOrDefault(x => (string?)x["name"] == name);

    private static string Id(JsonObject parameters, string name, string type)
    {
        var reference = Part(parameters, name)?["valueReference"] ?? throw HalaxyException.Invalid($"{name} is a reference, and missing.");
        var target = HalaxyBook.Target((string?)reference["reference"] ?? "");
        return target.Type == type && (string?)reference["type"] == type ? target.Id : throw HalaxyException.Invalid($"{name} is a reference to a {type}, with its type.");
    }

    private static string? Code(JsonObject parameters, string name) => (string?)Part(parameters, name)?["valueCode"];
}
