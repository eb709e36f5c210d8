using Calendaring.Store;
using NodaTime;
using Practice.Audit;
using Practice.Groups;
using Practice.Hx;
using Practice.Subscriptions;

namespace Practice.Tests.Subscriptions;

/// <summary>
/// A random history of one practice group, and what must be so after each of its steps. What is expected follows from what succeeded (free
/// days, cancellations, bands) and from the ledger: it shares no code with what decides.
/// </summary>
internal sealed class History(ICalendarStore store, StandingClock clock, PracticeGroup practice, IReadOnlyList<Principal> practitioners, Principal administrator, Random random)
{
    private readonly Dictionary<string, Instant> _trialBegan = [];
    private readonly HashSet<string> _cancelled = [];
    private readonly HashSet<string> _setUp = [];
    private PaymentBand _band;
    private long _linesSeen;

    private Billing Sound => new(store, clock);

    private DateTimeZone Zone => DateTimeZoneProviders.Tzdb[practice.ZoneId];

    public async Task StepAsync()
    {
        // what somebody else renews before a cancellation in the same step was due still
        HashSet<string> cancelledBefore = [.. _cancelled];
        var practitioner = practitioners[random.Next(practitioners.Count)];
        var meddling = MeddlingStore.Over(store, random.Next(3) == 0 ? (Mishap)random.Next(4) : Mishap.None, OtherAsync);
        var billing = new Billing(meddling, clock);
        switch (random.Next(12))
        {
            case 0 or 1:
                await BuyAsync(billing, practitioner);
                break;
            case 2:
                await CancelAsync(billing, practitioner);
                break;
            case 3:
                await TryAsync(() => billing.SetUpAsync(practitioner, AuditActor.OnPages(practitioner, "session")), async () =>
                {
                    if (await StateAsync(practitioner) != HxState.NotStarted) _setUp.Add(practitioner.Id);
                });
                break;
            case 4:
                await TryAsync(() => billing.AddCreditsAsync(practice.Id, random.Next(1, 60), "paid"));
                break;
            case 5 when random.Next(3) == 0:
                await SetBandAsync(billing, (PaymentBand)random.Next(4));
                break;
            case 6 or 7 or 8:
                await PassTimeAsync();
                break;
            default:
                await TryAsync(() => billing.RenewAsync(practice.Id));
                break;
        }

        await CheckAsync(cancelledBefore);
    }

    /// <summary>What somebody else does in between: renew, buy, or add credits.</summary>
    private async Task OtherAsync()
    {
        var practitioner = practitioners[random.Next(practitioners.Count)];
        switch (random.Next(3))
        {
            case 0:
                await BuyAsync(Sound, practitioner);
                break;
            case 1:
                await TryAsync(() => Sound.AddCreditsAsync(practice.Id, 25, "paid in between"));
                break;
            default:
                await TryAsync(() => Sound.RenewAsync(practice.Id));
                break;
        }
    }

    private async Task BuyAsync(Billing billing, Principal practitioner)
    {
        await TryAsync(
            () =>
            {
                var buyer = random.Next(2) == 0 ? practitioner : administrator;
                return billing.BuyAsync(practitioner.Id, buyer, AuditActor.OnPages(buyer, "session"));
            },
            async () =>
            {
                if ((await Sound.FindAsync(practice.Id))!.Find(practitioner.Id)!.Subscription is not { } bought) return;
                _trialBegan.TryAdd(practitioner.Id, clock.Now);
                if (bought.Renews) _cancelled.Remove(practitioner.Id);
            });
    }

    private Task CancelAsync(Billing billing, Principal practitioner) => TryAsync(
        () => billing.CancelAsync(practitioner.Id, practitioner, AuditActor.OnPages(practitioner, "session")),
        async () =>
        {
            if ((await Sound.FindAsync(practice.Id))!.Find(practitioner.Id)!.Subscription is { End: SubscriptionEnd.Cancelled }) _cancelled.Add(practitioner.Id);
        });

    private Task SetBandAsync(Billing billing, PaymentBand band) => TryAsync(
        () => billing.SetBandAsync(practice.Id, band),
        async () => _band = (await Sound.FindAsync(practice.Id))!.Practice.PaymentBand);

