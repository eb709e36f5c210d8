using System.CommandLine;
using System.CommandLine.Invocation;
using CalDavServer.Operations;
using CalDavServer.Operations.Commands;
using Calendaring.Store;
using Practice.Groups;

var data = new Option<string>("--data")
{
    Description = "The data folder",
    HelpName = "DIR",
    Recursive = true,
    DefaultValueFactory = _ => Settings.DefaultDataFolder,
};
var serve = new ServeCommand(data);
var serveCommand = new Command("serve", "Serve calendars (also when no command is named)");
serve.AddTo(serveCommand);
var root = new RootCommand("CalendarSync: a practitioner's calendar, served over CalDAV.\nExit codes: 0 done, 1 failed, 2 wrong command line, 3 not found. All but serve and health are for a stopped server.")
{
    data,
    serveCommand,
    AddPracticeCommand.Create(data),
    AddUserCommand.Create(data),
    AppPasswordCommand.Create(data),
    ImportUsersCommand.Create(data),
    CheckCommand.Create(data),
    HealthCommand.Create(),
};
serve.AddTo(root);

var parsed = root.Parse(args);
if (parsed.Action is ParseErrorAction wrong) wrong.ShowHelp = false;

// the web host handles signals itself, so that requests under way are finished
var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
try
{
    var code = await parsed.InvokeAsync(invocation);
    return parsed.Action is ParseErrorAction ? ExitCode.Usage : code;
}
catch (CommandFailure failure)
{
    await Console.Error.WriteLineAsync(failure.Message);
    return failure.Code;
}
catch (Exception failure) when (failure is StoreException or PracticeDirectoryException)
{
    await Console.Error.WriteLineAsync(failure.Message);
    return ExitCode.Failure;
}
