using Calendaring.Store;
using Practice;

namespace CalDavServer.Options;

/// <summary>How much may be stored over CalDAV, in bytes (RFC 4331). What is above a limit already can be read, removed and made less.</summary>
internal sealed record Quotas
{
    /// <summary>Dead properties of one resource, as one privacy level sees it.</summary>
    public const int DeadProperties = 200;

    /// <summary>What one person may hold.</summary>
    public long Person { get; init; } = 500L * 1024 * 1024;

    /// <summary>What the people of a practice group may hold together.</summary>
    public long Practice { get; init; } = 5L * 1024 * 1024 * 1024;

    /// <summary>Properties of one resource, as XML.</summary>
    public long PropertiesOfResource { get; init; } = 256 * 1024;

    /// <summary>Properties of all resources of a person, as XML.</summary>
    public long PropertiesOfPerson { get; init; } = 4 * 1024 * 1024;

    /// <summary>The room for properties.</summary>
    public PropertyRoom PropertyRoom => new(DeadProperties, PropertiesOfResource, PropertiesOfPerson);

    /// <summary>The step that fails when a write makes too much.</summary>
    public KeepWithin Keep(string principalId, PrivacyLevel level) => new(principalId, (int)level, Person, Practice);

    /// <summary>Bytes that a person may still store, as a level may know it.</summary>
    public async ValueTask<long> AvailableAsync(IStoreSnapshot snapshot, Principal person, PrivacyLevel level)
    {
        var left = Person - (await snapshot.GetUsageAsync(person.Id)).SeenAt((int)level);
        if (person.GroupId is { } practice) left = Math.Min(left, Practice - await snapshot.GroupUsageAsync(practice, (int)level));
        return Math.Max(0, left);
    }
}
