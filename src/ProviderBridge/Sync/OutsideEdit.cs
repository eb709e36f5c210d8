using Calendaring.ICalendar;
using NodaTime;
using Practice.Hx;

namespace ProviderBridge.Sync;

/// <summary>What somebody changed outside, and not we ourselves: a series is written there step by step, and a pass may end between two of them.</summary>
internal static class OutsideEdit
{
    /// <summary>What is different from what there was, and neither what was being asked for nor how that is before its single occurrences are written.</summary>
    /// <param name="before">What the outside calendar last answered.</param>
    /// <param name="asked">What it was being asked to have when the pass was cut short; null when none was.</param>
    /// <param name="found">What it has now.</param>
    public static IReadOnlySet<(LocalDateTime? Occurrence, FieldGroup Group)> Of(CalendarObject before, string? asked, OutsideSeries found)
    {
        var there = ExternalPatch.Differences(before, found.Content);
        if (asked is null || (there.Count == 0 && found.Made is null)) return there;
        var whole = LinkItem.Parse(asked);
        // what was asked for may have been a move of the whole: then its occurrences have other names
        var renamed = ExternalPatch.Renamed(before, whole);
        (LocalDateTime?, FieldGroup) NameOf((LocalDateTime? Occurrence, FieldGroup Group) one) => (one.Occurrence is { } own ? renamed(own) : null, one.Group);
        if (found.Made is { } made)
        {
            var names = there.Select(NameOf).ToHashSet();
            return ExternalPatch.Differences(whole, found.Content).Where(one => names.Contains(one) || (one.Occurrence is { } own && made.Contains(own))).ToHashSet();
        }

        var notAsked = ExternalPatch.Differences(whole, found.Content);
        var notBetween = ExternalPatch.Differences(WithoutOverrides(whole), found.Content);
        // some services are told with the series what does not take place, and some one by one
        var notBare = ExternalPatch.Differences(WithoutExclusions(WithoutOverrides(whole)), found.Content);
        return there.Where(one => NameOf(one) is var named && notAsked.Contains(named) && notBetween.Contains(named) && notBare.Contains(named)).ToHashSet();
    }

    /// <summary>Whether an object is written in several steps.</summary>
    public static bool TakesSteps(CalendarObject content) => content.Calendar.Components.Any(component => component.Find("RRULE") is not null || component.Find("RDATE") is not null);

    private static CalendarObject WithoutOverrides(CalendarObject content)
    {
        var copy = content.Clone();
        foreach (var single in copy.Calendar.Components.Where(component => component.Find("RECURRENCE-ID") is not null).ToList()) copy.Calendar.Remove(single);
        return copy;
    }

    private static CalendarObject WithoutExclusions(CalendarObject content)
    {
        foreach (var component in content.Calendar.Components) component.RemoveAll("EXDATE");
        return content;
    }
}
