using System.CommandLine;
using CalDavServer.Operations.Backups;
using Calendaring.Store.Sqlite;

namespace CalDavServer.Operations.Commands;

/// <summary><c>restore DIR [--replace]</c>: never inside a server.</summary>
internal static class RestoreCommand
{
    public static Command Create(CommandScope scope)
    {
        var source = new Argument<string>("DIR") { Description = "The backup" };
        var replace = new Option<bool>("--replace") { Description = "Put data that is there aside, in a folder replaced-… in the data folder" };
        var command = new Command("restore", "Put a backup in the place of the data, while no server runs") { source, replace };
        command.SetAction(async (parsed, cancelled) =>
        {
            if (scope.Serving is not null) throw new CommandFailure("A server has the data open: stop it first.");
            var folder = scope.FolderOf(parsed);
            var path = scope.PathOf(parsed.GetRequiredValue(source));
            string? aside = null;
            await DiskFailures.InSentencesAsync(async () =>
                aside = await new Restore(folder, scope.Operator).RunAsync(path, parsed.GetValue(replace), cancelled));
            await using var store = (SqliteStore)(await scope.OpenAsync(parsed)).Store;
            var faults = await store.CheckAsync(scope.Operator.Watch("Checking what was restored"), cancelled);
            foreach (var fault in faults) await parsed.InvocationConfiguration.Error.WriteLineAsync(fault);
            if (faults.Count > 0) throw new CommandFailure("The backup was restored, and has faults.");
            var output = parsed.InvocationConfiguration.Output;
            await output.WriteLineAsync($"The backup was restored to {folder}, and was checked.");
            if (aside is not null) await output.WriteLineAsync($"What was there before is in {aside}: remove it when you need it no more.");
        });
        return command;
    }
}
