using Calendaring.ICalendar;
using Practice.Appointments;

namespace Practice.Hx;

/// <summary>
/// A personal appointment becomes a patient's. What a device wrote below full name was written before anybody knew that it hides something:
/// of its additions only those without free text stay with it. Nothing is compared with what is to be hidden: a name can be written in too
/// many ways.
/// </summary>
internal static class Conversion
{
    /// <summary>The details, with only such additions remembered; alarms lose their text in the object.</summary>
    public static AppointmentDetails Of(CalendarObject content, AppointmentDetails details)
    {
        details = AdditionLevels.Placed(content, details);
        var marked = details.Additions.Select(mark => (mark.Place, mark.Hash)).ToHashSet();
        List<ClientAddition> own = [];
        Dictionary<(string? Place, string Hash), string> kept = [];
        foreach (var (place, component) in Additions.Components(content).ToList())
        {
            foreach (var addition in Additions.In(component, AppointmentKind.Patient).ToList())
            {
                var isOwn = !marked.Contains((place, addition.Hash));

                // nobody below full name has it
                var hash = isOwn && details.Level == PrivacyLevel.FullName ? addition.Hash : Keep(component, addition);
                if (hash is null) continue;
                if (isOwn) own.Add(new ClientAddition(hash, details.Level) { Place = place });
                else kept[(place, addition.Hash)] = hash;
            }
        }

        // in the order of writing, not in that of the object: who wrote it last may have put it in any
        var before = details.Additions.Where(mark => kept.ContainsKey((mark.Place, mark.Hash))).Select(mark => mark with { Hash = kept[(mark.Place, mark.Hash)] });
        return details with { Additions = [.. before.Concat(own).Distinct()] };
    }

    /// <summary>The hash of what stays of an addition, which is put in its place; null when it has a text of its own.</summary>
    private static string? Keep(Component component, Addition addition)
    {
        if (addition.Line is { } line) return HasNoText(line) ? addition.Hash : null;
        if (PlainAlarm.Of(addition.Child!) is not { } plain) return null;
        component.Remove(addition.Child!);
        component.Add(plain);
        return Additions.In(component, AppointmentKind.Patient).First(other => other.Child == plain).Hash;
    }

    private static bool HasNoText(ContentLine line) => (line.Name, line.Parameters.Count) switch
    {
        ("TRANSP", 0) => line.RawValue is "OPAQUE" or "TRANSPARENT",
        ("CLASS", 0) => line.RawValue is "PUBLIC" or "PRIVATE" or "CONFIDENTIAL",
        ("PRIORITY", 0) => line.RawValue is [>= '0' and <= '9'],
        ("X-MICROSOFT-CDO-BUSYSTATUS", 0) => line.RawValue is "FREE" or "TENTATIVE" or "BUSY" or "OOF" or "WORKINGELSEWHERE",
        ("X-APPLE-TRAVEL-DURATION", 1) => line.Parameter("VALUE") == "DURATION" && line.TryReadDuration(out _),
        _ => false,
    };
}
