using System.Globalization;
using CalDavServer.Access;
using Calendaring.Store;
using NodaTime;
using NodaTime.Text;
using Practice;
using Practice.Audit;

namespace CalDavServer.Web.Devices;

/// <summary>Devices in words.</summary>
internal static class DeviceWords
{
    private static readonly LocalDateTimePattern Moment = LocalDateTimePattern.Create("d MMMM uuuu', 'HH':'mm", CultureInfo.InvariantCulture);
    private static readonly LocalDatePattern Date = LocalDatePattern.Create("d MMMM uuuu", CultureInfo.InvariantCulture);
    private static readonly LocalTimePattern Time = LocalTimePattern.Create("HH':'mm", CultureInfo.InvariantCulture);
    private static readonly Duration SilentAfter = Duration.FromDays(3);

    /// <summary>The privacy levels with their meaning, the one that shows least first.</summary>
    public static IReadOnlyList<(PrivacyLevel Level, string Name, string Meaning)> Levels { get; } =
    [
        (PrivacyLevel.Busy, "Busy", "Only that you are busy: no words at all"),
        (PrivacyLevel.Type, "Appointment type", "What kind of appointment it is and where, nobody's name"),
        (PrivacyLevel.Initials, "Initials", "The appointment type and the patient's initials"),
        (PrivacyLevel.FirstName, "First name", "The appointment type and the patient's first name"),
        (PrivacyLevel.FullName, "Full name", "Everything: the patient's full name, and the comments"),
    ];

    public static PrivacyLevel LevelOf(Credential device) => Enum.TryParse<PrivacyLevel>(device.LevelName, out var level) ? level : PrivacyLevel.Busy;

    public static string LevelName(PrivacyLevel level) => Levels[(int)level].Name;

    public static string? Client(Credential device) => ClientName.Of(device.LastUserAgent);

    /// <summary>"1 appointment", "12 appointments".</summary>
    public static string Count(int number, string noun) => string.Create(CultureInfo.InvariantCulture, $"{number} {noun}{(number == 1 ? "" : "s")}");

    /// <summary>A moment in a zone: the time alone when it is today.</summary>
    public static string At(Instant instant, DateTimeZone zone, Instant now)
    {
        var local = instant.InZone(zone).LocalDateTime;
        return local.Date == now.InZone(zone).Date ? Time.Format(local.TimeOfDay) : Moment.Format(local);
    }

    /// <summary>When an appointment is, e.g. <c>3 March 2026, 10:00–10:45</c>.</summary>
    public static string Span(AuditSpan span, DateTimeZone zone)
    {
        var (from, until) = span.In(zone);
        if (!span.AllDay) return $"{Moment.Format(from)}{(from.Date == until.Date ? $"–{Time.Format(until.TimeOfDay)}" : $" to {Moment.Format(until)}")}";
        var last = span.LastDay(zone);
        return last == from.Date ? $"{Date.Format(from.Date)}, all day" : $"{Date.Format(from.Date)} to {Date.Format(last)}, all day";
    }

    /// <summary>A date and time.</summary>
    public static string Full(LocalDateTime local) => Moment.Format(local);

    /// <summary>How a device does, with the badge's class.</summary>
    public static (string Words, string Badge) State(Credential device, Instant now)
    {
        if (device.LastUsed is not { } used) return ("Not connected yet", "warn");
        var silent = now - used;
        return silent < SilentAfter ? ("Working", "good") : ($"Silent for {(int)silent.TotalDays} days", "bad");
    }
}
