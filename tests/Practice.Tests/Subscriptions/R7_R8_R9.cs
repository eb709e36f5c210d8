using Calendaring.Store;
using NodaTime;
using Practice.Audit;
using Practice.Diaries;
using Practice.Groups;
using Practice.Hx;
using Practice.People;
using Practice.Subscriptions;

namespace Practice.Tests.Subscriptions;

/// <summary>R7, R8 and R9 as a practice meets them.</summary>
public sealed class R7_R8_R9_Subscriptions : PracticeFixture
{
    private PracticeGroup _practice = null!;
    private Principal _ada = null!;
    private Principal _bo = null!;
    private Principal _admin = null!;

    private Billing Billing => new(Store, Clock);

    [Fact]
    public async Task R7_The_first_thirty_days_are_free_and_a_period_costs_25_credits()
    {
        await SetUpPracticeAsync(credits: 30);
        await Billing.BuyAsync(_ada.Id, _ada, AuditActor.OnPages(_ada, "session"));
        Assert.Equal(SubscriptionState.Trial, await StateAsync(_ada));
        Assert.Equal(30, (await AccountAsync()).Balance);

        // 2 March 11:00 in Melbourne, 30 whole days after it: daylight saving ends on 5 April
        Clock.Now = Midnight(2026, 4, 2) - Duration.Epsilon;
        await RenewAsync();
        Assert.Equal(SubscriptionState.Trial, await StateAsync(_ada));
        Clock.Now = Midnight(2026, 4, 2);
        Assert.Equal(SubscriptionState.Lapsed, await StateAsync(_ada));
        await RenewAsync();
        Assert.Equal(SubscriptionState.Active, await StateAsync(_ada));
        Assert.Equal(5, (await AccountAsync()).Balance);
        var line = (await Billing.ListLinesAsync(_practice.Id))[0];
        Assert.Equal((-25, CreditReason.Renewed, new LocalDate(2026, 4, 2), new LocalDate(2026, 5, 1)), (line.Amount, line.Reason, line.From, line.Through));
        Clock.Now = Midnight(2026, 5, 2) - Duration.Epsilon;
        Assert.Equal(SubscriptionState.Active, await StateAsync(_ada));
        Clock.Now = Midnight(2026, 5, 2);
        Assert.Equal(SubscriptionState.Lapsed, await StateAsync(_ada));
    }

