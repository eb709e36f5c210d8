using NodaTime;

namespace Practice.Audit;

/// <summary>When an appointment is.</summary>
/// <param name="From">Begins.</param>
/// <param name="Until">Ends.</param>
public sealed record AuditSpan(Instant From, Instant Until)
{
    /// <summary>Whether it takes whole days; then it floats, too.</summary>
    public bool AllDay { get; init; }

    /// <summary>Whether it is at these local times wherever one is: the two are written as if they were of UTC.</summary>
    public bool Floats { get; init; }

    /// <summary>Its local times.</summary>
    /// <param name="zone">Where one is.</param>
    public (LocalDateTime From, LocalDateTime Until) In(DateTimeZone zone)
    {
        var meant = Floats ? DateTimeZone.Utc : zone;
        return (From.InZone(meant).LocalDateTime, Until.InZone(meant).LocalDateTime);
    }

    /// <summary>Of whole days the last.</summary>
    /// <param name="zone">Where one is.</param>
    public LocalDate LastDay(DateTimeZone zone)
    {
        var (from, until) = In(zone);
        return LocalDate.Max(from.Date, until.Date.PlusDays(-1));
    }
}
