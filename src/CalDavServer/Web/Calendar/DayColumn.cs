using Calendaring.Store;
using NodaTime;
using Practice.Appointments;
using Practice.Diaries;
using Practice.Groups;

namespace CalDavServer.Web.Calendar;

/// <summary>An appointment in the column of a day.</summary>
/// <param name="Appointment">The appointment.</param>
/// <param name="Stretch">The part of it that lies in this day; never too short to be read.</param>
/// <param name="Lane">Which of how many lanes.</param>
/// <param name="DoubleBooked">Whether another takes place at the same time.</param>
/// <param name="Covered">Whether it does not take place and something that does is at its time, which has the room.</param>
internal sealed record Block(Appointment Appointment, Stretch Stretch, Lane Lane, bool DoubleBooked, bool Covered);

/// <summary>One day of one practitioner.</summary>
/// <param name="Date">The day.</param>
/// <param name="Practitioner">Whose.</param>
/// <param name="AllDay">What takes the whole day.</param>
/// <param name="Blocks">What takes part of it.</param>
/// <param name="Open">When the practice group is open.</param>
internal sealed record DayColumn(
    LocalDate Date, Principal Practitioner, IReadOnlyList<Appointment> AllDay, IReadOnlyList<Block> Blocks, IReadOnlyList<Stretch> Open)
{
    public const int Minutes = 24 * 60;
    private const int Readable = 15;

    public static DayColumn Of(LocalDate date, Principal practitioner, IEnumerable<Appointment> appointments, PracticeGroup practice)
    {
        List<Appointment> allDay = [];
        List<(Appointment Appointment, Stretch Stretch)> parts = [];
        List<(Appointment Appointment, Stretch Stretch)> gone = [];
        foreach (var appointment in appointments)
        {
            if (PartOf(date, appointment) is not { } part) continue;
            if (appointment.AllDay || part is { From: 0, Until: Minutes }) allDay.Add(appointment);
            else (appointment.TakesPlace ? parts : gone).Add((appointment, part with { Until = Math.Max(part.Until, Math.Min(part.From + Readable, Minutes)) }));
        }

        var lanes = Lanes.Lay([.. parts.Select(part => part.Stretch)]);
        var doubleBooked = DoubleBooking.Of(parts.Select(part => part.Appointment));
        var blocks = parts.Select((part, index) => new Block(part.Appointment, part.Stretch, lanes[index], lanes[index].Count > 1 && doubleBooked.Contains(part.Appointment), Covered: false));
        return new DayColumn(date, practitioner, allDay, [.. Behind(gone, parts.Select(part => part.Stretch)).Concat(blocks).OrderBy(block => block.Stretch.From)], OpenOn(date.DayOfWeek, practice));
    }

    /// <summary>What does not take place takes no room from what does: it stands behind, side by side with its like.</summary>
    private static IEnumerable<Block> Behind(List<(Appointment Appointment, Stretch Stretch)> gone, IEnumerable<Stretch> live)
    {
        var lanes = Lanes.Lay([.. gone.Select(part => part.Stretch)]);
        var taken = TakenBefore(live);
        return gone.Select((part, index) => new Block(part.Appointment, part.Stretch, lanes[index], DoubleBooked: false, taken[part.Stretch.Until] > taken[part.Stretch.From]));
    }

    /// <summary>For each minute of the day how many before it are taken.</summary>
    private static int[] TakenBefore(IEnumerable<Stretch> stretches)
    {
        var changes = new int[Minutes + 1];
        foreach (var stretch in stretches)
        {
            changes[stretch.From]++;
            changes[stretch.Until]--;
        }

        var taken = new int[Minutes + 1];
        for (var (minute, there) = (0, 0); minute < Minutes; minute++)
        {
            there += changes[minute];
            taken[minute + 1] = taken[minute] + (there > 0 ? 1 : 0);
        }

        return taken;
    }

    /// <summary>Whether the practitioner is away all day, as on a day of leave.</summary>
    public bool IsAway => AllDay.Any(appointment => appointment.Kind == AppointmentKind.Personal && appointment.TakesPlace);

    /// <summary>Whether it was cancelled, and can be hidden.</summary>
    public static bool IsCancelled(Appointment appointment) => appointment.Status is AppointmentStatus.Cancelled or AppointmentStatus.Rejected;

    private static Stretch? PartOf(LocalDate date, Appointment appointment)
    {
        var (start, end) = (appointment.Start.LocalDateTime, appointment.End.LocalDateTime);
        if (start.Date > date || end.Date < date) return null;
        var from = start.Date < date ? 0 : MinutesOf(start.TimeOfDay);
        var until = end.Date > date ? Minutes : MinutesOf(end.TimeOfDay);
        // what ends at midnight is over; what has no length at all is there
        return until > from || start == end ? new Stretch(from, Math.Max(from, until)) : start.Date == date ? new Stretch(from, from) : null;
    }

    private static IReadOnlyList<Stretch> OpenOn(IsoDayOfWeek day, PracticeGroup practice) =>
    [
        .. practice.Hours.Where(hours => hours.Day == day).Select(hours => new Stretch(MinutesOf(hours.From), MinutesOf(hours.Until))).OrderBy(open => open.From),
    ];

    private static int MinutesOf(LocalTime time) => (time.Hour * 60) + time.Minute;
}
