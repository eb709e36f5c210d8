using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Audit;
using Practice.Groups;

namespace CalDavServer.Commands;

/// <summary>Verifies the logs of a practice, and without a word when they are whole all others: of people who were erased, with an owner who was changed, of other practices, of which anchors tell too.</summary>
internal sealed class AuditVerification(ICalendarStore store, TextWriter output, AuditExpectation expected)
{
    private readonly List<string> _faults = [];
    private readonly HashSet<(string Log, string Owner)> _verified = [];
    private int _broken;

    public async Task RunAsync(PracticeGroup practice, IReadOnlyList<Principal> people, CancellationToken cancelled)
    {
        IReadOnlyList<LogHead> logs;
        HashSet<string> known;
        using (var snapshot = await store.OpenSnapshotAsync(cancelled))
        {
            logs = await snapshot.ListLogsAsync();
            known = [.. (await snapshot.ListPrincipalsAsync()).Select(person => person.Id)];
        }

        known.UnionWith((await new PracticeDirectory(store, SystemClock.Instance).ListPracticesAsync(cancelled)).Select(group => group.Id));
        await VerifyAsync(practice.Name, Find(logs, PracticeAudit.Log, practice.Id), isShown: true, cancelled);
        foreach (var person in people.Where(person => person.Role == PrincipalRole.Practitioner))
            await VerifyAsync($"Diary of {person.DisplayName}", Find(logs, DiaryAudit.Log, person.Id), isShown: true, cancelled);
        foreach (var head in logs.Where(head => !_verified.Contains((head.Log, head.Owner))))
            await VerifyAsync(known.Contains(head.Owner) ? "Another log" : "A log of somebody who is no longer here", head, isShown: false, cancelled);
        foreach (var fault in expected.Faults) _faults.Add(fault);
    }

    /// <summary>What was wrong, in sentences; null when nothing was.</summary>
    public string? Summary()
    {
        IEnumerable<string> logs = _broken switch { 0 => [], 1 => ["1 log is not intact."], _ => [$"{_broken} logs are not intact."] };
        return _broken == 0 && _faults.Count == 0 ? null : string.Join('\n', [.. _faults, .. logs]);
    }

    private static LogHead Find(IReadOnlyList<LogHead> logs, string log, string owner) =>
        logs.FirstOrDefault(head => head.Log == log && head.Owner == owner) ?? new LogHead(log, owner, LogLine.OriginOf(log, owner));

    private async Task VerifyAsync(string title, LogHead head, bool isShown, CancellationToken cancelled)
    {
        _verified.Add((head.Log, head.Owner));
        var chain = await AuditChain.VerifyAsync(store, head, expected.See, cancelled);
        if (chain.Fault is { } fault)
        {
            _broken++;
            await output.WriteLineAsync(fault.Line is { } line ? $"{title}: line {line} {fault.What}" : $"{title}: the log {fault.What}");
        }
        else if (isShown)
        {
            var erased = chain.Erased == 0 ? "" : $"{chain.Erased} of them erased, ";
            await output.WriteLineAsync($"{title}: intact, {chain.Lines} lines, {erased}last hash {Convert.ToHexStringLower(chain.LastHash.Span)}");
        }
    }
}
