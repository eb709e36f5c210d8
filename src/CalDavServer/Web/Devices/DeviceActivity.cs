using NodaTime;
using Practice.Audit;
using Practice.Diaries;
using Practice.Hx;

namespace CalDavServer.Web.Devices;

/// <summary>What devices did to appointments, and what they were refused: since the practitioner's visit before, and earlier.</summary>
/// <param name="Before">When the visit before was; null when there was none.</param>
/// <param name="New">Since then, newest first.</param>
/// <param name="Earlier">What was before that.</param>
/// <param name="Next">Before which line of the log there is still more; null when there is not.</param>
internal sealed record DeviceActivity(Instant? Before, IReadOnlyList<DeviceAction> New, IReadOnlyList<DeviceAction> Earlier, long? Next)
{
    /// <summary>As many as are shown at once.</summary>
    private const int MaxShown = 20;

    /// <summary>Reads it, and notes the visit unless it goes on.</summary>
    public static async Task<DeviceActivity> ReadAsync(PracticeDiaries diaries, Diary diary, string practitionerId, bool goesOn, long? before, CancellationToken cancelled)
    {
        var visit = await diaries.VisitAsync(practitionerId, goesOn, cancelled);
        var (fresh, more) = await diary.ListOutsideAsync(visit.LineBefore, long.MaxValue, MaxShown, cancelled);
        var (earlier, next) = await diary.ListOutsideAsync(0, before ?? more ?? visit.LineBefore + 1, MaxShown, cancelled);
        var tries = await diaries.ListRefusedAsync(practitionerId, cancelled);
        return new DeviceActivity(visit.Before, [.. fresh.Select(ActionOf)], [.. earlier.Select(ActionOf)], next);

        DeviceAction ActionOf(OutsideChange change) => new(change, change.IsRefusal ? TriesOf(change.Entry, tries[change.Entry.DeviceId ?? ""]) : null);
    }

    private static RefusedTry? TriesOf(AuditEntry entry, IEnumerable<RefusedTry> tries) => tries.FirstOrDefault(one =>
        one.First == entry.At && one.Change.AppointmentId == entry.AppointmentId && one.Change.Wanted == entry.Wanted && one.Change.Occurrence == entry.Occurrence);
}

/// <summary>One thing that a device did or was refused, in words.</summary>
/// <param name="Change">What.</param>
/// <param name="Tries">How often it was refused; null when that is no longer known, or it was not.</param>
internal sealed record DeviceAction(OutsideChange Change, RefusedTry? Tries)
{
    private AuditEntry Entry => Change.Entry;

    /// <summary>The device, as its owner called it.</summary>
    public string Device => Entry.Device ?? Entry.Who;

    /// <summary>What it did.</summary>
    public string Did(DateTimeZone zone) => Entry.Action switch
    {
        AuditAction.Refused => $"wanted to {Wanted(zone)}",
        AuditAction.Cancelled => $"cancelled {Which}",
        AuditAction.Deleted => $"deleted a personal appointment{At(Entry.Before, zone)}",
        _ => $"moved {Which}{FromTo(zone)}",
    };

    /// <summary>Why it was refused, and how often.</summary>
    public string? Refusal(DateTimeZone zone, Instant now)
    {
        if (!Change.IsRefusal) return null;
        var often = Tries is { Count: > 1 } tries ? $" Tried {tries.Count} times, last {DeviceWords.At(tries.Last, zone, now)}." : "";
        return $"Refused. {Entry.Reason}{often}";
    }

    /// <summary>The word on its button; null when it has none.</summary>
    public string? Button => Change.Standing != OutsideStanding.Open ? null : Change.IsRefusal ? "Use the device's version" : "Put back";

    /// <summary>Why it has no button.</summary>
    public string? Stands => (Change.Standing, Entry.Action) switch
    {
        (OutsideStanding.Open, _) or (_, AuditAction.Deleted) => null,
        (OutsideStanding.Done, AuditAction.Refused) => "Your diary has it that way now.",
        (OutsideStanding.Done, AuditAction.Cancelled) => "It is in the calendar again.",
        (OutsideStanding.Done, _) => "It is back where it was.",
        (OutsideStanding.Changed, _) => "It has been changed since.",
        (OutsideStanding.Gone, _) => "It is no longer in your diary.",
        _ => Entry.Wanted == AuditAction.Added ? "Nothing of it was stored: add it in the diary, or try again on the device." : "Nothing of it was stored: change it in the diary, or try again on the device.",
    };

    private string Which => (Entry.Occurrence, Entry.AndFollowing, Change.Appointment?.Rule) switch
    {
        (not null, true, _) => "one of a series and all that follow",
        (not null, false, _) => "one of a series",
        (null, _, not null) => "all of a series",
        _ => "it",
    };

    private string Wanted(DateTimeZone zone) => Entry.Wanted switch
    {
        AuditAction.Moved => $"move {Which}{FromTo(zone)}",
        AuditAction.Cancelled => $"cancel {Which}",
        AuditAction.Deleted => $"delete {Which}",
        AuditAction.Added => $"add an appointment{At(Entry.After, zone)}",
        _ => $"change {Which}",
    };

    private string FromTo(DateTimeZone zone) => Entry is { Before: { } before, After: { } after } ? $" from {DeviceWords.Span(before, zone)} to {DeviceWords.Span(after, zone)}" : "";

    private static string At(AuditSpan? span, DateTimeZone zone) => span is null ? "" : $" of {DeviceWords.Span(span, zone)}";
}
