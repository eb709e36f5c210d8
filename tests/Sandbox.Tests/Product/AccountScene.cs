using System.Net;
using System.Web;
using Calendaring.Store;
using Calendaring.Store.Sqlite;
using Microsoft.AspNetCore.DataProtection;
using NodaTime;
using ProviderBridge.Accounts;
using ProviderBridge.Google;
using ProviderBridge.Microsoft;
using ProviderBridge.Sync;

namespace Sandbox.Tests.Product;

/// <summary>The product's sign-in at Google or Microsoft, on a real store, against the stand-in.</summary>
internal sealed class AccountScene : IAsyncDisposable
{
    public const string Maya = "maya";
    private readonly string _folder = Directory.CreateTempSubdirectory("accounts-").FullName;
    private readonly IDataProtectionProvider _protection = new EphemeralDataProtectionProvider();

    private AccountScene(Scene vendor, string name, string api) => (Vendor, Name, Api, SignIn) = (vendor, name, api, SignInAt(name, vendor.Address));

    /// <summary>The stand-in.</summary>
    public Scene Vendor { get; }

    /// <summary>Where the person has an account: <c>google</c> or <c>microsoft</c>.</summary>
    public string Name { get; }

    /// <summary>Where the calendars are asked for: the stand-in itself, or what is before it.</summary>
    public string Api { get; }

    public string Email => Name == "google" ? "sam@gmail.com" : "sam@outlook.com";

    public IAccountSignIn SignIn { get; }

    public Watch Clock { get; } = new();

    public SqliteStore Store { get; private set; } = null!;

    public static IAccountSignIn SignInAt(string name, string address, string secret = "sandbox-secret") =>
        name == "google" ? new GoogleSignIn(AppAt(address) with { ClientSecret = secret }) : new MicrosoftSignIn(MicrosoftAppAt(address) with { ClientSecret = secret });

    public static MicrosoftApp MicrosoftAppAt(string address) => new("sandbox-client", "sandbox-secret")
    {
        Authorize = new Uri(address + "/common/oauth2/v2.0/authorize"),
        Token = new Uri(address + "/common/oauth2/v2.0/token"),
        Api = new Uri(address + "/v1.0"),
    };

    public static GoogleApp AppAt(string address) => new("sandbox-client", "sandbox-secret")
    {
        Authorize = new Uri(address + "/o/oauth2/v2/auth"),
        Token = new Uri(address + "/token"),
        Revoke = new Uri(address + "/revoke"),
        Api = new Uri(address + "/calendar/v3/"),
    };

    public static async Task<AccountScene> StartAsync(string name, Uri? api = null, int port = 0)
    {
        var vendor = await Scene.StartAsync(options => options with { Port = port }, still: false); // Google's library has a clock of its own
        var made = new AccountScene(vendor, name, api?.GetLeftPart(UriPartial.Authority) ?? vendor.Address);
        made.Store = await SqliteStore.OpenAsync(Path.Combine(made._folder, "store.db"), made.Clock);
        return made;
    }

    /// <summary>What a process has: another has nothing of it but the store.</summary>
    public AccountTokens Process(ICalendarStore? store = null, IDataProtectionProvider? protection = null, IAccountSignIn? signIn = null) => new(store ?? Store, Clock, protection ?? _protection, signIn ?? SignIn);

    /// <summary>Signs in through the real page.</summary>
    public async Task<AccountGrant> AllowAsync(string? tick = null)
    {
        var (address, verifier) = SignIn.Begin(Scene.Redirect, "s1", null);
        return await SignIn.FinishAsync(await CodeAsync(address, tick), verifier, Scene.Redirect);
    }

    /// <summary>Allows it on the page; what the browser comes back with.</summary>
    public Task<string> CodeAsync(Uri address, string? tick = null) => Vendor.CodeAsync(address.PathAndQuery, Email, tick ?? (Name == "google" ? Scene.AppCreated : "Calendars.ReadWrite"));

    public Task TakeBackAsync() => Vendor.UserAsync(Uri.EscapeDataString($"{Name}:{Email}") + "/revoke");

    public async Task<OutsideAccount> ConnectAsync() => await Process().KeepAsync(Maya, await AllowAsync());

    public async Task<OutsideAccount> ReadAsync(string id)
    {
        using var snapshot = await Store.OpenSnapshotAsync();
        return (await OutsideAccount.FindAsync(snapshot, new AccountKey(Maya, id)))!;
    }

    /// <summary>Whether an access token is taken.</summary>
    public async Task<bool> WorksAsync(string token)
    {
        var answer = Name == "google" ? await new GoogleUser(Vendor, Email, token).SendAsync("GET", "calendars/unknown") : await new GraphUser(Vendor, Email, token).SendAsync("GET", "me/calendars/unknown");
        return answer.Status != (int)HttpStatusCode.Unauthorized;
    }

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
        ((IDisposable)SignIn).Dispose();
        await Store.DisposeAsync();
        await Vendor.DisposeAsync();
        Directory.Delete(_folder, true);
    }

    internal sealed class Watch : IClock
    {
        public Duration Ahead { get; set; }

        public Instant GetCurrentInstant() => SystemClock.Instance.GetCurrentInstant() + Ahead;
    }

    internal static string Query(Uri address, string name) => HttpUtility.ParseQueryString(address.Query)[name] ?? "";
}