    private async Task PassTimeAsync()
    {
        clock.Now += random.Next(4) switch
        {
            0 => Duration.FromMinutes(random.Next(1, 600)),
            1 => Duration.FromDays(random.Next(1, 8)),
            2 => Duration.FromDays(random.Next(20, 40)),
            _ => Duration.FromDays(random.Next(1, 200)),
        };
        if (random.Next(3) != 0) return;

        // exactly at, or just before, the end of somebody's period
        var ends = (await Sound.FindAsync(practice.Id))!.Standings
            .Where(standing => standing.Subscription is not null)
            .Select(standing => standing.Subscription!.Ends.AtStartOfDayInZone(Zone).ToInstant() - Duration.FromMilliseconds(random.Next(2)))
            .Where(moment => moment > clock.Now)
            .ToList();
        if (ends.Count > 0) clock.Now = ends[random.Next(ends.Count)];
    }

    // a refusal and a crash are ends like another; what was done is then looked up
    private static async Task TryAsync(Func<Task> act, Func<Task>? then = null)
    {
        try
        {
            await act();
        }
        catch (Exception end) when (end is BillingException or CrashException)
        {
        }

        if (then is not null) await then();
    }

    private async Task CheckAsync(HashSet<string> cancelledBefore)
    {
        var lines = (await Sound.ListLinesAsync(practice.Id)).Reverse().ToList();
        CheckLedger(lines, (await Sound.FindAsync(practice.Id))!.Balance);
        foreach (var practitioner in practitioners)
        {
            var charges = lines.Where(line => line.PractitionerId == practitioner.Id).ToList();
            CheckPeriods(practitioner, charges);
            var isPaidFor = IsFree || IsTrial(practitioner) || charges.Any(line => line.At <= clock.Now && clock.Now < EndOf(line.Through!.Value));
            var expected = !_setUp.Contains(practitioner.Id) ? HxState.NotStarted : isPaidFor ? HxState.Active : HxState.Lapsed;
            Assert.Equal(expected, await StateAsync(practitioner));
        }

        Assert.DoesNotContain(
            lines.Skip((int)_linesSeen), line => line.Reason == CreditReason.Renewed && _cancelled.Contains(line.PractitionerId!) && cancelledBefore.Contains(line.PractitionerId!));
        _linesSeen = lines.Count;
    }

    private static void CheckLedger(List<CreditLine> lines, long balance)
    {
        var sum = 0L;
        foreach (var (line, number) in lines.Select((line, index) => (line, index + 1)))
        {
            sum += line.Amount;
            Assert.Equal((number, sum), (line.Number, line.Balance));
            Assert.True(line.Balance >= 0);
            Assert.Equal(line.PractitionerId is null, line.Amount > 0);
        }

        Assert.Equal(sum, balance);
    }

    private void CheckPeriods(Principal practitioner, List<CreditLine> charges)
    {
        var covered = _trialBegan.TryGetValue(practitioner.Id, out var began) ? DayOf(began).PlusDays(30) : (LocalDate?)null;
        foreach (var charge in charges)
        {
            Assert.Equal(-25, charge.Amount);
            Assert.NotNull(covered);
            Assert.True(charge.From > covered, "A day was paid for twice.");
            Assert.Equal(DayOf(charge.At), charge.From);
            Assert.InRange(Period.DaysBetween(charge.From!.Value, charge.Through!.Value), 29, 30);
            covered = charge.Through;
        }
    }

    private bool IsFree => _band != PaymentBand.Standard;

    private bool IsTrial(Principal practitioner) =>
        _trialBegan.TryGetValue(practitioner.Id, out var began) && clock.Now < EndOf(DayOf(began).PlusDays(30));

    private LocalDate DayOf(Instant moment) => moment.InZone(Zone).Date;

    private Instant EndOf(LocalDate lastDay) => lastDay.PlusDays(1).AtStartOfDayInZone(Zone).ToInstant();

    private async Task<HxState> StateAsync(Principal practitioner)
    {
        using var snapshot = await store.OpenSnapshotAsync();
        return (await HxAccess.ReadAsync(snapshot, practitioner.Id, clock.Now)).State;
    }
}
