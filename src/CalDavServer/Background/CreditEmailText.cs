using CalDavServer.Mail;
using CalDavServer.Web.Pages.Settings.Integrations;
using Practice.Subscriptions;

namespace CalDavServer.Background;

/// <summary>What is written to people about credits. No names, as in every e-mail (<see cref="Emails"/>).</summary>
internal static class CreditEmailText
{
    /// <summary>Credits are missing for a renewal, or a subscription has ended for want of them.</summary>
    public static Email Of(DueEmail due, Uri? publicAddress)
    {
        var (account, standing) = (due.Account, due.Standing);
        var isOwn = due.Recipient.Id == standing.Practitioner.Id;
        var (whose, devices) = isOwn ? ("your calendar synchronisation", "your devices") : ("the calendar synchronisation of a practitioner of your practice", "devices");
        var day = SubscriptionWords.Day(due.Email.Due);
        var hasEnded = due.Email.DaysBefore == 0;
        var missing = SubscriptionWords.Missing(account.MissingFor(standing));
        var (subject, what) = hasEnded
            ? ("Calendar synchronisation has ended", $"{Capital(whose)} has ended: the practice did not have the {Subscription.Price} credits for the {Subscription.PeriodDays} days from {day}.")
            : ($"Calendar synchronisation ends on {day}: {missing}", $"{missing} for the renewal of {whose} on {day}. Without them it ends then.");
        var toDo = (isOwn, hasEnded) switch
        {
            (true, false) => "Ask an administrator of your practice to have credits added. See how it stands:",
            (true, true) => "Ask an administrator of your practice to have credits added, and buy it again:",
            (false, false) => "How to get credits, and what they are used for:",
            (false, true) => "Have credits added, and buy it again:",
        };
        var page = isOwn || hasEnded ? "settings/integrations" : "settings/credits";
        return new Email(due.Recipient.Email!, subject, $"""
            Hello,

            {what} The practice has {SubscriptionWords.Credits(account.Balance)}; calendar synchronisation costs {Subscription.Price} credits every {Subscription.PeriodDays} days.

            {(hasEnded ? Capital(devices) : $"After that {devices}")} still show the calendar, but changes made on them are refused. Nothing is deleted, and when it is bought again everything catches up.

            {toDo}

            {(publicAddress is null ? "Settings > Integrations" : new Uri(publicAddress, page))}

            Days begin and end in the practice's time zone, {account.Practice.ZoneId}.

            """);
    }

    private static string Capital(string words) => $"{char.ToUpperInvariant(words[0])}{words[1..]}";
}
