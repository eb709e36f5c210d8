using CalDavServer.Background;
using CalDavServer.Tests.Access;
using CalDavServer.Tests.Hosting;
using Calendaring.Store;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using Practice;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using Practice.Groups;
using Practice.Hx;
using Practice.Subscriptions;
using Xunit;

namespace CalDavServer.Tests.Operations;

/// <summary>What works in the background goes on for everybody else when something of one is damaged on the disk.</summary>
public sealed class DamagedRecordTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new() { Now = Instant.FromUtc(2026, 3, 2, 0, 0) };
    private TestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync(_clock);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("subscription")]
    [InlineData("hx-access")]
    [InlineData("credit-notice")]
    public async Task R7_Renewals_go_on_for_the_others_of_a_practice_where_a_record_of_one_is_damaged(string kind)
    {
        var (practice, ada, bo) = await SetUpPracticeAsync("Lakeside", credits: 25);
        await Books.BuyAsync(ada.Id, ada, AuditActor.OnPages(ada, "session"));
        _clock.Now += Duration.FromHours(1);
        await Books.BuyAsync(bo.Id, bo, AuditActor.OnPages(bo, "session"));
        _clock.Now += Duration.FromDays(26);
        await Renewals.RunAsync();
        await _server.DamageRecordsAsync(kind, kind == "hx-access" ? ada.Id : practice.Id, kind == "subscription" ? ada.Id : "%");
        await Books.AddCreditsAsync(practice.Id, 25, "paid");
        _clock.Now += Duration.FromDays(6);
        var sleep = await Renewals.RunAsync();
        Assert.Equal(Duration.FromMinutes(30), sleep);
        Assert.Equal(SubscriptionState.Active, (await Books.FindAsync(practice.Id))!.Find(bo.Id)!.State);
        Assert.Equal(kind == "credit-notice" ? SubscriptionState.Active : null, (await Books.FindAsync(practice.Id))!.Find(ada.Id)?.State);
    }

    [Fact]
    public async Task R7_A_notice_that_is_damaged_is_not_given_again_and_stops_no_other()
    {
        var (practice, ada, bo) = await SetUpPracticeAsync("Lakeside", credits: 5);
        await Books.BuyAsync(ada.Id, ada, AuditActor.OnPages(ada, "session"));
        _clock.Now += Duration.FromDays(25);
        await Renewals.RunAsync();
        await _server.DamageRecordsAsync("credit-notice", practice.Id);
        await Books.BuyAsync(bo.Id, bo, AuditActor.OnPages(bo, "session"));
        Assert.Equal(Duration.FromMinutes(30), await Renewals.RunAsync());
        _clock.Now += Duration.FromDays(7);
        Assert.Equal(Duration.FromMinutes(30), await Renewals.RunAsync());
        Assert.Equal([0], (await Books.FindAsync(practice.Id))!.Notices.Select(notice => notice.DaysBefore));
    }

    [Fact]
    public async Task R7_Renewals_go_on_for_other_practices_where_one_is_damaged()
    {
        var (lakeside, ada, _) = await SetUpPracticeAsync("Lakeside", credits: 25);
        var (bayside, bo, _) = await SetUpPracticeAsync("Bayside", credits: 25);
        await Books.BuyAsync(ada.Id, ada, AuditActor.OnPages(ada, "session"));
        await Books.BuyAsync(bo.Id, bo, AuditActor.OnPages(bo, "session"));
        await _server.DamageRecordsAsync("practice", "practices", lakeside.Id);
        _clock.Now += Duration.FromDays(32);
        await Renewals.RunAsync();
        Assert.Equal(SubscriptionState.Active, (await Books.FindAsync(bayside.Id))!.Find(bo.Id)!.State);
    }

    [Fact]
    public async Task R7_A_practice_that_is_damaged_is_said_once_and_looked_at_once_a_day()
    {
        var (lakeside, ada, _) = await SetUpPracticeAsync("Lakeside", credits: 25);
        await Books.BuyAsync(ada.Id, ada, AuditActor.OnPages(ada, "session"));
        await _server.DamageRecordsAsync("practice", "practices", lakeside.Id);
        _clock.Now += Duration.FromDays(32);
        var lines = new KeptLog();
        var renewals = new Renewals(Books, _clock, lines);
        for (var n = 0; n < 3; n++)
        {
            Assert.Equal([lakeside.Id], await Books.ListDueAsync(TestContext.Current.CancellationToken));
            Assert.Equal(Duration.FromMinutes(30), await renewals.RunAsync());
            Assert.Empty(await Books.ListDueAsync(TestContext.Current.CancellationToken));
            Assert.Equal(_clock.Now + Duration.FromDays(1), await Books.FindNextDueAsync(TestContext.Current.CancellationToken));
            _clock.Now += Duration.FromDays(1);
        }

        Assert.StartsWith($"Error: A record of practice group {lakeside.Id} is damaged", Assert.Single(lines.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_with_damaged_records_starts_and_renews_and_includes_for_everybody_else()
    {
        var (practice, ada, bo) = await SetUpPracticeAsync("Lakeside", credits: 50);
        var (free, cy, di) = await SetUpPracticeAsync("Bayside", credits: 0, billing: false);
        await Books.BuyAsync(ada.Id, ada, AuditActor.OnPages(ada, "session"));
        await Books.BuyAsync(bo.Id, bo, AuditActor.OnPages(bo, "session"));
        foreach (var person in new[] { cy, di })
        {
            await _server.Store.ApplyAsync(StoreBatch.Of(new HxAccess(HxState.NotStarted).Put(person.Id)), TestContext.Current.CancellationToken);
            await DiaryOf(person).BookAsync(new Booking([new Patient("PT-1", "Jane", "Brownlow")], "Follow-up", new LocalDateTime(2026, 3, 3, 10, 0), Duration.FromMinutes(30)));
            await _server.Store.ApplyAsync(StoreBatch.Of(HxAccess.Active.Put(person.Id)), TestContext.Current.CancellationToken);
            await DiaryOf(person).BeginInclusionAsync();
        }

        await _server.DamageRecordsAsync("subscription", practice.Id, ada.Id);
        await _server.DamageRecordsAsync("inclusion", cy.Id);
        await _server.DamageRecordsAsync("hx-access", cy.Id);
        _clock.Now += Duration.FromDays(32);
        _server = await _server.RestartAsync();
        await UntilAsync(async () => (await Books.FindAsync(practice.Id))!.Find(bo.Id)!.State == SubscriptionState.Active);
        await UntilAsync(async () =>
        {
            using var snapshot = await _server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
            return await Inclusion.FindAsync(snapshot, di.Id) is { Ended: not null, Even: true };
        });
        using var client = _server.Anonymous();
        Assert.Equal(200, (await client.GetAsync("/health/ready")).Status);
        Assert.Equal("Bayside", free.Name);
    }

    [Fact]
    public async Task Where_access_cannot_be_read_the_next_inclusion_in_line_is_made_all_the_same()
    {
        var (_, cy, di) = await SetUpPracticeAsync("Bayside", credits: 0, billing: false);
        await _server.Store.ApplyAsync(StoreBatch.Of(HxAccess.Active.Put(cy.Id)), TestContext.Current.CancellationToken);
        await DiaryOf(cy).BeginInclusionAsync();
        await DiaryOf(di).BeginInclusionAsync();
        await _server.DamageRecordsAsync("hx-access", cy.Id);
        _server = await _server.RestartAsync();
        await UntilAsync(async () =>
        {
            using var snapshot = await _server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
            return await Inclusion.FindAsync(snapshot, di.Id) is { Ended: not null };
        });
    }

    private Billing Books => new(_server.Store, _clock);

    private Renewals Renewals => new(Books, _clock, NullLogger<Renewals>.Instance);

    private Diary DiaryOf(Principal practitioner) => new(_server.Store, _clock, practitioner.Id, AuditActor.OnPages(practitioner, "session"));

    private async Task<(PracticeGroup Practice, Principal One, Principal Other)> SetUpPracticeAsync(string name, int credits, bool billing = true)
    {
        var directory = new PracticeDirectory(_server.Store, _clock);
        var practice = await directory.CreatePracticeAsync(name, "Australia/Melbourne", billing: billing);
        var one = await directory.CreatePersonAsync($"one@{name}", "One", null, PrincipalRole.Practitioner, practice.Id);
        var other = await directory.CreatePersonAsync($"other@{name}", "Other", null, PrincipalRole.Practitioner, practice.Id);
        if (credits > 0) await Books.AddCreditsAsync(practice.Id, credits, "paid");
        return (practice, one, other);
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        for (var attempt = 0; attempt < 200; attempt++)
        {
            if (await isSo()) return;
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        Assert.Fail("It did not come to be so within ten seconds.");
    }

    private sealed class KeptLog : ILogger<Renewals>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add($"{logLevel}: {formatter(state, exception)}");
    }
}
