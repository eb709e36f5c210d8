using System.Net;
using System.Web;
using Calendaring.Store;
using Calendaring.Store.Sqlite;
using Microsoft.AspNetCore.DataProtection;
using NodaTime;
using ProviderBridge.Accounts;
using ProviderBridge.Google;
using ProviderBridge.Sync;

namespace Sandbox.Tests.Product;

/// <summary>The product's sign-in at Google, on a real store, against the stand-in.</summary>
internal sealed class AccountScene : IAsyncDisposable
{
    public const string Maya = "maya";
    private readonly string _folder = Directory.CreateTempSubdirectory("accounts-").FullName;
    private readonly IDataProtectionProvider _protection = new EphemeralDataProtectionProvider();

    private AccountScene(Scene google) => (Google, SignIn) = (google, new GoogleSignIn(AppAt(google.Address)));

    public Scene Google { get; }

    public GoogleSignIn SignIn { get; }

    public Watch Clock { get; } = new();

    public SqliteStore Store { get; private set; } = null!;

    public static GoogleApp AppAt(string address) => new("sandbox-client", "sandbox-secret")
    {
        Authorize = new Uri(address + "/o/oauth2/v2/auth"),
        Token = new Uri(address + "/token"),
        Revoke = new Uri(address + "/revoke"),
        Api = new Uri(address + "/calendar/v3/"),
    };

    public static async Task<AccountScene> StartAsync()
    {
        var made = new AccountScene(await Scene.StartAsync(still: false)); // Google's library has a clock of its own
        made.Store = await SqliteStore.OpenAsync(Path.Combine(made._folder, "store.db"), made.Clock);
        return made;
    }

    /// <summary>What a process has: another has nothing of it but the store.</summary>
    public AccountTokens Process(ICalendarStore? store = null, IDataProtectionProvider? protection = null) => new(store ?? Store, Clock, protection ?? _protection, SignIn);

    /// <summary>Signs in through the real page.</summary>
    public async Task<AccountGrant> AllowAsync(string email = "sam@gmail.com", string tick = Scene.AppCreated)
    {
        var (address, verifier) = SignIn.Begin(Scene.Redirect, "s1", null);
        return await SignIn.FinishAsync(await Google.CodeAsync(address.PathAndQuery, email, tick), verifier, Scene.Redirect);
    }

    public async Task<OutsideAccount> ConnectAsync(string email = "sam@gmail.com") => await Process().KeepAsync(Maya, await AllowAsync(email));

    public async Task<OutsideAccount> ReadAsync(string id)
    {
        using var snapshot = await Store.OpenSnapshotAsync();
        return (await OutsideAccount.FindAsync(snapshot, Maya, id))!;
    }

    /// <summary>Whether Google takes an access token.</summary>
    public async Task<bool> WorksAsync(string token) => (await new GoogleUser(Google, "sam@gmail.com", token).SendAsync("GET", "calendars/unknown")).Status != (int)HttpStatusCode.Unauthorized;

    public static async Task FailsAsync(OutsideFault fault, Task<string> asked) => Assert.Equal(fault, (await Assert.ThrowsAsync<OutsideException>(() => asked)).Fault);

    public async Task<IReadOnlyList<byte[]>> FilesAsync() =>
        await Task.WhenAll(Directory.GetFiles(_folder, "store.db*").Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)).Select(async file =>
        {
            await using var read = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var all = new MemoryStream();
            await read.CopyToAsync(all);
            return all.ToArray();
        }));

    public async ValueTask DisposeAsync()
    {
        SignIn.Dispose();
        await Store.DisposeAsync();
        await Google.DisposeAsync();
        Directory.Delete(_folder, true);
    }

    internal sealed class Watch : IClock
    {
        public Duration Ahead { get; set; }

        public Instant GetCurrentInstant() => SystemClock.Instance.GetCurrentInstant() + Ahead;
    }

    internal static string Query(Uri address, string name) => HttpUtility.ParseQueryString(address.Query)[name] ?? "";
}
