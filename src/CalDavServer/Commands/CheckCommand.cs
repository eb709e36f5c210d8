using System.CommandLine;
using CalDavServer.Options;

namespace CalDavServer.Commands;

/// <summary><c>check</c></summary>
internal static class CheckCommand
{
    public static Command Create(CommandScope scope)
    {
        var command = new Command("check", "Check everything that is stored: the file's structure, each object's hash, each index row, each log's chain");
        command.SetAction(async (parsed, cancelled) =>
        {
            await using var open = await scope.OpenAsync(parsed);
            var faults = await open.File.CheckAsync(scope.Operator.Watch("Checking"), cancelled);
            foreach (var fault in faults) await parsed.InvocationConfiguration.Error.WriteLineAsync(fault);
            if (faults.Count > 0) throw new CommandFailure(faults.Count == 1 ? "1 fault was found." : $"{faults.Count} faults were found.");
            await parsed.InvocationConfiguration.Output.WriteLineAsync("No faults were found.");
        });
        return command;
    }
}
