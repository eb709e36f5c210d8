using Calendaring.Store;
using NodaTime;
using Practice.Audit;

namespace Practice.Groups;

/// <summary>Gives a practice group another name.</summary>
/// <param name="store">Where it is kept.</param>
/// <param name="clock">The current time.</param>
public sealed class PracticeNames(ICalendarStore store, IClock clock)
{
    /// <summary>How many characters the name of a practice group has at most.</summary>
    public const int MaxLength = 200;

    /// <summary>Why a name is not taken, as a sentence; null when it is.</summary>
    public static string? Problem(string? name) => name?.Trim() switch
    {
        null or "" => "A practice group needs a name.",
        { Length: > MaxLength } => $"Use at most {MaxLength} characters for the name.",
        var given when !NameText.IsWritable(given) => PracticeDirectory.NameNotWritable,
        var given when given.Any(char.IsControl) => "Type the name on one line.",
        _ => null,
    };

    /// <summary>Renames it, and with it its HX_ calendars (R2, R3): devices see that at their next sync. Nothing is done when it has the name already.</summary>
    /// <exception cref="PracticeDirectoryException">There is no such practice group, or the name is not valid or taken.</exception>
    public async Task RenameAsync(string practiceId, string name, AuditActor by)
    {
        ArgumentNullException.ThrowIfNull(by);
        if (Problem(name) is { } problem) throw new PracticeDirectoryException(problem);
        var changed = await store.ChangeAsync(practiceId, async snapshot =>
        {
            var steps = await StepsAsync(snapshot, practiceId, name.Trim(), by);
            return new Decision<bool>(steps.Count == 0 ? null : steps, true);
        });
        changed.Written();
    }

    // decided again when the practice group, or who is in it, is another by the time that it is written
    private async Task<List<StoreOperation>> StepsAsync(IStoreSnapshot snapshot, string practiceId, string name, AuditActor by)
    {
        var records = await snapshot.ListRecordsAsync(PracticeGroup.RecordKind, PracticeGroup.RecordOwner);
        if (records.FirstOrDefault(record => record.Id == practiceId) is not { } held) throw new PracticeDirectoryException("This practice group no longer exists.");
        var practice = PracticeGroup.Read(held);
        if (practice.Name == name) return [];
        if (records.Where(record => record.Id != practiceId).Select(PracticeGroup.TryRead).Any(other => string.Equals(other?.Name, name, StringComparison.OrdinalIgnoreCase)))
            throw new PracticeDirectoryException($"There is a practice group named '{name}' already.");
        var renamed = practice with { Name = name };
        var practitioners = (await snapshot.ListPrincipalsAsync(practiceId)).Where(person => person.Role == PrincipalRole.Practitioner).ToList();
        return
        [
            await PracticeAudit.ExpectAsync(snapshot, practiceId),
            await SignInName.ChangeAsync(snapshot),
            renamed.Put(held.Version),
            .. await HxName.RenameAsync(snapshot, practice, practitioners, practitioners, renamed),
            PracticeAudit.Line(practiceId, clock.GetCurrentInstant(), by, AuditAction.PracticeChanged),
        ];
    }
}
