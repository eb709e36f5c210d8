using NodaTime;

namespace Practice.Audit;

/// <summary>When an appointment is.</summary>
/// <param name="From">Begins.</param>
/// <param name="Until">Ends.</param>
public sealed record AuditSpan(Instant From, Instant Until);
