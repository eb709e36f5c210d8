using System.Globalization;
using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;

namespace Sandbox.Halaxy;

/// <summary>$find, as Halaxy documents it: when a practitioner can be booked online. Here that is from nine to five, each quarter of an hour.</summary>
public static class HalaxyTimes
{
    private static readonly Duration Step = Duration.FromMinutes(15);

    public static Reply Find(HalaxyCall call)
    {
        call.Need("Appointment");
        var (start, end) = (HalaxyShapes.Time(Asked(call, "start")), HalaxyShapes.Time(Asked(call, "end")));
        if (!int.TryParse(Asked(call, "duration"), NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) || minutes < 1) throw HalaxyException.Invalid("duration is a number of minutes.");
        var wanted = call.Request.Query["practitioner-role"].ToString();
        var roles = call.Book.All("PractitionerRole").Select(row => (string)HalaxyBook.Resource(row)["id"]!).Where(role => role.StartsWith("PR-", StringComparison.Ordinal) && (wanted.Length == 0 || role == HalaxyBook.Target(wanted).Id));
        var offers = roles.SelectMany(role => Offers(call.Book, role, start, end, minutes)).ToArray();
        var bundle = new JsonObject { ["resourceType"] = "Bundle", ["type"] = "searchset", ["total"] = offers.Length };
        if (offers.Length > 0) bundle["entry"] = new JsonArray(offers);
        return new Reply(200, FhirCheck.Checked(bundle));
    }

    private static IEnumerable<JsonNode> Offers(HalaxyBook book, string role, Instant start, Instant end, int minutes)
    {
        var quarter = Instant.FromUnixTimeSeconds((start.ToUnixTimeSeconds() + 899) / 900 * 900);
        for (var at = quarter; at + Duration.FromMinutes(minutes) <= end; at += Step)
        {
            var (from, until) = (at.InZone(book.Zone), (at + Duration.FromMinutes(minutes)).InZone(book.Zone));
            if (from.Hour < 9 || until.Date != from.Date || until.TimeOfDay > new LocalTime(17, 0) || book.IsTaken([role], at, until.ToInstant())) continue;
            yield return new JsonObject
            {
                ["resource"] = new JsonObject
                {
                    ["resourceType"] = "Appointment",
                    ["id"] = string.Create(CultureInfo.InvariantCulture, $"proposed-{at.ToUnixTimeSeconds()}-{minutes}"),
                    ["start"] = OffsetDateTimePattern.Rfc3339.Format(at.WithOffset(Offset.Zero)),
                    ["end"] = OffsetDateTimePattern.Rfc3339.Format((at + Duration.FromMinutes(minutes)).WithOffset(Offset.Zero)),
                    ["minutesDuration"] = minutes,
                    ["participant"] = new JsonArray(book.Participant("PractitionerRole", role)),
                },
            };
        }
    }

    private static string Asked(HalaxyCall call, string name) => call.Request.Query[name] is [{ Length: > 0 } value] ? value : throw HalaxyException.Invalid($"{name} is missing.");
}
