using Calendaring.Store;
using NodaTime;
using Practice.Audit;
using Practice.Devices;
using Practice.Diaries;
using Practice.Feeds;
using Practice.Hx;
using Practice.People;

namespace Practice.Tests;

/// <summary>What many do at once to one person's account, links and devices: nobody loses for ever, and each thing that is done has its one line of audit.</summary>
public sealed class ManyAtOnceTests : PracticeFixture
{
    private const int Many = 20;

    private AccountBook Accounts => new(Store, Clock);

    private AccountOwner Owner => new(Practitioner, "session", AuditActor.OnPages(Practitioner, "session"));

    [Fact]
    public async Task All_of_many_passkeys_that_are_added_at_once_are_there()
    {
        await ApplyAsync(new Account("hash", Clock.Now).Put("maya"));
        var book = new PasskeyBook(Store, Accounts);
        var added = await AtOnceAsync(number => book.AddAsync(Owner, new Passkey($"key-{number}", "", $"Key {number}", Clock.Now, 0)));
        Assert.All(added, done => Assert.True(done));
        Assert.Equal(Many, (await book.ListAsync("maya", TestContext.Current.CancellationToken)).Select(passkey => passkey.Id).Distinct().Count());
        Assert.Equal(Many, await LinesAsync(AuditAction.PasskeyAdded));
    }

    [Fact]
    public async Task All_of_many_changes_of_one_device_at_once_are_made_on_what_it_is_then()
    {
        var book = new DeviceBook(Store, Clock);
        Assert.True(await book.MakeAsync(Practitioner, Tablet, Owner.Actor));
        var changed = await AtOnceAsync(_ => book.ChangeAsync(Practitioner, Tablet.Id, Owner.Actor, device => device with { Label = device.Label + "x" }));
        Assert.All(changed, change => Assert.NotNull(change));
        Assert.Equal("phone" + new string('x', Many), (await book.FindAsync("maya", Tablet.Id, TestContext.Current.CancellationToken))!.Label);
        Assert.Equal(Many, await LinesAsync(AuditAction.AppPasswordChanged));
    }

    [Fact]
    public async Task A_device_is_made_once_and_revoked_once_however_many_ask()
    {
        var book = new DeviceBook(Store, Clock);
        Assert.Single(await AtOnceAsync(_ => book.MakeAsync(Practitioner, Tablet, Owner.Actor)), made => made);
        Assert.Single(await AtOnceAsync(_ => book.RevokeAsync(Practitioner, Tablet.Id, Owner.Actor)), revoked => revoked);
        Assert.Equal((1, 1), (await LinesAsync(AuditAction.AppPasswordMade), await LinesAsync(AuditAction.AppPasswordRevoked)));
    }

    [Fact]
    public async Task All_of_many_links_that_are_asked_for_at_once_work_and_one_of_them_sets_the_password()
    {
        await ApplyAsync(new RenamePrincipal("maya", "Maya Lindqvist", "maya@example.org"));
        var maya = Practitioner with { Email = "maya@example.org" };
        var book = new PasswordLinkBook(Store, Clock);
        var made = await AtOnceAsync(_ => book.MakeResetAsync(maya));
        Assert.Equal(Many, made.OfType<(string Address, string Secret)>().Select(link => link.Secret).Distinct().Count());
        var used = await AtOnceAsync(number => book.UseAsync("maya", made[number]!.Value.Secret, $"hash-{number}", [], "home"));
        Assert.Equal("maya@example.org", Assert.Single(used, one => one is not null)!.Email);
        Assert.Equal($"hash-{Array.FindIndex(used, one => one is not null)}", (await Accounts.FindAsync("maya", TestContext.Current.CancellationToken))!.PasswordHash);
        Assert.Equal(1, await LinesAsync(AuditAction.PasswordReset));
    }

    [Fact]
    public async Task A_feed_is_switched_on_once_and_gets_another_address_once_however_many_ask_who_saw_the_same()
    {
        var book = new FeedBook(Store, Clock);
        Assert.Single(await AtOnceAsync(number => SetAddressAsync(null, $"on-{number}")), made => made);
        var seen = await book.FindAsync("maya", TestContext.Current.CancellationToken);
        Assert.Single(await AtOnceAsync(number => SetAddressAsync(seen, $"renewed-{number}")), made => made);
        Assert.Equal((1, 1), (await LinesAsync(AuditAction.FeedMade), await LinesAsync(AuditAction.FeedRegenerated)));
        Assert.All(await AtOnceAsync(number => book.SetLevelAsync(Practitioner, (PrivacyLevel)(number % 2), Owner.Actor)), done => Assert.True(done));
        await Task.WhenAll(Enumerable.Range(0, Many).Select(_ => Task.Run(() => book.EndAsync(Practitioner, Owner.Actor))));
        Assert.False(await book.SetLevelAsync(Practitioner, PrivacyLevel.Busy, Owner.Actor));
        Assert.Null(await book.FindAsync("maya", TestContext.Current.CancellationToken));
        Assert.Equal(1, await LinesAsync(AuditAction.FeedStopped));

        Task<bool> SetAddressAsync(Feed? before, string secret) => book.SetAddressAsync(Practitioner, before, secret, "not shown", PrivacyLevel.Type, Owner.Actor);
    }

