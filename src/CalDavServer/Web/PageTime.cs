using System.Globalization;
using CalDavServer.Web.SignIn;
using NodaTime;
using NodaTime.Text;

namespace CalDavServer.Web;

/// <summary>Times as pages show them: in the practice group's time zone.</summary>
internal static class PageTime
{
    private static readonly LocalDateTimePattern DayPattern = LocalDateTimePattern.Create("d MMMM uuuu", CultureInfo.InvariantCulture);
    private static readonly LocalDateTimePattern MomentPattern = LocalDateTimePattern.Create("d MMMM uuuu, HH':'mm", CultureInfo.InvariantCulture);

    /// <summary>The day, e.g. <c>4 March 2026</c>.</summary>
    public static string Day(Instant at, Person person) => DayPattern.Format(Local(at, person));

    /// <summary>The minute, e.g. <c>4 March 2026, 12:03</c>.</summary>
    public static string Moment(Instant at, Person person) => MomentPattern.Format(Local(at, person));

    /// <summary>What to say below a list of times, e.g. <c>Times are those of Australia/Melbourne.</c></summary>
    public static string Zone(Person person) => $"Times are those of {person.Practice?.ZoneId ?? "UTC"}.";

    private static LocalDateTime Local(Instant at, Person person) => at.InZone(person.Practice?.Zone() ?? DateTimeZone.Utc).LocalDateTime;
}
