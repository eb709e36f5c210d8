using System.Text;
using Calendaring.Store;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using Practice.Audit;
using Practice.Groups;
using Practice.People;
using Practice.Subscriptions;

namespace Practice.Tests.Subscriptions;

/// <summary>R7: who is written to when credits are missing, and that everybody is once.</summary>
public sealed class R7_Emails : PracticeFixture
{
    private PracticeGroup _practice = null!;
    private Principal _ada = null!;
    private Principal _ruth = null!;

    private Billing Billing => new(Store, Clock);

    private CreditEmailBook Book => new(Store, Clock);

    [Fact]
    public async Task R7_A_notice_is_written_to_the_practitioner_and_each_administrator_once()
    {
        await SetUpAsync();
        await PassAsync(Midnight(3, 25));
        Assert.Empty(await Book.ListDueAsync());
        await PassAsync(Midnight(3, 26));
        Assert.Equal([(7, "ada"), (7, "ruth")], await TakeAsync());
        await PassAsync(Midnight(3, 26) + Duration.FromHours(5));
        Assert.Empty(await TakeAsync());
        await PassAsync(Midnight(4, 1));
        Assert.Equal([(1, "ada"), (1, "ruth")], await TakeAsync());
        await PassAsync(Midnight(4, 2));
        Assert.Equal([(0, "ada"), (0, "ruth")], await TakeAsync());
        await PassAsync(Midnight(4, 9));
        Assert.Empty(await TakeAsync());
        Assert.Equal([7, 1, 0], (await Billing.FindAsync(_practice.Id))!.Notices.Select(notice => notice.DaysBefore).OrderDescending());
    }

    [Fact]
    public async Task R7_An_email_that_was_held_up_until_the_credits_came_is_not_written()
    {
        await SetUpAsync();
        await PassAsync(Midnight(3, 26));
        await Billing.AddCreditsAsync(_practice.Id, 25, "paid");
        Assert.Empty(await TakeAsync());
        Assert.Empty(await Book.ListDueAsync());
    }

    [Fact]
    public async Task R7_An_email_is_not_written_when_its_day_is_over()
    {
        await SetUpAsync();
        await PassAsync(Midnight(3, 26));
        await PassAsync(Midnight(4, 1));
        Assert.Equal([(1, "ada"), (1, "ruth")], await TakeAsync());
    }

    [Fact]
    public async Task R7_Each_try_is_noted_before_it_is_made_and_the_next_one_comes_later()
    {
        await SetUpAsync();
        await PassAsync(Midnight(3, 26));
        foreach (var pause in new[] { 1, 5, 15, 60, 120, 120, 120 })
        {
            var tried = await BeginAllAsync();
            Assert.Equal(2, tried.Count);
            Assert.All(tried, due => Assert.Equal(20, due.Account.MissingFor(due.Standing)));
            Assert.Empty(await Book.ListDueAsync());
            Clock.Now += Duration.FromMinutes(pause) - Duration.FromMilliseconds(1);
            Assert.Empty(await Book.ListDueAsync());
            Clock.Now += Duration.FromMilliseconds(1);
        }
    }

    [Fact]
    public async Task R7_Two_who_try_one_email_at_a_time_do_not_both_write_it()
    {
        await SetUpAsync();
        await PassAsync(Midnight(3, 26));
        var id = (await Book.ListDueAsync())[0];
        var (one, other) = (await Book.FindAsync(id), await Book.FindAsync(id));
        Assert.True(await Book.BeginAsync(one!));
        Assert.False(await Book.BeginAsync(other!));
        Assert.True(await Book.EndAsync(id));
        Assert.True(await Book.EndAsync(id));
        Assert.Null(await Book.FindAsync(id));
    }

    [Fact]
    public async Task R7_Whoever_has_no_address_or_no_access_is_not_written_to()
    {
        await SetUpAsync();
        await Directory.CreatePersonAsync("nobody", "Nobody", null, PrincipalRole.Administrator, _practice.Id, "nobody");
        await PassAsync(Midnight(3, 26));
        await new PracticePeople(Store, Clock).DeactivateAsync(_practice.Id, AuditActor.OnPages(_ada, "session"), _ruth.Id);
        Assert.Equal([(7, "ada")], await TakeAsync());
        Assert.Empty(await Book.ListDueAsync());
    }