    [Fact]
    public async Task A_person_is_erased_once_while_others_change_their_account()
    {
        await ApplyAsync(new Account("hash", Clock.Now).Put("maya"));
        var book = new PasskeyBook(Store, Accounts);
        var changes = AtOnceAsync(number => book.AddAsync(Owner, new Passkey($"key-{number}", "", $"Key {number}", Clock.Now, 0)));
        var erased = await AtOnceAsync(_ => Erasure.ApplyAsync(Store, Practitioner, Clock.Now, AuditActor.Command));
        await changes;
        Assert.Single(erased, outcome => outcome.Succeeded);
        Assert.All(erased, outcome => Assert.True(outcome.Failure is null or { Kind: StoreFailureKind.NotFound }, outcome.Failure?.ToString()));
        Assert.Null(await Accounts.FindAsync("maya", TestContext.Current.CancellationToken));
        Assert.Equal(1, await LinesAsync(AuditAction.Erased));
    }

    [Fact]
    public async Task A_session_that_ended_meanwhile_is_neither_confirmed_nor_begun_again()
    {
        await ApplyAsync(new Account("hash", Clock.Now).Put("maya"));
        var book = new SessionBook(Store, Clock, Accounts, new SessionLimits(Duration.FromDays(14), Duration.FromDays(30)));
        var place = new BrowserPlace("192.0.2.1", "Firefox", "192.0.2.1");
        var begun = await book.BeginAsync("maya", place, null, account => account);
        var open = (await book.FindAsync("maya", begun!.Secret, TestContext.Current.CancellationToken))!;
        var ended = false;
        Assert.False(await book.ConfirmAsync(new SessionKey("maya", open.Session.Id), new SessionBrowser("browser", Clock.Now, default), account =>
        {
            if (!ended) book.EndAsync(Owner, open.Session.Id).GetAwaiter().GetResult();
            ended = true;
            return account with { PasswordHash = "another" };
        }));
        Clock.Now += Duration.FromHours(1);
        await book.NoteUseAsync("maya", open.Session, place, byOpenPage: false);
        Assert.Null(await book.FindAsync("maya", begun.Secret, TestContext.Current.CancellationToken));
        Assert.Equal("hash", (await Accounts.FindAsync("maya", TestContext.Current.CancellationToken))!.PasswordHash);
        Assert.Equal((1, 1), (await LinesAsync(AuditAction.SignedIn), await LinesAsync(AuditAction.SessionEnded)));
    }

    [Fact]
    public async Task Existing_appointments_that_many_include_at_once_are_each_included_once()
    {
        await ApplyAsync(new HxAccess(HxState.NotStarted).Put("maya"));
        for (var n = 0; n < 3; n++) await Diary.BookAsync(Session);
        await ApplyAsync(new HxAccess(HxState.Active).Put("maya"));
        await Diary.BeginInclusionAsync();
        await AtOnceAsync(_ => Diary.IncludeExistingAsync());
        Assert.Equal(3, (await ListAsync()).Count);
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var lines = await AuditLine.ListAsync(snapshot, DiaryAudit.Log, Practitioner.Id, 0, 1000);
        Assert.Equal(3, lines.Count(line => line.Entry?.Action == AuditAction.Published));
        Assert.Equal(3, (await Inclusion.FindAsync(snapshot, Practitioner.Id))!.Served);
    }

    private Credential Tablet => new("phone-id", "maya", "phone", SecretKind.Sha256, "00", ReadOnly: false, nameof(PrivacyLevel.Busy), Clock.Now);

    private static Task<T[]> AtOnceAsync<T>(Func<int, Task<T>> act) => Task.WhenAll(Enumerable.Range(0, Many).Select(number => Task.Run(() => act(number))));

    private async Task ApplyAsync(params StoreOperation[] steps) => Assert.True((await Store.ApplyAsync(new StoreBatch(steps), TestContext.Current.CancellationToken)).Succeeded);

    private async Task<int> LinesAsync(AuditAction action)
    {
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return (await AuditLine.ListAsync(snapshot, PracticeAudit.Log, Group.Id, 0, 1000)).Count(line => line.Entry?.Action == action);
    }
}
