using Calendaring.ICalendar;
using Calendaring.Recurrence;
using NodaTime;
using Practice.Diaries;
using Sandbox.Tests.Sync;

namespace Sandbox.Tests.Fidelity;

/// <summary>What a series is in after its rest was moved three times in the diary: four appointments.</summary>
internal static class Splits
{
    private static readonly LocalDateTime First = new(2026, 3, 3, 10, 0);

    /// <summary>Splits one in a diary.</summary>
    /// <param name="link">A link to which the diary belongs.</param>
    public static async Task<IReadOnlyList<Sample>> MakeAsync(OutsideLink link)
    {
        var entry = new PersonalEntry("Visit", First, Duration.FromMinutes(45)) { Repeat = new RecurrenceRule(Frequency.Weekly) { Count = 12 } };
        var uid = await link.Diary.AddPersonalAsync(entry);
        // before and after the places where it is split, one date is moved and one taken out
        await link.Diary.EditAsync(At(uid, First.PlusWeeks(1)), new AppointmentEdit { Start = First.PlusWeeks(1).PlusDays(1) }, SeriesScope.ThisOne);
        await link.Diary.EditAsync(At(uid, First.PlusWeeks(8)), new AppointmentEdit { Start = First.PlusWeeks(8).PlusHours(2) }, SeriesScope.ThisOne);
        await link.Diary.CancelAsync(At(uid, First.PlusWeeks(10)), CancelChoice.Delete, SeriesScope.ThisOne);
        uid = await MoveRestAsync(link, uid, First.PlusWeeks(3), First.PlusWeeks(3).PlusDays(1));
        uid = await MoveRestAsync(link, uid, First.PlusWeeks(5).PlusDays(1), First.PlusWeeks(5).PlusHours(5));
        await MoveRestAsync(link, uid, First.PlusWeeks(7).PlusHours(5), First.PlusWeeks(7).PlusDays(2));
        var shown = (await link.ShownAsync()).Values.ToList();
        Assert.Equal(4, shown.Count);
        return [.. shown.Select(static one => new Sample("split", LinesOf(one)))];
    }

    private static Task<string> MoveRestAsync(OutsideLink link, string uid, LocalDateTime from, LocalDateTime to) =>
        link.Diary.EditAsync(At(uid, from), new AppointmentEdit { Start = to }, SeriesScope.ThisAndFollowing);

    private static AppointmentTarget At(string uid, LocalDateTime occurrence) => new(uid, occurrence);

    private static string[] LinesOf(CalendarObject content) =>
        [.. content.Calendar.Components.Where(static one => one.Name == "VEVENT").SelectMany(static one => one.Properties.Where(static line => line.Name is not ("UID" or "DTSTAMP")).Select(Comparison.Unfold).Prepend("")).Skip(1)];
}