    [Fact]
    public async Task Emails_of_and_about_somebody_who_is_erased_go_too()
    {
        await SetUpAsync();
        await PassAsync(Midnight(3, 26));
        using (var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken))
            await Store.ApplyAsync(new StoreBatch(await Erasure.OfAsync(snapshot, _ruth, Clock.Now, AuditActor.Command)), TestContext.Current.CancellationToken);
        Assert.Equal([(7, "ada")], await TakeAsync());
        await PassAsync(Midnight(4, 1));
        using (var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken))
            await Store.ApplyAsync(new StoreBatch(await Erasure.OfAsync(snapshot, _ada, Clock.Now, AuditActor.Command)), TestContext.Current.CancellationToken);
        Assert.Empty(await Book.ListDueAsync());
        using var after = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        Assert.Empty(await after.ListRecordsAsync("credit-notice", _practice.Id));
    }

    [Fact]
    public async Task An_email_that_cannot_be_read_goes_and_holds_up_no_other()
    {
        await SetUpAsync();
        await PassAsync(Midnight(3, 26));
        var ids = await Book.ListDueAsync();
        await Store.ApplyAsync(StoreBatch.Of(new PutRecord("credit-email", "emails", ids[0], "damaged"u8.ToArray())), TestContext.Current.CancellationToken);
        Assert.Single(await TakeAsync());
        Assert.Empty(await Book.ListDueAsync());
    }

    [Fact]
    public async Task An_email_that_an_earlier_version_stored_goes_to_whom_it_names()
    {
        await SetUpAsync();
        await PassAsync(Midnight(3, 26));
        await TakeAsync();
        var id = $"{_practice.Id}/{_ada.Id}/{_ruth.Id}/2026-04-02/7";
        var stored = $$"""{"practiceId":"{{_practice.Id}}","practitionerId":"{{_ada.Id}}","readerId":"{{_ruth.Id}}","due":"2026-04-02","daysBefore":7,"at":"2026-03-25T13:00:00Z"}""";
        await Store.ApplyAsync(StoreBatch.Of(new PutRecord("credit-email", "emails", id, Encoding.UTF8.GetBytes(stored))), TestContext.Current.CancellationToken);
        var due = await Book.FindAsync(id, TestContext.Current.CancellationToken);
        Assert.Equal("ruth", due?.Recipient.Login);
        Assert.True(await Book.BeginAsync(due!));
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var tried = await snapshot.FindRecordAsync("credit-email", "emails", id);
        Assert.Contains($"\"readerId\":\"{_ruth.Id}\"", Encoding.UTF8.GetString(tried!.Document.Span), StringComparison.Ordinal);
    }

    /// <summary>Renewals that run or do not, a mail server that is there or not, crashes, credits that come, bands, cancellations, time in jumps.</summary>
    [Fact]
    public void R7_Nobody_is_written_to_twice_and_nobody_is_forgotten() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(12),
            Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed => RunAsync(seed).GetAwaiter().GetResult()));

    private async Task<bool> RunAsync(int seed)
    {
        var random = new Random(seed);
        await SetUpAsync(seed.ToString(System.Globalization.CultureInfo.InvariantCulture) + Guid.NewGuid().ToString("N")[..6]);
        HashSet<string> written = [];
        HashSet<string> untrue = [];
        for (var step = 0; step < 40; step++)
        {
            Clock.Now += random.Next(3) switch { 0 => Duration.FromHours(random.Next(1, 20)), 1 => Duration.FromDays(random.Next(1, 9)), _ => Duration.FromMinutes(random.Next(1, 90)) };
            var store = MeddlingStore.Over(Store, random.Next(3) == 0 ? (Mishap)random.Next(2, 4) : Mishap.None, () => Task.CompletedTask);
            try
            {
                await ActAsync(new Billing(store, Clock), random);
            }
            catch (Exception end) when (end is CrashException or BillingException)
            {
            }

            await NoteUntrueAsync(untrue);
            if (random.Next(3) > 0) await WriteAsync(random, written);
            await CheckAsync(written, untrue);
        }

        return true;
    }

    private Task ActAsync(Billing billing, Random random) => random.Next(10) switch
    {
        0 => billing.AddCreditsAsync(_practice.Id, random.Next(1, 30), "paid"),
        1 => billing.CancelAsync(_ada.Id, _ada, AuditActor.OnPages(_ada, "session")),
        2 or 3 => billing.BuyAsync(_ada.Id, _ruth, AuditActor.OnPages(_ruth, "session")),
        4 when random.Next(3) == 0 => billing.SetBandAsync(_practice.Id, (PaymentBand)random.Next(2)),
        _ => billing.RenewAsync(_practice.Id),
    };

    // the mail server takes some, and is away for others; the process may end before or after a try is noted
    private async Task WriteAsync(Random random, HashSet<string> written)
    {
        foreach (var id in await Book.ListDueAsync())
        {
            var store = MeddlingStore.Over(Store, random.Next(4) == 0 ? (Mishap)random.Next(2, 4) : Mishap.None, () => Task.CompletedTask);
            if (await Book.FindAsync(id) is not { } due) continue;
            try
            {
                if (!await new CreditEmailBook(store, Clock).BeginAsync(due)) continue;
            }
            catch (CrashException)
            {
                return;
            }

            if (random.Next(3) == 0) continue;
            Assert.True(written.Add(id), "An e-mail was written twice.");
            Assert.True(await Book.EndAsync(id));
        }
    }

    // what an e-mail says is worked out here from what pages show, not from what decides
    private async Task NoteUntrueAsync(HashSet<string> untrue)
    {
        var account = (await Billing.FindAsync(_practice.Id))!;
        foreach (var notice in account.Notices)
        {
            var standing = account.Find(notice.PractitionerId)!;
            var day = account.Today;
            var stillSo = notice.DaysBefore == 0
                ? standing is { State: SubscriptionState.Lapsed, Subscription.End: SubscriptionEnd.NoCredits } && Clock.Now - notice.At < Duration.FromDays(7)
                : standing.MayCancel && !account.IsFree && account.Balance < 25 && day < (notice.DaysBefore == 1 ? notice.Due : notice.Due.PlusDays(-1));
            if (!stillSo || standing.Subscription!.Ends != notice.Due) untrue.Add($"{notice.Due:uuuu-MM-dd}/{notice.DaysBefore}");
        }
    }

    private async Task CheckAsync(HashSet<string> written, HashSet<string> untrue)
    {
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var waiting = (await snapshot.ListRecordsAsync("credit-email", "emails")).Select(record => record.Id).ToHashSet();
        foreach (var notice in (await Billing.FindAsync(_practice.Id))!.Notices)
        {
            var about = $"{notice.Due:uuuu-MM-dd}/{notice.DaysBefore}";
            foreach (var recipient in new[] { _ada, _ruth })
            {
                var id = $"{_practice.Id}/{_ada.Id}/{recipient.Id}/{about}";
                Assert.False(written.Contains(id) && waiting.Contains(id), "An e-mail that was written waits.");
                Assert.True(written.Contains(id) || waiting.Contains(id) || untrue.Contains(about), "An e-mail was forgotten.");
            }
        }
    }

    private async Task SetUpAsync(string suffix = "")
    {
        Clock.Now = Instant.FromUtc(2026, 3, 2, 0, 0);
        _practice = await Directory.CreatePracticeAsync("Lakeside" + suffix, "Australia/Melbourne", billing: true);
        _ada = await Directory.CreatePersonAsync("ada" + suffix, "Ada", $"ada{suffix}@lakeside.example", PrincipalRole.Practitioner, _practice.Id, "ada" + suffix);
        _ruth = await Directory.CreatePersonAsync("ruth" + suffix, "Ruth", $"ruth{suffix}@lakeside.example", PrincipalRole.Administrator, _practice.Id, "ruth" + suffix);
        await Billing.AddCreditsAsync(_practice.Id, 5, "paid");
        await Billing.BuyAsync(_ada.Id, _ada, AuditActor.OnPages(_ada, "session"));
    }

    private static Instant Midnight(int month, int day) => new LocalDate(2026, month, day).AtStartOfDayInZone(Melbourne).ToInstant();

    private async Task PassAsync(Instant until)
    {
        Clock.Now = until;
        await Billing.RenewAsync(_practice.Id);
    }

    private async Task<List<DueEmail>> BeginAllAsync()
    {
        List<DueEmail> begun = [];
        foreach (var id in await Book.ListDueAsync())
        {
            if (await Book.FindAsync(id) is { } due && await Book.BeginAsync(due)) begun.Add(due);
        }

        return begun;
    }

    private async Task<IEnumerable<(int DaysBefore, string Reader)>> TakeAsync()
    {
        var taken = await BeginAllAsync();
        foreach (var due in taken) Assert.True(await Book.EndAsync(due.Email.Id));
        return [.. taken.Select(due => (due.Email.DaysBefore, due.Recipient.Id)).OrderBy(email => email.Id, StringComparer.Ordinal)];
    }
}
