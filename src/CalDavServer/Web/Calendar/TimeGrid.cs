using Practice.Groups;

namespace CalDavServer.Web.Calendar;

/// <summary>Columns of days over one scale of hours, in rows of five minutes.</summary>
/// <param name="Columns">Days of one practitioner, or practitioners on one day.</param>
/// <param name="FirstHour">The hour at the top.</param>
/// <param name="LastHour">The hour at the bottom.</param>
internal sealed record TimeGrid(IReadOnlyList<DayColumn> Columns, int FirstHour, int LastHour)
{
    /// <summary>Minutes of one row.</summary>
    public const int Row = 5;

    /// <summary>Minutes of a slot that can be clicked.</summary>
    public const int Slot = 30;

    private static readonly Stretch Usual = new(8 * 60, 18 * 60);

    /// <summary>The hours in which the practice group is open and all that there is; or all hours.</summary>
    public static TimeGrid Of(IReadOnlyList<DayColumn> columns, PracticeGroup practice, bool allHours)
    {
        if (allHours) return new TimeGrid(columns, 0, 24);
        var open = practice.Hours.Select(hours => new Stretch(hours.From.Hour * 60, (hours.Until.Hour * 60) + hours.Until.Minute)).DefaultIfEmpty(Usual);
        List<Stretch> shown = [.. open, .. columns.SelectMany(column => column.Blocks).Select(block => block.Stretch)];
        return new TimeGrid(columns, shown.Min(stretch => stretch.From) / 60, (shown.Max(stretch => stretch.Until) + 59) / 60);
    }

    public int Rows => (LastHour - FirstHour) * 60 / Row;

    public IEnumerable<int> Slots => Enumerable.Range(0, (LastHour - FirstHour) * 60 / Slot).Select(slot => (FirstHour * 60) + (slot * Slot));

    /// <summary>The classes that put a stretch in its place (<see cref="GridStyles"/>).</summary>
    public string Place(Stretch stretch)
    {
        var from = RowOf(stretch.From);
        var until = Math.Max(from + 1, RowOf(stretch.Until + Row - 1));
        return $"from-{from} span-{until - from}";
    }

    /// <summary>The row of a minute of the day, or null when it is not shown.</summary>
    public int? Find(int minute) => minute >= FirstHour * 60 && minute < LastHour * 60 ? RowOf(minute) : null;

    /// <summary>When the practice group is closed on the day of a column; nothing when its hours are not kept.</summary>
    public IEnumerable<Stretch> Closed(DayColumn column, PracticeGroup practice)
    {
        if (practice.Hours.Count == 0) yield break;
        var (from, until) = (FirstHour * 60, LastHour * 60);
        foreach (var open in column.Open)
        {
            if (open.From > from) yield return new Stretch(from, open.From);
            from = Math.Max(from, open.Until);
        }

        if (from < until) yield return new Stretch(from, until);
    }

    private int RowOf(int minute) => Math.Clamp((minute - (FirstHour * 60)) / Row, 0, Rows);
}
