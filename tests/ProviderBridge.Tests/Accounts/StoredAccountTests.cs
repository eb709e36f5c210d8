using System.Text;
using Calendaring.Store;
using Calendaring.Store.Sqlite;
using Microsoft.AspNetCore.DataProtection;
using Practice;
using ProviderBridge.Accounts;
using ProviderBridge.Sync;
using ProviderBridge.Tests.Sync;

namespace ProviderBridge.Tests.Accounts;

/// <summary>What earlier versions have stored of accounts opens: the names of records, their documents and what secrets are encrypted for stay as they were.</summary>
public sealed class StoredAccountTests : IAsyncLifetime
{
    private const string Document = """{"id":"a1","practitionerId":"maya","provider":"google","email":"maya@gmail.com","protectedToken":"SECRET","connected":1772409600}""";
    private readonly string _folder = Directory.CreateTempSubdirectory("accounts-").FullName;
    private readonly EphemeralDataProtectionProvider _protection = new();
    private readonly HandClock _clock = new();
    private SqliteStore _store = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _store = await SqliteStore.OpenAsync(Path.Combine(_folder, "store.db"), _clock);

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_folder, true);
    }

    [Fact]
    public async Task AnAccountThatWasKeptBeforeOpens()
    {
        var stored = Document.Replace("SECRET", _protection.CreateProtector("outside-account", "maya", "a1").Protect("refresh"), StringComparison.Ordinal);
        await ApplyAsync(new PutRecord("outside-account", "maya", "a1", Encoding.UTF8.GetBytes(stored)));
        var secrets = new AccountSecrets(_store, _clock, _protection);

        var account = (await secrets.FindAsync(new AccountKey("maya", "a1")))!;

        Assert.Equal("refresh", secrets.Read(account));
        Assert.Equal(new AccountKey("maya", "a1"), account.Key);
        await ApplyAsync(account.Put());
        using var snapshot = await _store.OpenSnapshotAsync(Stop);
        Assert.Equal(stored, Encoding.UTF8.GetString((await snapshot.FindRecordAsync("outside-account", "maya", "a1"))!.Document.Span));
        Assert.False(await OutsideAccount.IsSharedAsync(snapshot, account.Key));
        Assert.True(await OutsideAccount.IsSharedAsync(snapshot, new AccountKey("sam", "a1")));
    }

    [Fact]
    public async Task ALinkIsNamedByItsAccountAndTellsIt()
    {
        var key = new AccountKey("maya", "a1");
        var link = new Link(Link.KeyOf(key).LinkId, "maya", "google", "Google", PrivacyLevel.Initials);

        await ApplyAsync(link.Put());

        using var snapshot = await _store.OpenSnapshotAsync(Stop);
        Assert.Equal(
            """{"id":"maya/a1","practitionerId":"maya","provider":"google","label":"Google","level":"Initials","state":"Active","calendarId":"","quarantined":[],"inParts":[],"askedAgain":[],"removed":[]}""",
            Encoding.UTF8.GetString((await snapshot.FindRecordAsync("link", "maya", "maya/a1"))!.Document.Span));
        Assert.Equal(key, (await Link.FindAsync(snapshot, new LinkKey("maya", "maya/a1")))!.Account);
    }

    private async Task ApplyAsync(StoreOperation step) => Assert.True((await _store.ApplyAsync(StoreBatch.Of(step), Stop)).Succeeded);
}
