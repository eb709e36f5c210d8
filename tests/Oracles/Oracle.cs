namespace Oracles;

/// <summary>What an oracle says of a series.</summary>
/// <param name="Times">Seconds since 1970, or null when it does not say.</param>
/// <param name="Error">Why not; null when it took too long.</param>
internal sealed record Answer(IReadOnlyList<long>? Times, string? Error);

/// <summary>An implementation of recurrence that is not ours.</summary>
internal abstract class Oracle(string name, bool local)
{
    /// <summary>ical.js, of Thunderbird and many web calendars: reads the object with its VTIMEZONE.</summary>
    public static Oracle IcalJs { get; } = new ProgramOracle("ical.js", false, "node", "oracle.mjs", "ical.js");

    /// <summary>rrule for JavaScript: rules on a clock without a zone.</summary>
    public static Oracle RRule { get; } = new ProgramOracle("rrule", true, "node", "oracle.mjs", "rrule");

    /// <summary>python-dateutil, with the zones of the system.</summary>
    public static Oracle Dateutil { get; } = new ProgramOracle("dateutil", false, "python3", "oracle.py");

    /// <summary>Ical.Net, the usual library of .NET: reads the object, and takes the zones from NodaTime.</summary>
    public static Oracle IcalNet { get; } = new IcalNetOracle();

    public static IReadOnlyList<Oracle> All { get; } = [IcalJs, RRule, Dateutil, IcalNet];

    /// <summary>Its name in docs/recurrence-differences.md.</summary>
    public string Name { get; } = name;

    /// <summary>Whether it answers by the clock of DTSTART and not by the time line.</summary>
    public bool Local { get; } = local;

    /// <summary>Asks about many series at once.</summary>
    public abstract Task<IReadOnlyList<Answer>> AskAsync(IReadOnlyList<Series> series);

    /// <summary>A path in this repository.</summary>
    public static string PathOf(params string[] parts)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "CalendarSync.sln"))) return Path.Combine([folder.FullName, .. parts]);
        }

        throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
