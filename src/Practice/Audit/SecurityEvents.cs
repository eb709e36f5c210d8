using Calendaring.Store;
using NodaTime;

namespace Practice.Audit;

/// <summary>What was done to the accounts of people, as they are told it.</summary>
/// <param name="store">Where it is kept.</param>
public sealed class SecurityEvents(ICalendarStore store)
{
    /// <summary>What was done to a person's account since, the latest first.</summary>
    public async Task<IReadOnlyList<SecurityNotice>> ListAsync(string personId, Instant since, CancellationToken cancelled = default)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        List<SecurityNotice> notices = [];
        foreach (var noted in await SecurityEvent.ListAsync(snapshot, personId, since))
            notices.Add(new SecurityNotice(noted, noted.About is { } about ? (await snapshot.FindPrincipalAsync(about))?.DisplayName : null));
        return notices;
    }
}

/// <summary>Something that was done to a person's account, with the name of whom else it is about.</summary>
/// <param name="Event">What was done.</param>
/// <param name="AboutName">The name of the other person whom it is about; null when there is none, or they are no longer here.</param>
public sealed record SecurityNotice(SecurityEvent Event, string? AboutName);
