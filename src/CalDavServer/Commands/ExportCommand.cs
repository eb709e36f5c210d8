using System.CommandLine;
using CalDavServer.Commands.Exports;
using CalDavServer.Options;
using CalDavServer.Storage.Backups;
using Practice.Groups;

namespace CalDavServer.Commands;

/// <summary><c>export LOGIN TARGET</c></summary>
internal static class ExportCommand
{
    public static Command Create(CommandScope scope)
    {
        var login = new Argument<string>("LOGIN") { Description = "Whose calendars" };
        var target = new Argument<string>("TARGET") { Description = "A folder or .zip file that does not exist yet" };
        var command = new Command("export", "Write a person's calendars as .ics files, and the diary's details as JSON") { login, target };
        command.SetAction(async (parsed, cancelled) =>
        {
            await using var open = await scope.OpenAsync(parsed);
            using var snapshot = await open.Store.OpenSnapshotAsync(cancelled);
            var name = parsed.GetRequiredValue(login);
            var person = (LoginName.Normalise(name) is { } normalised ? await snapshot.FindPrincipalByLoginAsync(normalised) : null)
                ?? throw new CommandFailure($"There is nobody with the login '{name}'.", ExitCode.NotFound);
            var path = scope.PathOf(parsed.GetRequiredValue(target));
            var damaged = 0;
            await DiskFailures.InSentencesAsync(async () =>
            {
                await using var files = ExportFiles.Create(path);
                damaged = await new Export(snapshot, files, scope.Operator.Watch("Exporting")).WriteAsync(person, cancelled);
                files.Complete();
            });
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"Exported to {path}. It is health information: keep it where only you can read it.");
            if (damaged > 0) throw new CommandFailure($"{damaged} objects are damaged in the store, and were left out. The command check names them.");
        });
        return command;
    }
}
