using System.CommandLine;
using NodaTime;
using Practice.Audit;
using Practice.Groups;

namespace CalDavServer.Commands;

/// <summary><c>rename-practice PRACTICE NAME</c></summary>
internal static class RenamePracticeCommand
{
    public static Command Create(CommandScope scope)
    {
        var practice = new Argument<string>("PRACTICE") { Description = "Name or id of the practice group" };
        var name = new Argument<string>("NAME") { Description = "Its new name; its calendars are named HX_NAME from then on" };
        var command = new Command("rename-practice", "Give a practice group another name") { practice, name };
        command.SetAction(async parsed =>
        {
            await using var open = await scope.OpenAsync(parsed);
            var group = await AddUserCommand.FindPracticeAsync(new PracticeDirectory(open.Store, SystemClock.Instance), parsed.GetRequiredValue(practice));
            var renamed = parsed.GetRequiredValue(name).Trim();
            await new PracticeNames(open.Store, SystemClock.Instance).RenameAsync(group.Id, renamed, AuditActor.Command);
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"{group.Name} is now named {renamed}.");
        });
        return command;
    }
}
