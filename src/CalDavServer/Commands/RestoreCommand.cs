using System.CommandLine;
using CalDavServer.Options;
using CalDavServer.Storage.Backups;

namespace CalDavServer.Commands;

/// <summary><c>restore DIR [--replace]</c>: never inside a server.</summary>
internal static class RestoreCommand
{
    public static Command Create(CommandScope scope)
    {
        var source = new Argument<string>("DIR") { Description = "The backup" };
        var replace = new Option<bool>("--replace") { Description = "Move the data that is there aside, into a folder replaced-… in the data folder" };
        var revive = new Option<bool>("--revive") { Description = "Bring back what was taken away since the backup (app passwords, access, passwords, feeds), without asking" };
        var command = new Command("restore", "Replace the data with a backup, while no server runs") { source, replace, revive };
        command.SetAction(async (parsed, cancelled) =>
        {
            if (scope.Serving is not null) throw new CommandFailure("A server has the data open: stop it first.");
            var folder = scope.FolderOf(parsed);
            var path = scope.PathOf(parsed.GetRequiredValue(source));
            RestoreOutcome? outcome = null;
            await DiskFailures.InSentencesAsync(async () =>
                outcome = await new Restore(folder, scope.Operator).RunAsync(path, parsed.GetValue(replace), parsed.GetValue(revive), cancelled));
            await using var store = await scope.OpenAsync(parsed);
            var faults = await store.File.CheckAsync(scope.Operator.Watch("Checking what was restored"), cancelled);
            foreach (var fault in faults) await parsed.InvocationConfiguration.Error.WriteLineAsync(fault);
            if (faults.Count > 0) throw new CommandFailure("The backup was restored, and has faults.");
            var output = parsed.InvocationConfiguration.Output;
            await output.WriteLineAsync($"The backup was restored to {folder}, and was checked.");
            await output.WriteLineAsync("Everybody is signed out of the pages, and links to set a password no longer work.");
            await output.WriteLineAsync(WordsOf(outcome!));
            if (outcome!.Aside is { } aside) await output.WriteLineAsync($"What was there before is in {aside}: remove it when you no longer need it.");
        });
        return command;
    }

    private static string WordsOf(RestoreOutcome outcome) => outcome switch
    {
        { Revoked: null } => "What was revoked after the backup was made works again, because there was nothing to compare it with: review people, app passwords and feeds.",
        { Revoked.Count: 0 } => "Nothing had been revoked since the backup was made.",
        _ => $"Since the backup was made the following had been taken away or changed, and {(outcome.Revived ? "is again as it was in the backup" : "stays so")}:\n{string.Join('\n', outcome.Revoked.Select(one => "  " + one))}",
    };
}
