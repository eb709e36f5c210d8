using CalDavServer.Web.Pages.Settings.Integrations;
using CalDavServer.Web.SignIn;
using NodaTime;
using Practice.Subscriptions;

namespace CalDavServer.Web;

/// <summary>What stands on top of every page while credits are missing for a renewal that is near, and for some days after a subscription ended for want of them (R7).</summary>
internal static class CreditBanner
{
    private const int DaysAfterEnd = 14;

    /// <summary>Where the pages about subscriptions are: they say it themselves.</summary>
    public const string Section = "/settings/integrations";

    /// <summary>What concerns a person: a practitioner's own subscription, for an administrator those of the practice.</summary>
    public static IEnumerable<Banner> Of(PracticeAccount account, Person person)
    {
        if (account.IsFree) return [];
        var concerned = account.Standings.Where(standing => person.IsAdministrator || standing.Practitioner.Id == person.Principal.Id).ToList();
        Banner?[] banners = [Near(account, person, concerned), Ended(account, person, concerned)];
        return banners.OfType<Banner>();
    }

    private static Banner? Near(PracticeAccount account, Person person, IEnumerable<Standing> concerned)
    {
        var near = account.Upcoming.Where(standing => concerned.Contains(standing) && SubscriptionWords.Warning(account, standing) is not null).ToList();
        if (near.Count == 0) return null;
        var (day, missing) = (SubscriptionWords.Day(near[0].Subscription!.Ends), SubscriptionWords.Missing(account.MissingFor(near[^1])));
        return person.IsAdministrator
            ? new Banner(
                near is [var one]
                    ? $"{missing} for the renewal of the calendar synchronisation of {one.Practitioner.DisplayName} on {day}. Without them it ends then."
                    : $"{missing} for renewals of the calendar synchronisation of {near.Count} practitioners, the first on {day}. Without them it ends.",
                "/settings/credits",
                "How to get credits")
            : new Banner($"{missing} for the renewal of your calendar synchronisation on {day}. Without them it ends then.", Section, "What to do");
    }

    private static Banner? Ended(PracticeAccount account, Person person, IEnumerable<Standing> concerned)
    {
        var ended = concerned.Where(standing => HasJustEnded(account, standing)).ToList();
        if (ended.Count == 0) return null;
        var whose = !person.IsAdministrator ? "Your calendar synchronisation"
            : ended is [var one] ? $"The calendar synchronisation of {one.Practitioner.DisplayName}"
            : $"The calendar synchronisation of {ended.Count} practitioners";
        return new Banner(
            $"{whose} has ended: the practice did not have the credits for it. Devices still show the calendar, but changes made on them are refused.", Section, "Buy it again");
    }

    private static bool HasJustEnded(PracticeAccount account, Standing standing) =>
        standing is { IsHere: true, State: SubscriptionState.Lapsed, Subscription: { End: SubscriptionEnd.NoCredits } ended }
        && Period.DaysBetween(ended.Ends, account.Today) <= DaysAfterEnd;
}

/// <summary>Finds the banners of a request.</summary>
internal sealed partial class CreditBanners(Billing billing, ILogger<CreditBanners> log)
{
    /// <summary>Those that a page has to show. It never fails: a page is more than its banner.</summary>
    public async Task<IEnumerable<Banner>> FindAsync(HttpContext context)
    {
        if (context.Features.Get<Person>() is not { Practice: { Billing: true } practice } person || context.Request.Path == CreditBanner.Section) return [];
        try
        {
            return await billing.FindAsync(practice.Id, context.RequestAborted) is { } account ? CreditBanner.Of(account, person) : [];
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Failed(log, failure.GetType().Name);
            return [];
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "How subscriptions stand could not be read for a page ({Failure})")]
    private static partial void Failed(ILogger logger, string failure);
}
