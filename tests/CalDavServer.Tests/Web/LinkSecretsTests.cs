using System.Text;
using CalDavServer.Options;
using CalDavServer.Tests.Hosting;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NodaTime;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using ProviderBridge.Accounts;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>
/// What opens an outside account, and what somebody wrote, is searched for wherever it need not be: in the log, in the metrics, on the pages that say what is wrong, and, of what opens an account, in the files of
/// the database and of a backup.
/// </summary>
public abstract class LinkSecretsTests : OutsidePageTest
{
    private const string Token = "0123456789abcdefTOKEN";

    private protected override ServerOptions? Hosting => Side.Register(new ServerOptions()) with
    {
        MetricsToken = Token,
        RequestLog = true,
        LinkTimes = new LinkTimes { Poll = TimeSpan.FromMilliseconds(300), Gather = TimeSpan.FromMilliseconds(20), FirstPause = TimeSpan.FromMilliseconds(300) },
    };

    /// <summary>What opens the account that was connected.</summary>
    private protected abstract Task<IReadOnlyList<string>> SecretsAsync(OutsideAccount account);

    /// <summary>Where whoever sends something wrong is told so.</summary>
    private protected abstract IReadOnlyList<string> WrongRequests { get; }

    [Fact]
    public async Task Nothing_that_opens_an_account_and_nothing_that_somebody_wrote_is_where_it_need_not_be()
    {
        var log = Server.KeepLog(LogLevel.Trace);
        using var browser = await SignedInAsync("maya");
        var start = Server.Clock.GetCurrentInstant().InUtc().Date.PlusDays(3).At(new LocalTime(9, 0));
        await new Diary(Server.Store, Server.Clock, Maya.Id, AuditActor.OnPages(Maya, "session")).BookAsync(new Booking([new Patient("PT-1", "Canaryjane", "Canarybrown", null)], "Canarytype", start, Duration.FromMinutes(45)) { Comments = "Canarycomment" });
        var link = await LinkAsync(browser);
        await UntilAsync(async () => (await Side.SeenAsync()).Count == 1, "it is outside");
        await Side.InCalendarAsync("create", new() { ["title"] = "Canarytheirs", ["start"] = At(start.PlusHours(2)), ["end"] = At(start.PlusHours(3)) });
        await UntilAsync(async () => (await LinksAsync()).Single().Count == 2, "what was made there is here");
        var secrets = await SecretsAsync(Assert.Single(await AccountsAsync()));
        Assert.All(secrets, static secret => Assert.True(secret.Length > 12, "It is too short to be searched for."));

        // a person's own page previews what is shown of an appointment of theirs
        List<string> own = [], told = [];
        await Side.SilenceAsync();
        await UntilAsync(async () => Told(await browser.GetAsync(link.Path)).Contains("does not answer", StringComparison.Ordinal), "the page says so");
        await Side.AnswerAsync();
        await Side.TakeBackAsync();
        await UntilAsync(async () => Told(await browser.GetAsync(link.Path)).Contains("Connect again", StringComparison.Ordinal), "the page says that, too");
        foreach (var wrong in WrongRequests) told.Add((await browser.GetAsync(wrong)).Text);
        told.AddRange([await MetricsAsync(), .. log]);
        Assert.True(log.Count > 20, $"{log.Count} lines were logged.");
        foreach (var word in secrets.Append("sandbox-secret")) Assert.DoesNotContain(own.Concat(told), text => text.Contains(word, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(told, text => text.Contains("Canary", StringComparison.OrdinalIgnoreCase));

        var folder = Directory.CreateTempSubdirectory("backup-").FullName;
        try
        {
            await Server.Store.BackupAsync(Path.Combine(folder, "copy"), cancellationToken: TestContext.Current.CancellationToken);
            foreach (var file in Server.StoredFiles.Where(static file => !file.EndsWith(".lock", StringComparison.Ordinal)).Concat(Directory.GetFiles(folder))) await AssertLacksAsync(file, secrets);
            // what is not encrypted there would have been found
            await Assert.ThrowsAnyAsync<Exception>(() => AssertLacksAsync(Path.Combine(folder, "copy"), ["Canarycomment"]));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        string Told(PageAnswer page)
        {
            own.Add(page.Text);
            return page.Text;
        }
    }

    private static async Task AssertLacksAsync(string file, IReadOnlyList<string> secrets)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy, TestContext.Current.CancellationToken);
        var bytes = copy.ToArray();
        foreach (var secret in secrets.SelectMany(static one => (byte[][])[Encoding.UTF8.GetBytes(one), Encoding.Unicode.GetBytes(one), Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes(one)).TrimEnd('=')[..^1])]))
            Assert.True(bytes.AsSpan().IndexOf(secret) < 0, $"{Path.GetFileName(file)} has what opens an account.");
    }

    private async Task<string> MetricsAsync()
    {
        using var http = new HttpClient { BaseAddress = Server.Address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", Token);
        return await http.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
    }

    private static string At(LocalDateTime at) => at.ToString("uuuu-MM-dd'T'HH':'mm", System.Globalization.CultureInfo.InvariantCulture);

    private protected async Task<IReadOnlyList<string>> TokensAsync(OutsideAccount account)
    {
        var kept = new AccountSecrets(Server.Store, Server.Clock, Server.Services.GetRequiredService<IDataProtectionProvider>()).Read(account);
        return [kept!, await TokensOf(account).GetAsync(account.Key, TestContext.Current.CancellationToken)];
    }
}

public sealed class GoogleLinkSecretsTests : LinkSecretsTests
{
    private protected override IReadOnlyList<string> WrongRequests => ["/settings/integrations/google/back?code=Canarycode&state=Canarystate", "/settings/integrations/google/back?error=Canaryerror", "/settings/sync/links/Canarylink"];

    private protected override Task<OutsideSide> StartSideAsync() => VendorSide.StartAsync("google");

    private protected override Task<IReadOnlyList<string>> SecretsAsync(OutsideAccount account) => TokensAsync(account);
}

public sealed class MicrosoftLinkSecretsTests : LinkSecretsTests
{
    private protected override IReadOnlyList<string> WrongRequests => ["/settings/integrations/microsoft/back?code=Canarycode&state=Canarystate", "/settings/integrations/microsoft/back?error=Canaryerror&error_description=Canarywords"];

    private protected override Task<OutsideSide> StartSideAsync() => VendorSide.StartAsync("microsoft");

    private protected override Task<IReadOnlyList<string>> SecretsAsync(OutsideAccount account) => TokensAsync(account);
}

public sealed class CalDavLinkSecretsTests : LinkSecretsTests
{
    private protected override IReadOnlyList<string> WrongRequests => ["/settings/integrations/Canaryservice"];

    private protected override async Task<OutsideSide> StartSideAsync() => await CalDavSide.StartAsync("icloud");

    private protected override Task<IReadOnlyList<string>> SecretsAsync(OutsideAccount account) => Task.FromResult<IReadOnlyList<string>>([((CalDavSide)Side).Options.AppPassword, ((CalDavSide)Side).Options.MainPassword]);
}
