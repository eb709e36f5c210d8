using System.CommandLine;
using System.CommandLine.Invocation;
using CalDavServer.Options;
using CalDavServer.Storage;
using Calendaring.Store;
using Practice.Groups;
using Practice.Subscriptions;

namespace CalDavServer.Commands;

/// <summary>The commands as a whole.</summary>
internal static class CommandLine
{
    private const string Description =
        """
        CalendarSync: a practitioner's calendar, served over CalDAV.
        Exit codes: 0 done, 1 failed, 2 wrong command line, 3 not found.
        """;

    /// <summary>Runs the program's command line. A data folder that a server has open is changed by that server.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        PrivateFiles.Begin();
        var person = new LocalOperator(error);
        var scope = CommandScope.Create(serving: null, Environment.CurrentDirectory, person);
        var root = Create(scope);
        var serve = new ServeCommand(scope.Data);
        var serveCommand = new Command("serve", "Serve calendars (the default when no command is named)");
        serve.AddTo(serveCommand);
        serve.AddTo(root);
        root.Add(serveCommand);
        root.Add(HealthCommand.Create());

        var parsed = root.Parse(args);
        var isServe = parsed.CommandResult.Command == root || parsed.CommandResult.Command == serveCommand;
        using var interrupt = isServe ? null : new Interruption();
        var cancelled = interrupt?.Token ?? CancellationToken.None;
        try
        {
            return await InvokeAsync(parsed, output, error, cancelled);
        }
        catch (OperationCanceledException) when (cancelled.IsCancellationRequested)
        {
            await error.WriteLineAsync("Cancelled. No partial changes were made.");
            return ExitCode.Failure;
        }
        catch (StoreException failure)
        {
            var folder = parsed.GetRequiredValue(scope.Data);
            try
            {
                if (!isServe && await CommandChannel.TryForwardAsync(folder, args, person, output, error, cancelled) is { } code) return code;
            }
            catch (OperationCanceledException)
            {
                await error.WriteLineAsync("Cancelled: the server was told to stop the command.");
                return ExitCode.Failure;
            }

            await error.WriteLineAsync(failure.Message);
            return ExitCode.Failure;
        }
    }

    /// <summary>Runs a command inside a server, on its store.</summary>
    public static async Task<int> RunInServerAsync(
        ServedFolder served, string directory, string[] args, Operator person, TextWriter output, TextWriter error, CancellationToken cancelled)
    {
        try
        {
            return await InvokeAsync(Create(CommandScope.Create(served, directory, person)).Parse(args), output, error, cancelled);
        }
        catch (Exception failure)
        {
            // whatever a command does, the server goes on
            await error.WriteLineAsync(failure is StoreException ? failure.Message : $"The command failed ({failure.GetType().Name}).");
            return ExitCode.Failure;
        }
    }

    private static RootCommand Create(CommandScope scope) => new(Description)
    {
        scope.Data,
        AddPracticeCommand.Create(scope),
        RenamePracticeCommand.Create(scope),
        AddUserCommand.Create(scope),
        AppPasswordCommand.Create(scope),
        PagePasswordCommand.Create(scope),
        CreditsCommand.Create(scope),
        PaymentBandCommand.Create(scope),
        ImportUsersCommand.Create(scope),
        CheckCommand.Create(scope),
        BackupCommand.Create(scope),
        RestoreCommand.Create(scope),
        ExportCommand.Create(scope),
        ErasePractitionerCommand.Create(scope),
        AuditCommand.Create(scope),
        BridgeCommand.Create(scope),
    };

    private static async Task<int> InvokeAsync(ParseResult parsed, TextWriter output, TextWriter error, CancellationToken cancelled)
    {
        if (parsed.Action is ParseErrorAction wrong) wrong.ShowHelp = false;

        // the web host handles signals itself, so that requests under way are finished
        var invocation = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
            Output = output,
            Error = error,
        };
        try
        {
            var code = await parsed.InvokeAsync(invocation, cancelled);
            return parsed.Action is ParseErrorAction ? ExitCode.Usage : code;
        }
        catch (CommandFailure failure)
        {
            await error.WriteLineAsync(failure.Message);
            return failure.Code;
        }
        catch (Exception failure) when (failure is PracticeDirectoryException or BillingException)
        {
            await error.WriteLineAsync(failure.Message);
            return ExitCode.Failure;
        }
    }
}
