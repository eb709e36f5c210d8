using Xunit;

namespace Calendaring.Tests.ICalendar;

/// <summary>Objects in the manner of real clients, with what is peculiar to each.</summary>
internal static class Corpus
{
    public static readonly string[] AllComponents = ["VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VAVAILABILITY"];

    public static string[] Names { get; } =
        [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "ICalendar", "Corpus"), "*.ics").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    public static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "ICalendar", "Corpus", name));

    public static TheoryData<string> Theory() => new(Names);
}
