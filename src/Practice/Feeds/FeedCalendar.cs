using System.Buffers;
using Calendaring.ICalendar;
using Calendaring.Store;
using Calendaring.TimeZones;
using NodaTime;
using Practice.Appointments;
using Practice.Hx;

namespace Practice.Feeds;

/// <summary>
/// Writes the appointments of a diary as one iCalendar object, at a privacy level (R12): everything that is not cancelled, whether it is
/// served to devices or not. Each time zone is defined once, before the first event that names it.
/// </summary>
/// <param name="hx">The practitioner's HX_ calendar.</param>
/// <param name="zone">The practice group's time zone.</param>
/// <param name="level">What is shown.</param>
/// <param name="from">No event starts before this local time: time zones are defined from here on.</param>
public sealed class FeedCalendar(Collection hx, DateTimeZone zone, PrivacyLevel level, LocalDateTime from)
{
    /// <summary>How often apps are asked to look again.</summary>
    private const string Refresh = "PT15M";

    private readonly ZoneMerge _zones = new(from);

    /// <summary>Whether an appointment is in the feed.</summary>
    public static bool Shows(ObjectRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (!AppointmentDetails.IsPatient(row.Details)) return true;
        return AppointmentDetails.Read(row.Details).Status is not (AppointmentStatus.Cancelled or AppointmentStatus.Rejected);
    }

    /// <summary>What comes before the events.</summary>
    public void WriteStart(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Write("BEGIN:VCALENDAR\r\n"u8);
        var name = HxCalendar.NameOf(hx);
        foreach (var line in (ReadOnlySpan<ContentLine>)[
            ContentLine.Create("VERSION", "2.0"),
            ContentLine.Create("PRODID", "-//CalendarSync//Feed//EN"),
            ContentLine.CreateText("NAME", name),
            ContentLine.CreateText("X-WR-CALNAME", name),
            ContentLine.CreateText("X-WR-TIMEZONE", zone.Id),
            ContentLine.Create("REFRESH-INTERVAL", Refresh, new Parameter("VALUE", "DURATION")),
            ContentLine.Create("X-PUBLISHED-TTL", Refresh)])
        {
            output.Write(line.Bytes.Span);
        }
    }

    /// <summary>Writes an appointment, whole or not at all.</summary>
    /// <exception cref="FormatException">What is stored cannot be read; nothing was written.</exception>
    public void Write(StoredObject stored, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(stored);
        ArgumentNullException.ThrowIfNull(output);
        var shown = HxCalendar.Show(stored, level);
        var events = shown.Calendar.Components.Where(component => component.Name == "VEVENT").ToList();
        if (events.TrueForAll(EventFlags.IsCancelled)) return;
        if (!AppointmentDetails.IsPatient(stored.Row.Details) && events.Exists(EventFlags.IsPrivate)) events = [.. events.Select(Projection.Hidden)];
        _zones.Write(shown.Calendar, events, output);
    }

    /// <summary>What comes after the events.</summary>
    public static void WriteEnd(IBufferWriter<byte> output) => output.Write("END:VCALENDAR\r\n"u8);
}
