using System.Diagnostics;
using CalDavServer.Links;
using CalDavServer.Options;
using CalDavServer.Tests.Hosting;
using ProviderBridge.Accounts;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>What the tests of links have in common: the service on the other side.</summary>
public abstract class OutsidePageTest : PageTest
{
    private protected OutsideSide Side { get; private set; } = null!;

    private protected override ServerOptions? Hosting => Side.Register(new ServerOptions());

    public override async ValueTask InitializeAsync()
    {
        Side = await StartSideAsync();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Side.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected abstract Task<OutsideSide> StartSideAsync();

    /// <summary>Connects an account and makes the link.</summary>
    private protected async Task<PageAnswer> LinkAsync(PageClient browser, string? email = null, string level = "FullName", bool existing = true)
    {
        var choice = await Side.ConnectAsync(browser, email);
        return await browser.PostAsync(choice.Path, ("level", level), ("existing", existing ? "true" : "false"));
    }

    private protected async Task<IReadOnlyList<OutsideAccount>> AccountsAsync()
    {
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return await OutsideAccount.ListAsync(snapshot, Maya.Id);
    }

    private protected async Task<IReadOnlyList<ProviderBridge.Sync.Link>> LinksAsync()
    {
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return await ProviderBridge.Sync.Link.ListAsync(snapshot, Maya.Id);
    }

    private protected AccountTokens TokensOf(OutsideAccount account) => ((Providers)Server.Services.GetService(typeof(Providers))!).Find(account.Provider)!.SignIn!.Tokens;

    private protected static async Task UntilAsync(Func<Task<bool>> isSo, string what)
    {
        var since = Stopwatch.StartNew();
        while (!await isSo())
        {
            Assert.True(since.Elapsed < TimeSpan.FromSeconds(40), $"After 40 seconds it was not so that {what}.");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }
}
