using System.CommandLine;
using CalDavServer.Web.Audit;
using Calendaring.Store;
using NodaTime;
using Practice.Audit;
using Practice.Groups;

namespace CalDavServer.Operations.Commands;

/// <summary><c>audit verify|export PRACTICE</c></summary>
internal static class AuditCommand
{
    public static Command Create(CommandScope scope) => new("audit", "Verify and export a practice's audit logs") { CreateVerify(scope), CreateExport(scope) };

    private static Command CreateVerify(CommandScope scope)
    {
        var name = PracticeArgument();
        var command = new Command("verify", "Verify the chains of hashes, and print each log's length and last hash") { name };
        command.SetAction(async (parsed, cancelled) =>
        {
            await using var open = await scope.OpenAsync(parsed);
            var (practice, people) = await FindAsync(open.Store, parsed.GetRequiredValue(name));
            var broken = 0;
            foreach (var (title, view) in Views(practice, people))
            {
                var chain = await AuditChain.VerifyAsync(open.Store, view.Log, view.Owner, cancelled);
                if (chain.BrokenAt is not null) broken++;
                await parsed.InvocationConfiguration.Output.WriteLineAsync(chain.BrokenAt is { } line
                    ? $"{title}: line {line} was changed or is missing"
                    : $"{title}: whole, {chain.Lines} lines, last hash {Convert.ToHexStringLower(chain.LastHash.Span)}");
            }

            if (broken > 0) throw new CommandFailure(broken == 1 ? "1 log is not whole." : $"{broken} logs are not whole.");
        });
        return command;
    }

    private static Command CreateExport(CommandScope scope)
    {
        var name = PracticeArgument();
        var appointments = new Option<string>("--appointments") { Description = "The log of this practitioner's diary instead of the practice's", HelpName = "LOGIN" };
        var file = new Option<string>("--output") { Description = "The file to write: CSV when it ends in .csv, else JSON lines", HelpName = "FILE", Required = true };
        var command = new Command("export", "Write an audit log to a file, with numbers and hashes") { name, appointments, file };
        command.SetAction(async (parsed, cancelled) =>
        {
            await using var open = await scope.OpenAsync(parsed);
            var (practice, people) = await FindAsync(open.Store, parsed.GetRequiredValue(name));
            var view = ViewOf(practice, people, parsed.GetValue(appointments));
            var path = scope.PathOf(parsed.GetRequiredValue(file));
            var line = PracticeAudit.Line(practice.Id, SystemClock.Instance.GetCurrentInstant(), AuditActor.Command, AuditAction.AuditExported);
            await StoreChange.ApplyAsync(open.Store, line);
            var audit = new AuditFile(open.Store, view, id => people.FirstOrDefault(person => person.Id == id)?.DisplayName);
            try
            {
                await using var output = new FileStream(path, FileMode.CreateNew);
                if (path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase)) await audit.WriteCsvAsync(output, cancelled);
                else await audit.WriteJsonLinesAsync(output, cancelled);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw new CommandFailure($"The file cannot be written: {Sentence.Of(failure)}");
            }
        });
        return command;
    }

    private static Argument<string> PracticeArgument() => new("PRACTICE") { Description = "Name of the practice group" };

    private static AuditView ViewOf(PracticeGroup practice, IReadOnlyList<Principal> people, string? login)
    {
        if (login is null) return new AuditView(PracticeAudit.Log, practice.Id, null);
        var person = people.FirstOrDefault(person => person.Login == LoginName.Normalise(login) && person.Role == PrincipalRole.Practitioner)
            ?? throw new CommandFailure($"'{practice.Name}' has no practitioner with the login '{login}'.", ExitCode.NotFound);
        return new AuditView(DiaryAudit.Log, person.Id, null);
    }

    private static IEnumerable<(string Title, AuditView View)> Views(PracticeGroup practice, IReadOnlyList<Principal> people) =>
    [
        (practice.Name, new AuditView(PracticeAudit.Log, practice.Id, null)),
        .. people.Where(person => person.Role == PrincipalRole.Practitioner)
            .Select(person => ($"Diary of {person.DisplayName}", new AuditView(DiaryAudit.Log, person.Id, null))),
    ];

    private static async Task<(PracticeGroup Practice, IReadOnlyList<Principal> People)> FindAsync(ICalendarStore store, string name)
    {
        var practice = await new PracticeDirectory(store, SystemClock.Instance).FindPracticeAsync(name)
            ?? throw new CommandFailure($"There is no practice group named '{name}'.", ExitCode.NotFound);
        using var snapshot = await store.OpenSnapshotAsync();
        return (practice, await snapshot.ListPrincipalsAsync(practice.Id));
    }
}
