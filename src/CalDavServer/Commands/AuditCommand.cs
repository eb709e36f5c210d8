using System.CommandLine;
using CalDavServer.Background.Anchors;
using CalDavServer.Http;
using CalDavServer.Options;
using CalDavServer.Storage;
using CalDavServer.Web.Audit;
using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Audit;
using Practice.Groups;

namespace CalDavServer.Commands;

/// <summary><c>audit verify PRACTICE</c>, <c>audit anchor</c>, <c>audit export PRACTICE</c></summary>
internal static class AuditCommand
{
    public static Command Create(CommandScope scope) => new("audit", "Verify and export a practice's audit logs") { CreateVerify(scope), CreateAnchor(scope), CreateExport(scope) };

    private static Command CreateVerify(CommandScope scope)
    {
        var name = PracticeArgument();
        var expect = new Option<string[]>("--expect") { Description = "A hash that must be in one of the chains: the last hash of an earlier verification", HelpName = "HASH" };
        var anchors = new Option<string?>("--anchors") { Description = "A file of anchors: each must be signed by this server and be in one of the chains", HelpName = "FILE" };
        var command = new Command("verify", "Verify the chains of hashes, and print each log's length and last hash") { name, expect, anchors };
        command.SetAction(async (parsed, cancelled) =>
        {
            await using var open = await scope.OpenAsync(parsed);
            var (practice, people) = await FindAsync(open.Store, parsed.GetRequiredValue(name), cancelled);
            var expected = new AuditExpectation(parsed.GetValue(expect) ?? []);
            if (parsed.GetValue(anchors) is { } file) await expected.AddAnchorsAsync(scope.PathOf(file), DataFolder.KeysOf(scope.FolderOf(parsed)), cancelled);
            var verification = new AuditVerification(open.Store, parsed.InvocationConfiguration.Output, expected);
            await verification.RunAsync(practice, people, cancelled);
            if (verification.Summary() is { } fault) throw new CommandFailure(fault);
        });
        return command;
    }

    private static Command CreateAnchor(CommandScope scope)
    {
        var file = new Option<string>("--output") { Description = "The file that they are added to, outside the data folder", HelpName = "FILE", Required = true };
        var command = new Command("anchor", "Add the number and hash of the last line of every log to a file, signed") { file };
        command.SetAction(async (parsed, cancelled) =>
        {
            await using var open = await scope.OpenAsync(parsed);
            var path = scope.PathOf(parsed.GetRequiredValue(file));
            if (AnchorBook.IsInside(path, scope.FolderOf(parsed))) throw new CommandFailure("That file is in the data folder: what can be changed there could be changed with it. Name one elsewhere.");
            try
            {
                using var key = AnchorKey.Open(DataFolder.KeysOf(scope.FolderOf(parsed)));
                var anchors = await AnchorBook.MakeAsync(open.Store, key, SystemClock.Instance.GetCurrentInstant(), cancelled);
                await AnchorBook.AppendAsync(path, anchors, cancelled);
                await parsed.InvocationConfiguration.Output.WriteLineAsync($"{anchors.Count} anchors were added to {path}.");
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw new CommandFailure($"The file cannot be written: {Sentence.Of(failure)}");
            }
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
            var (practice, people) = await FindAsync(open.Store, parsed.GetRequiredValue(name), cancelled);
            var view = ViewOf(practice, people, parsed.GetValue(appointments));
            var path = scope.PathOf(parsed.GetRequiredValue(file));
            var line = PracticeAudit.Line(practice.Id, SystemClock.Instance.GetCurrentInstant(), AuditActor.Command, AuditAction.AuditExported);
            await StoreChange.ApplyAsync(open.Store, line);
            var audit = new AuditFile(new AuditBook(open.Store, SystemClock.Instance), view, id => people.FirstOrDefault(person => person.Id == id)?.DisplayName);
            try
            {
                await using var output = PrivateFiles.Create(path);
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

    private static async Task<(PracticeGroup Practice, IReadOnlyList<Principal> People)> FindAsync(ICalendarStore store, string name, CancellationToken cancelled)
    {
        var practice = await new PracticeDirectory(store, SystemClock.Instance).FindPracticeAsync(name, cancelled)
            ?? throw new CommandFailure($"There is no practice group named '{name}'.", ExitCode.NotFound);
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return (practice, await snapshot.ListPrincipalsAsync(practice.Id));
    }
}
