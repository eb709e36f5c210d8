using System.CommandLine;
using CalDavServer.Storage.Backups;

namespace CalDavServer.Commands;

/// <summary><c>backup DIR</c></summary>
internal static class BackupCommand
{
    public static Command Create(CommandScope scope)
    {
        var target = new Argument<string>("DIR") { Description = "The folder to make for the backup; it must not exist yet" };
        var command = new Command("backup", "Copy all data to a new folder while the server runs, and check the copy") { target };
        command.SetAction(async (parsed, cancelled) =>
        {
            await using var open = await scope.OpenAsync(parsed);
            var path = scope.PathOf(parsed.GetRequiredValue(target));
            await DiskFailures.InSentencesAsync(() => BackupFolder.WriteAsync(open.File, scope.FolderOf(parsed), path, scope.Operator, cancelled));
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                $"The backup is {path}, and was checked. It contains the keys to its secrets: keep it where only you can read it.");
        });
        return command;
    }
}
