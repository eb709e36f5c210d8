using NodaTime;

namespace Practice.People;

/// <summary>When sessions end by themselves.</summary>
/// <param name="Unused">How long one lasts that is not used.</param>
/// <param name="Longest">How long one lasts whatever happens.</param>
public sealed record SessionLimits(Duration Unused, Duration Longest)
{
    /// <summary>Whether a session has ended: it was not used for too long, or the person signed in too long ago.</summary>
    public bool IsOver(Session session, Instant now)
    {
        ArgumentNullException.ThrowIfNull(session);
        return now - session.LastSeen > Unused || now - session.Began > Longest;
    }
}
