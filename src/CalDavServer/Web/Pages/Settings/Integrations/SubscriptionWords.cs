using System.Globalization;
using NodaTime;
using Practice.Subscriptions;

namespace CalDavServer.Web.Pages.Settings.Integrations;

/// <summary>A subscription in words. "You" is the practitioner; an administrator reads the same of somebody else without it.</summary>
internal static class SubscriptionWords
{
    /// <summary>A day, as people say it.</summary>
    public static string Day(LocalDate day) => day.ToString("dddd d MMMM uuuu", CultureInfo.InvariantCulture);

    /// <summary>The word on the badge, and the badge's class.</summary>
    public static (string Word, string Kind) Badge(SubscriptionState state) => state switch
    {
        SubscriptionState.Trial => ("Free days", "good"),
        SubscriptionState.Active => ("Active", "good"),
        SubscriptionState.Ending => ("Cancelled", "warn"),
        SubscriptionState.Lapsed => ("Ended", "bad"),
        SubscriptionState.Free => ("Free", "good"),
        _ => ("Not bought", ""),
    };

    /// <summary>How it stands, and what happens next.</summary>
    public static string Sentence(PracticeAccount account, Standing standing) => standing switch
    {
        { State: SubscriptionState.Free } => $"Free of charge: the practice is in the payment band {account.Practice.PaymentBand}.",
        { Subscription: null } => $"The first {Subscription.PeriodDays} days are free. After that it costs {Subscription.Price} credits every {Subscription.PeriodDays} days.",
        { State: SubscriptionState.Trial, Subscription: var free } =>
            $"Free until the end of {Day(free.LastDay)}. The first {Subscription.Price} credits are due on {Day(free.Ends)}.",
        { State: SubscriptionState.Active, Subscription: var paid } =>
            $"Paid for until the end of {Day(paid.LastDay)}. The next {Subscription.Price} credits are due on {Day(paid.Ends)}.",
        { State: SubscriptionState.Ending, Subscription: var ending } =>
            $"It continues until the end of {Day(ending.LastDay)}, and nothing more is charged.",
        { Subscription: { End: SubscriptionEnd.NoCredits } ended } =>
            $"Ended after {Day(ended.LastDay)}: the practice did not have the {Subscription.Price} credits for the next {Subscription.PeriodDays} days.",
        { Subscription: { End: SubscriptionEnd.Deactivated } ended } =>
            $"Ended after {Day(ended.LastDay)}: the next {Subscription.PeriodDays} days fell due while the practitioner had no access.",
        { Subscription: { Renews: true } due } => $"The period ended after {Day(due.LastDay)}. It is being renewed: look again in a moment.",
        { Subscription: var cancelled } => $"It was cancelled, and ended after {Day(cancelled.LastDay)}.",
    };

    /// <summary>What is missing for the next renewal when it is near; null when all is well or it is far off.</summary>
    public static string? Warning(PracticeAccount account, Standing standing)
    {
        if (account.IsFree || !standing.MayCancel || standing.Subscription is not { } running) return null;
        var given = account.Notices.Any(notice => notice.PractitionerId == standing.Practitioner.Id && notice.Due == running.Ends);
        return given && account.MissingFor(standing) is > 0 and var missing
            ? $"{Missing(missing)} for the renewal on {Day(running.Ends)}. Without them calendar synchronisation ends then."
            : null;
    }

    /// <summary>How many credits are missing.</summary>
    public static string Missing(long number) => $"{Credits(number)} {(number == 1 ? "is" : "are")} missing";

    /// <summary>A number of credits.</summary>
    public static string Credits(long number) => number == 1 ? "1 credit" : $"{number} credits";

    /// <summary>What buying now costs now, and when the first charge after that is.</summary>
    public static string FirstCharge(PracticeAccount account, Standing standing) => standing switch
    {
        { IsChargedAtOnce: true } => $"{Subscription.Price} credits now, for the time until the end of {Day(standing.Subscription!.Charge(account.Today).LastDay)}",
        { Subscription: { } running } => $"nothing now; {Subscription.Price} credits on {Day(running.Ends)}",
        _ => $"nothing now; {Subscription.Price} credits on {Day(Subscription.Begin(account.Today).Ends)}",
    };
}
