using System.CommandLine;
using NodaTime;
using Practice.Groups;
using Practice.Subscriptions;

namespace CalDavServer.Commands;

/// <summary><c>credits add PRACTICE N --reason TEXT</c></summary>
internal static class CreditsCommand
{
    public static Command Create(CommandScope scope) => new("credits", "The credits with which practice groups pay for calendar synchronisation") { CreateAdd(scope) };

    private static Command CreateAdd(CommandScope scope)
    {
        var practice = new Argument<string>("PRACTICE") { Description = "Name or id of the practice group" };
        var amount = new Argument<int>("N") { Description = "How many credits" };
        var reason = new Option<string>("--reason") { Description = "What the practice reads in its ledger, e.g. an invoice number", Required = true, HelpName = "TEXT" };
        var command = new Command("add", "Add credits to a practice group, once they have been paid for") { practice, amount, reason };
        command.SetAction(async parsed =>
        {
            await using var open = await scope.OpenAsync(parsed);
            var directory = new PracticeDirectory(open.Store, SystemClock.Instance);
            var group = await AddUserCommand.FindPracticeAsync(directory, parsed.GetRequiredValue(practice));
            var billing = new Billing(open.Store, SystemClock.Instance);
            var balance = await billing.AddCreditsAsync(group.Id, parsed.GetRequiredValue(amount), parsed.GetRequiredValue(reason));
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"{group.Name} has {balance} credits.");
        });
        return command;
    }
}
