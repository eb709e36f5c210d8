using CalDavServer.Tests.Hosting;
using Calendaring.Store.Sqlite;
using NodaTime;
using Xunit;

namespace CalDavServer.Tests.Reports;

/// <summary>sync-collection when removals are no longer remembered (RFC 6578 §3.8).</summary>
public sealed class SweptTombstoneTests : ReportTest
{
    private protected override SqliteStoreOptions StoreOptions => new() { TombstoneLifetime = Duration.Zero, HousekeepingInterval = Duration.FromMilliseconds(50) };

    [Fact(Timeout = 60_000)]
    public async Task A_token_from_before_a_forgotten_removal_is_refused_and_a_first_sync_in_pages_goes_on()
    {
        for (var i = 0; i < 3; i++) await PutTextAsync($"e{i}", Events.Event($"u{i}"));
        var old = (await SyncAsync("")).Root.Element(Xml.D + "sync-token")!.Value;
        await PutTextAsync("gone", Events.Event("gone"));
        await Client.DeleteAsync(Home + "gone.ics");
        while ((await SyncAsync(old)).Status == 207) await Task.Delay(20, TestContext.Current.CancellationToken);
        var refused = await SyncAsync(old);
        Assert.Equal(403, refused.Status);
        Assert.NotNull(refused.Root.Element(Xml.D + "valid-sync-token"));

        var token = "";
        var seen = new List<string>();
        for (var page = 0; page < 3; page++)
        {
            var answer = await SyncAsync(token, 1);
            Assert.Equal(207, answer.Status);
            seen.AddRange(answer.Hrefs.Where(href => href != Home).Select(href => Path.GetFileNameWithoutExtension(href)));
            token = answer.Root.Element(Xml.D + "sync-token")!.Value;
        }

        Assert.Equal(["e0", "e1", "e2"], seen);
    }

    private Task<DavAnswer> SyncAsync(string token, int? limit = null) =>
        ReportAsync(
            $"<D:sync-collection {CalDav}><D:sync-token>{token}</D:sync-token><D:sync-level>1</D:sync-level>{(limit is null ? "" : $"<D:limit><D:nresults>{limit}</D:nresults></D:limit>")}<D:prop><D:getetag/></D:prop></D:sync-collection>",
            depth: "0");
}
