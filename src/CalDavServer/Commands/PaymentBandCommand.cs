using System.CommandLine;
using NodaTime;
using Practice.Groups;
using Practice.Subscriptions;

namespace CalDavServer.Commands;

/// <summary><c>payment-band PRACTICE BAND</c></summary>
internal static class PaymentBandCommand
{
    public static Command Create(CommandScope scope)
    {
        var practice = new Argument<string>("PRACTICE") { Description = "Name or id of the practice group" };
        var band = new Argument<string>("BAND") { Description = "standard, silver, gold or platinum: from silver on, calendar synchronisation is free" };
        band.AcceptOnlyFromAmong("standard", "silver", "gold", "platinum");
        var command = new Command("payment-band", "Put a practice group into a payment band") { practice, band };
        command.SetAction(async parsed =>
        {
            await using var open = await scope.OpenAsync(parsed);
            var group = await AddUserCommand.FindPracticeAsync(new PracticeDirectory(open.Store, SystemClock.Instance), parsed.GetRequiredValue(practice));
            var billing = new Billing(open.Store, SystemClock.Instance);
            await billing.SetBandAsync(group.Id, Enum.Parse<PaymentBand>(parsed.GetRequiredValue(band), ignoreCase: true));
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"{group.Name} is in the payment band {parsed.GetRequiredValue(band)}.");
        });
        return command;
    }
}
