using Calendaring.Store;
using NodaTime;

namespace Practice.Audit;

/// <summary>
/// The audit log of a practice group: what its people and administrators did with accounts, devices, subscriptions and feeds. Lines are
/// found by the person concerned.
/// </summary>
public static class PracticeAudit
{
    /// <summary>The log's name in the store; its owner is the practice group.</summary>
    public const string Log = "practice-audit";

    /// <summary>The step that appends a line: put it into the batch of what it tells of, so that neither is there without the other.</summary>
    /// <param name="practiceId">The practice group.</param>
    /// <param name="at">When.</param>
    /// <param name="by">Who acted (<see cref="AuditActor.OnPages"/>, <see cref="AuditActor.Server"/>…).</param>
    /// <param name="action">What.</param>
    /// <param name="about">Id of the person whom it concerns; null when that is who acted.</param>
    /// <param name="appPassword">Id of the app password that it concerns, or null.</param>
    /// <param name="label">What its owner calls the app password, or null.</param>
    public static StoreOperation Line(string practiceId, Instant at, AuditActor by, AuditAction action, string? about = null, string? appPassword = null, string? label = null)
    {
        ArgumentNullException.ThrowIfNull(by);
        var entry = AuditEntry.By(by, at, action) with { About = about == by.PersonId ? null : about, AppPassword = appPassword, AppPasswordLabel = label };
        return new AppendLine(Log, practiceId, entry.Write(), about ?? by.PersonId);
    }

    /// <summary>The step with which a batch fails when the log has got a line since: whoever changes the people of a practice group appends one.</summary>
    /// <param name="snapshot">What was decided on.</param>
    /// <param name="practiceId">The practice group.</param>
    internal static async ValueTask<StoreOperation> ExpectAsync(IStoreSnapshot snapshot, string practiceId)
    {
        var last = await snapshot.ListLastLinesAsync(Log, practiceId, long.MaxValue, 1);
        return new ExpectLine(Log, practiceId, last.Count == 0 ? 0 : last[0].Number);
    }

    /// <summary>
    /// The line about a person, in the log of the practice group they belong to (none when they belong to none), and what the person is told of it (<see cref="SecurityEvent"/>).
    /// </summary>
    public static IEnumerable<StoreOperation> LinesAbout(Principal person, Instant at, AuditActor by, AuditAction action, string? appPassword = null, string? label = null)
    {
        ArgumentNullException.ThrowIfNull(person);
        var line = person.GroupId is { } practice ? [Line(practice, at, by, action, person.Id, appPassword, label)] : Array.Empty<StoreOperation>();
        return [.. line, .. SecurityEvent.Note(person.Id, at, by, action, label)];
    }
}
