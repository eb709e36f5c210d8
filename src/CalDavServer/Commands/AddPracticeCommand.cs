using System.CommandLine;
using NodaTime;
using Practice.Groups;

namespace CalDavServer.Commands;

/// <summary><c>add-practice NAME --zone ZONE [--subscriptions]</c></summary>
internal static class AddPracticeCommand
{
    public static Command Create(CommandScope scope)
    {
        var name = new Argument<string>("NAME") { Description = "The practice group's name; its calendars are named HX_NAME" };
        var zone = new Option<string>("--zone") { Description = "Time zone, e.g. Australia/Melbourne", Required = true, HelpName = "ZONE" };
        var subscriptions = new Option<bool>("--subscriptions")
        {
            Description = "Calendar synchronisation is paid for with credits, for each practitioner; without this option every practitioner has it at no charge",
        };
        var command = new Command("add-practice", "Make a practice group") { name, zone, subscriptions };
        command.SetAction(async parsed =>
        {
            await using var open = await scope.OpenOrCreateAsync(parsed);
            var directory = new PracticeDirectory(open.Store, SystemClock.Instance);
            var practice = await directory.CreatePracticeAsync(parsed.GetRequiredValue(name), parsed.GetRequiredValue(zone), billing: parsed.GetValue(subscriptions));
            var output = parsed.InvocationConfiguration.Output;
            await output.WriteLineAsync($"Made the practice group {practice.Name} ({practice.ZoneId}), id {practice.Id}.");
        });
        return command;
    }
}