    [Fact]
    public async Task R7_Renewing_twice_charges_once()
    {
        await SetUpPracticeAsync(credits: 100);
        await Billing.BuyAsync(_ada.Id, _ada, AuditActor.OnPages(_ada, "session"));
        Clock.Now = Midnight(2026, 4, 2);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => new Billing(Store, Clock).RenewAsync(_practice.Id)));
        Assert.Equal(75, (await AccountAsync()).Balance);
    }

    [Fact]
    public async Task R7_Cancelled_it_runs_to_the_end_of_what_is_paid_for_and_nothing_is_refunded()
    {
        await SetUpPracticeAsync(credits: 30);
        await Billing.BuyAsync(_ada.Id, _ada, AuditActor.OnPages(_ada, "session"));
        Clock.Now = Midnight(2026, 4, 2);
        await RenewAsync();
        await Billing.CancelAsync(_ada.Id, _ada, AuditActor.OnPages(_ada, "session"));
        Assert.Equal(SubscriptionState.Ending, await StateAsync(_ada));
        Assert.Equal(5, (await AccountAsync()).Balance);
        Clock.Now = Midnight(2026, 5, 2) - Duration.Epsilon;
        Assert.True((await StandingAsync(_ada)).HasAccess);
        Clock.Now = Midnight(2026, 5, 2);
        await RenewAsync();
        Assert.Equal(SubscriptionState.Lapsed, await StateAsync(_ada));
        Assert.Equal(5, (await AccountAsync()).Balance);
    }

    [Fact]
    public async Task R7_Buying_again_takes_a_cancellation_back_or_charges_at_once()
    {
        await SetUpPracticeAsync(credits: 60);
        await Billing.BuyAsync(_ada.Id, _ada, AuditActor.OnPages(_ada, "session"));
        await Billing.CancelAsync(_ada.Id, _ada, AuditActor.OnPages(_ada, "session"));
        await Billing.BuyAsync(_ada.Id, _ada, AuditActor.OnPages(_ada, "session"));
        Assert.Equal((SubscriptionState.Trial, 60L), (await StateAsync(_ada), (await AccountAsync()).Balance));
        await Billing.CancelAsync(_ada.Id, _ada, AuditActor.OnPages(_ada, "session"));
        Clock.Now = Midnight(2026, 6, 10) + Duration.FromHours(15);
        await RenewAsync();
        Assert.Equal(SubscriptionState.Lapsed, await StateAsync(_ada));
        await Billing.BuyAsync(_ada.Id, _ada, AuditActor.OnPages(_ada, "session"));
        var standing = await StandingAsync(_ada);
        Assert.Equal((SubscriptionState.Active, new LocalDate(2026, 7, 10)), (standing.State, standing.Subscription!.LastDay));
        Assert.Equal(35, (await AccountAsync()).Balance);
        Assert.Equal(BillingFault.Conflict, await FaultAsync(() => Billing.BuyAsync(_ada.Id, _ada, AuditActor.OnPages(_ada, "session"))));
    }

    [Fact]
    public async Task R7_Days_without_access_are_not_paid_for_after_a_downtime()
    {
        await SetUpPracticeAsync(credits: 100);
        await Billing.BuyAsync(_ada.Id, _ada, AuditActor.OnPages(_ada, "session"));
        Clock.Now = Midnight(2026, 8, 20) + Duration.FromHours(9);
        await RenewAsync();
        var standing = await StandingAsync(_ada);
        Assert.Equal((SubscriptionState.Active, new LocalDate(2026, 9, 19)), (standing.State, standing.Subscription!.LastDay));
        Assert.Equal(75, (await AccountAsync()).Balance);
    }

    [Fact]
    public async Task R7_Missing_credits_are_said_seven_days_and_one_day_before_and_then_it_lapses()
    {
        await SetUpPracticeAsync(credits: 30);
        await Billing.BuyAsync(_ada.Id, _ada, AuditActor.OnPages(_ada, "session"));
        Clock.Now += Duration.FromHours(1);
        await Billing.BuyAsync(_bo.Id, _admin, AuditActor.OnPages(_admin, "session"));
        Assert.Equal(Midnight(2026, 3, 26), await Billing.RenewAsync(_practice.Id));
        Assert.Empty((await AccountAsync()).Notices);

        // both are due on one day, and there is enough for one: ada's, by the order of their ids or bo's
        Clock.Now = Midnight(2026, 3, 26);
        Assert.Equal(Midnight(2026, 4, 1), await Billing.RenewAsync(_practice.Id));
        await RenewAsync();
        var notice = Assert.Single((await AccountAsync()).Notices);
        Assert.Equal((7, 20L, new LocalDate(2026, 4, 2)), (notice.DaysBefore, notice.Missing, notice.Due));
        Clock.Now = Midnight(2026, 4, 1);
        Assert.Equal(Midnight(2026, 4, 2), await Billing.RenewAsync(_practice.Id));
        Assert.Equal([7, 1], (await AccountAsync()).Notices.Select(given => given.DaysBefore).OrderDescending());
        Clock.Now = Midnight(2026, 4, 2);
        await RenewAsync();
        var account = await AccountAsync();
        Assert.Equal(5, account.Balance);
        Assert.Equal((SubscriptionState.Lapsed, SubscriptionEnd.NoCredits), (account.Find(notice.PractitionerId)!.State, account.Find(notice.PractitionerId)!.Subscription!.End));
        Assert.Single(account.Standings, standing => standing.State == SubscriptionState.Active);

        // credits alone do not bring it back, buying does
        await Billing.AddCreditsAsync(_practice.Id, 20, "paid");
        await RenewAsync();
        Assert.Equal(25, (await AccountAsync()).Balance);
        await Billing.BuyAsync(notice.PractitionerId, _admin, AuditActor.OnPages(_admin, "session"));
        Assert.Equal(0, (await AccountAsync()).Balance);
    }

    [Fact]
    public async Task R7_Buying_again_without_the_credits_is_refused_and_changes_nothing()
    {
        await SetUpPracticeAsync(credits: 24);
        await Billing.BuyAsync(_ada.Id, _ada, AuditActor.OnPages(_ada, "session"));
        Clock.Now = Midnight(2026, 4, 2);
        await RenewAsync();
        Assert.Equal(BillingFault.NoCredits, await FaultAsync(() => Billing.BuyAsync(_ada.Id, _ada, AuditActor.OnPages(_ada, "session"))));
        Assert.Equal((SubscriptionState.Lapsed, 24L), (await StateAsync(_ada), (await AccountAsync()).Balance));
    }

    [Fact]
    public async Task R7_It_is_free_in_the_silver_gold_and_platinum_bands()
    {
        await SetUpPracticeAsync(credits: 100);
        await Billing.BuyAsync(_ada.Id, _ada, AuditActor.OnPages(_ada, "session"));
        foreach (var band in new[] { PaymentBand.Silver, PaymentBand.Gold, PaymentBand.Platinum })
        {
            await Billing.SetBandAsync(_practice.Id, band);
            Clock.Now += Duration.FromDays(100);
            await RenewAsync();
            Assert.All((await AccountAsync()).Standings, standing => Assert.Equal(SubscriptionState.Free, standing.State));
            Assert.Equal(100, (await AccountAsync()).Balance);
        }

        // tom never bought anything, and sets up while it is free
        await Billing.SetUpAsync(_bo, AuditActor.OnPages(_bo, "session"));
        Assert.Equal(HxState.Active, await AccessAsync(_bo));
        await Billing.SetBandAsync(_practice.Id, PaymentBand.Standard);
        Assert.Equal((SubscriptionState.Active, SubscriptionState.None), (await StateAsync(_ada), await StateAsync(_bo)));
        Assert.Equal((75L, HxState.Lapsed), ((await AccountAsync()).Balance, await AccessAsync(_bo)));
    }

    [Fact]
    public async Task R7_Setting_up_is_noted_in_the_audit_log_once()
    {
        await SetUpPracticeAsync(credits: 100);
        await Billing.BuyAsync(_ada.Id, _ada, AuditActor.OnPages(_ada, "session"));
        await Billing.SetUpAsync(_ada, AuditActor.OnPages(_ada, "session"));
        await Billing.SetUpAsync(_ada, AuditActor.OnPages(_ada, "session"));
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var lines = await AuditLine.ListAsync(snapshot, PracticeAudit.Log, _practice.Id, 0, 100, _ada.Id);
        Assert.Equal(_ada.Id, Assert.Single(lines, line => line.Entry!.Action == AuditAction.SyncSetUp).Entry!.PersonId);
    }

    [Fact]
    public async Task R7_Nobody_pays_for_a_practitioner_who_may_not_sign_in_any_more()
    {
        await SetUpPracticeAsync(credits: 100);
        await Billing.BuyAsync(_ada.Id, _ada, AuditActor.OnPages(_ada, "session"));
        await Store.ApplyAsync(StoreBatch.Of(new SetDeactivated(_ada.Id, Clock.Now)), TestContext.Current.CancellationToken);
        Assert.Null(await Billing.RenewAsync(_practice.Id));
        Clock.Now = Midnight(2026, 4, 2);
        await RenewAsync();
        Assert.Equal((SubscriptionState.Lapsed, 100L), (await StateAsync(_ada), (await AccountAsync()).Balance));
        Assert.Equal(BillingFault.Conflict, await FaultAsync(() => Billing.BuyAsync(_ada.Id, _admin, AuditActor.OnPages(_admin, "session"))));
    }

    [Fact]
    public async Task R7_What_fell_due_while_the_practitioner_had_no_access_has_ended()
    {
        await SetUpPracticeAsync(credits: 100);
        await Billing.BuyAsync(_ada.Id, _ada, AuditActor.OnPages(_ada, "session"));
        var people = new PracticePeople(Store, Clock);
        await people.DeactivateAsync(_practice.Id, AuditActor.OnPages(_admin, "session"), _ada.Id);
        Clock.Now = Midnight(2026, 4, 2);
        await people.ReactivateAsync(_practice.Id, AuditActor.OnPages(_admin, "session"), _ada.Id);
        await RenewAsync();
        var standing = await StandingAsync(_ada);
        Assert.Equal((SubscriptionState.Lapsed, SubscriptionEnd.Deactivated), (standing.State, standing.Subscription!.End));
        Assert.Equal(100, (await AccountAsync()).Balance);
        await Billing.BuyAsync(_ada.Id, _ada, AuditActor.OnPages(_ada, "session"));
        Assert.Equal(75, (await AccountAsync()).Balance);
    }

    [Fact]
    public async Task R7_A_subscription_goes_on_when_access_came_back_before_it_was_due()
    {
        await SetUpPracticeAsync(credits: 100);
        await Billing.BuyAsync(_ada.Id, _ada, AuditActor.OnPages(_ada, "session"));
        var people = new PracticePeople(Store, Clock);
        await people.DeactivateAsync(_practice.Id, AuditActor.OnPages(_admin, "session"), _ada.Id);
        Clock.Now = Midnight(2026, 4, 1);
        await people.ReactivateAsync(_practice.Id, AuditActor.OnPages(_admin, "session"), _ada.Id);
        Clock.Now = Midnight(2026, 4, 2);
        await RenewAsync();
        Assert.Equal((SubscriptionState.Active, 75L), (await StateAsync(_ada), (await AccountAsync()).Balance));
    }

    [Fact]
    public async Task R7_What_is_cancelled_in_a_free_band_is_not_charged_after_it()
    {
        await SetUpPracticeAsync(credits: 100);
        await Billing.BuyAsync(_ada.Id, _ada, AuditActor.OnPages(_ada, "session"));
        await Billing.SetBandAsync(_practice.Id, PaymentBand.Silver);
        Clock.Now = Midnight(2026, 5, 2);
        Assert.True((await StandingAsync(_ada)).MayCancel);
        await Billing.CancelAsync(_ada.Id, _ada, AuditActor.OnPages(_ada, "session"));
        Assert.Equal(SubscriptionState.Free, await StateAsync(_ada));
        await Billing.SetBandAsync(_practice.Id, PaymentBand.Standard);
        Assert.Equal((SubscriptionState.Lapsed, 100L), (await StateAsync(_ada), (await AccountAsync()).Balance));
    }

    [Fact]
    public async Task What_happens_with_subscriptions_and_credits_is_in_the_audit_log()
    {
        await SetUpPracticeAsync(credits: 30);
        await Billing.BuyAsync(_ada.Id, _admin, AuditActor.OnPages(_admin, "session"));
        await Billing.CancelAsync(_ada.Id, _ada, AuditActor.OnPages(_ada, "session"));
        await Billing.BuyAsync(_ada.Id, _ada, AuditActor.OnPages(_ada, "session"));
        Clock.Now = Midnight(2026, 4, 2);
        await RenewAsync();
        Clock.Now = Midnight(2026, 5, 2);
        await RenewAsync();
        await Billing.AddCreditsAsync(_practice.Id, 20, "paid");
        await Billing.BuyAsync(_ada.Id, _ada, AuditActor.OnPages(_ada, "session"));
        await Billing.SetBandAsync(_practice.Id, PaymentBand.Gold);
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var lines = (await snapshot.ListLastLinesAsync(PracticeAudit.Log, _practice.Id, long.MaxValue, 100)).Reverse().Select(line => AuditEntry.Read(line)!).ToList();
        Assert.Equal(
            [
                AuditAction.CreditsAdded, AuditAction.SubscriptionBought, AuditAction.SubscriptionCancelled, AuditAction.SubscriptionResumed,
                AuditAction.SubscriptionRenewed, AuditAction.SubscriptionLapsed, AuditAction.CreditsAdded, AuditAction.SubscriptionBought,
                AuditAction.PaymentBandChanged,
            ],
            lines.Select(line => line.Action));
        Assert.Equal((_admin.Id, _ada.Id), (lines[1].PersonId, lines[1].About));
    }

    [Fact]
    public async Task R8_Each_practitioner_has_a_subscription_of_their_own()
    {
        await SetUpPracticeAsync(credits: 100);
        await Billing.BuyAsync(_ada.Id, _ada, AuditActor.OnPages(_ada, "session"));
        Assert.Equal((SubscriptionState.Trial, SubscriptionState.None), (await StateAsync(_ada), await StateAsync(_bo)));
        Assert.Equal(BillingFault.Conflict, await FaultAsync(() => Billing.SetUpAsync(_bo, AuditActor.OnPages(_bo, "session"))));
        await Billing.BuyAsync(_bo.Id, _bo, AuditActor.OnPages(_bo, "session"));
        Clock.Now = Midnight(2026, 4, 2);
        await RenewAsync();
        Assert.Equal(50, (await AccountAsync()).Balance);
    }

    [Fact]
    public async Task R9_An_administrator_buys_and_cancels_for_a_practitioner_and_never_sets_up()
    {
        await SetUpPracticeAsync(credits: 0);
        await Billing.BuyAsync(_ada.Id, _admin, AuditActor.OnPages(_admin, "session"));
        Assert.Equal(SubscriptionState.Trial, await StateAsync(_ada));
        Assert.Equal(BillingFault.NotAllowed, await FaultAsync(() => Billing.SetUpAsync(_admin, AuditActor.OnPages(_admin, "session"))));
        Assert.Equal(HxState.NotStarted, await AccessAsync(_ada));
        await Billing.CancelAsync(_ada.Id, _admin, AuditActor.OnPages(_admin, "session"));
        Assert.Equal(SubscriptionState.Ending, await StateAsync(_ada));
    }

    [Fact]
    public async Task R9_Nobody_buys_for_a_colleague_for_an_administrator_or_for_another_practice()
    {
        await SetUpPracticeAsync(credits: 100);
        var stranger = await Directory.CreatePersonAsync("stranger", "Stranger", null, PrincipalRole.Administrator, Group.Id);
        Assert.Equal(BillingFault.NotAllowed, await FaultAsync(() => Billing.BuyAsync(_bo.Id, _ada, AuditActor.OnPages(_ada, "session"))));
        Assert.Equal(BillingFault.NotFound, await FaultAsync(() => Billing.BuyAsync(_admin.Id, _admin, AuditActor.OnPages(_admin, "session"))));
        Assert.Equal(BillingFault.NotFound, await FaultAsync(() => Billing.BuyAsync(_ada.Id, stranger, AuditActor.OnPages(stranger, "session"))));
        Assert.Equal(SubscriptionState.None, await StateAsync(_ada));
    }

    [Fact]
    public async Task R5_What_is_booked_before_it_is_set_up_stays_in_the_diary()
    {
        await SetUpPracticeAsync(credits: 0);
        var diary = new Diary(Store, Clock, _ada.Id, new AuditActor("Ada", ActorVia.Web, null, "session"));
        var before = await diary.BookAsync(Session);
        await Billing.BuyAsync(_ada.Id, _ada, AuditActor.OnPages(_ada, "session"));
        var bought = await diary.BookAsync(Session);
        Assert.True(HxCalendar.IsHidden(await HxOfAsync(_ada.Id)));
        await Billing.SetUpAsync(_ada, AuditActor.OnPages(_ada, "session"));
        Assert.False(HxCalendar.IsHidden(await HxOfAsync(_ada.Id)));
        var after = await diary.BookAsync(Session);
        var published = (await diary.ListAsync(Clock.Now, Clock.Now + Duration.FromDays(7))).Where(appointment => appointment.Published).Select(appointment => appointment.Id);
        Assert.Equal([after], published);
        Assert.NotEqual(before, bought);
    }

    [Fact]
    public async Task A_practice_group_without_subscriptions_has_none_and_everything_works()
    {
        Assert.Null(await Billing.FindAsync(Group.Id));
        Assert.Equal(HxState.Active, await AccessAsync(Practitioner));
        Assert.False(HxCalendar.IsHidden(Hx));
        await Billing.SetUpAsync(Practitioner, AuditActor.OnPages(Practitioner, "session"));
        Assert.Null(await Billing.RenewAsync(Group.Id));
        Assert.Equal(BillingFault.NotFound, await FaultAsync(() => Billing.AddCreditsAsync(Group.Id, 5, "paid")));
    }

    [Theory]
    [InlineData(0, "paid")]
    [InlineData(-5, "paid")]
    [InlineData(5, " ")]
    public async Task Credits_are_added_with_an_amount_and_a_reason(int amount, string reason)
    {
        await SetUpPracticeAsync(credits: 0);
        Assert.Equal(BillingFault.Invalid, await FaultAsync(() => Billing.AddCreditsAsync(_practice.Id, amount, reason)));
        Assert.Equal(0, (await AccountAsync()).Balance);
    }

    private async Task SetUpPracticeAsync(int credits)
    {
        _practice = await Directory.CreatePracticeAsync("Lakeside", "Australia/Melbourne", billing: true);
        _ada = await Directory.CreatePersonAsync("ada", "Ada", null, PrincipalRole.Practitioner, _practice.Id);
        _bo = await Directory.CreatePersonAsync("bo", "Bo", null, PrincipalRole.Practitioner, _practice.Id);
        _admin = await Directory.CreatePersonAsync("admin", "Ruth", null, PrincipalRole.Administrator, _practice.Id);
        if (credits > 0) await Billing.AddCreditsAsync(_practice.Id, credits, "paid");
    }

    private static Instant Midnight(int year, int month, int day) => new LocalDate(year, month, day).AtStartOfDayInZone(Melbourne).ToInstant();

    [Fact]
    public async Task A_practice_group_is_found_when_something_is_due_in_it_and_not_before()
    {
        await SetUpPracticeAsync(credits: 0);
        await RenewAsync();
        Assert.Empty(await Billing.ListDueAsync(TestContext.Current.CancellationToken));
        await Billing.BuyAsync(_ada.Id, _ada, AuditActor.OnPages(_ada, "session"));
        Assert.Equal([_practice.Id], await Billing.ListDueAsync(TestContext.Current.CancellationToken));
        await RenewAsync();
        Assert.Empty(await Billing.ListDueAsync(TestContext.Current.CancellationToken));
        Assert.InRange((await Billing.FindNextDueAsync(TestContext.Current.CancellationToken))!.Value, Clock.Now, Clock.Now + Duration.FromDays(1));
        Clock.Now += Duration.FromDays(40);
        Assert.Equal([_practice.Id], await Billing.ListDueAsync(TestContext.Current.CancellationToken));
    }

    private Task<Instant?> RenewAsync() => Billing.RenewAsync(_practice.Id);

    private async Task<PracticeAccount> AccountAsync() => (await Billing.FindAsync(_practice.Id))!;

    private async Task<Standing> StandingAsync(Principal person) => (await AccountAsync()).Find(person.Id)!;

    private async Task<SubscriptionState> StateAsync(Principal person) => (await StandingAsync(person)).State;

    private async Task<HxState> AccessAsync(Principal person)
    {
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return (await HxAccess.ReadAsync(snapshot, person.Id, Clock.Now)).State;
    }

    private static async Task<BillingFault> FaultAsync(Func<Task> act) => (await Assert.ThrowsAsync<BillingException>(act)).Fault;
}
