using System.Text;
using System.Text.Json.Nodes;
using Calendaring.ICalendar;
using Calendaring.Occurrences;
using Calendaring.Recurrence;
using Calendaring.Store;
using Calendaring.Store.Sqlite;
using Calendaring.TimeZones;
using NodaTime;
using Polly;
using Practice;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using Practice.Groups;
using Practice.Hx;
using ProviderBridge.CalDav;
using ProviderBridge.Sync;
using ProviderBridge.Tests.Sync;
using Sandbox.CalDav;
using Sandbox.Tests.Sync;

namespace Sandbox.Tests.CalDav;

/// <summary>A practitioner's diary on a real store, a CalDAV server that others wrote behind a front that does as iCloud does, and the link between the two over real sockets.</summary>
internal sealed class CalDavLink : IAsyncDisposable
{
    private static readonly DateTimeZone Melbourne = DateTimeZoneProviders.Tzdb["Australia/Melbourne"];
    private static readonly Instant First = Instant.FromUtc(2025, 1, 1, 0, 0);
    private static readonly Instant Last = Instant.FromUtc(2027, 1, 1, 0, 0);
    private readonly string _folder = Directory.CreateTempSubdirectory("caldav-link-").FullName;
    private HandClock _clock = new();
    private OutsideLink? _first;
    private MissingObjects _missing = new();
    private CalDavConnections _connections = null!;

    public required CalDavFront Front { get; init; }

    public required FrontOptions Options { get; init; }

    public required CalDavUser User { get; init; }

    public required PrivacyLevel Level { get; init; }

    public string Login { get; init; } = "";

    /// <summary>Gives the ids of what is new in the diary.</summary>
    public Func<Guid> NewId { get; init; } = Guid.NewGuid;

    public ICalendarStore Store { get; private set; } = null!;

    public Diary Diary { get; private set; } = null!;

    public string Practitioner { get; private set; } = "";

    public LinkKey Key => new(Practitioner, LinkId);

    /// <summary>What the link is called among those of the practitioner.</summary>
    public string LinkId => _first is null ? "l1" : "l3";

    public CalDavAccess Access { get; private set; } = null!;

    public Uri Where { get; private set; } = null!;

    public Instant Now => _clock.Now;

    /// <summary>How what fails is tried again: not at all, so that a fault reaches the engine.</summary>
    public ResiliencePipeline Pipeline { get; set; } = ResiliencePipeline.Empty;

    public Patient Jane { get; } = new("PT-90125", "Jane-Frances", "Brownlow", null);

    public CalDavCalendar Calendar => new(Access, Where, Key, new EventOwners(Store, Key), _clock, Pipeline, _missing);

    public static async Task<CalDavLink> StartAsync(PrivacyLevel level = PrivacyLevel.Initials, Func<FrontOptions, FrontOptions>? change = null, string program = "radicale", Func<Guid>? newId = null, OutsideLink? beside = null)
    {
        var upstream = await CalDavProgram.FindAsync(program);
        var options = new FrontOptions { Upstream = upstream };
        options = change?.Invoke(options) ?? options;
        var login = program switch
        {
            "xandikos" => "user",
            "cyrus" => CyrusProgram.Account,
            _ => $"sam{Guid.NewGuid():N}@example.com",
        };
        var link = new CalDavLink { Front = await CalDavFront.StartAsync(options), Options = options, User = new CalDavUser(upstream, login, options.AppPassword), Level = level, Login = login, NewId = newId ?? Guid.NewGuid, _first = beside };
        await link.BeginAsync();
        return link;
    }

    public void Advance(Duration by)
    {
        _clock.Now += by;
        User.Now = _clock.Now;
    }

    /// <summary>A pass; afterwards a minute has gone by. One that ends by an exception of the test's has left its lease behind, and the next may begin when that is over.</summary>
    public async Task<PassResult> PassAsync(ICalendarStore? store = null)
    {
        try
        {
            return await new LinkPass(store ?? Store, _clock, Calendar).RunAsync(Key, TestContext.Current.CancellationToken);
        }
        finally
        {
            Advance(Duration.FromMinutes(store is null ? 1 : 6));
        }
    }

    /// <summary>Passes until nothing is left to do: the last of them has written nothing on either side, and has asked once.</summary>
    public async Task SettleAsync(string history = "")
    {
        for (var n = 0; n < 4; n++)
        {
            if (await LinkAsync() is { State: LinkState.DeletesHeld } held) await PutAsync(held with { State = LinkState.Active, AllowedDeletions = 1000 });
            await PassAsync();
        }

        await AssertAgreeAsync(history);
        Front.Forget();
        var change = (await HxAsync()).Change;
        Assert.Equal(PassResult.Done, await PassAsync());
        Assert.True(change == (await HxAsync()).Change, $"the practice was written to in a quiet pass\n{history}");
        Assert.True(Front.Seen.Count == 1 && !Front.Seen[0].IsWrite, $"a quiet pass asked {string.Join('\n', Front.Seen.Select(one => $"{one.What} {one.Path}"))}\n{history}");
    }

    /// <summary>Each occurrence on one side is on the other, with the same words, once.</summary>
    public async Task AssertAgreeAsync(string history = "")
    {
        var (here, there) = (await HereAsync(), await ThereAsync());
        Assert.True(here.SequenceEqual(there), $"here only:\n{string.Join('\n', Less(here, there))}\nthere only:\n{string.Join('\n', Less(there, here))}\n{history}\n{string.Join('\n', await ItemsAsync())}");
        static IEnumerable<string> Less(List<string> all, List<string> without)
        {
            var rest = all.ToList();
            foreach (var one in without) rest.Remove(one);
            return rest;
        }
    }

    /// <summary>What the link is shown, occurrence by occurrence.</summary>
    public async Task<List<string>> HereAsync() => Occurrences((await ShownAsync()).Values);

    /// <summary>What the link is shown, by UID.</summary>
    public async Task<Dictionary<string, CalendarObject>> ShownAsync()
    {
        var hx = await HxAsync();
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var link = await Link.FindAsync(snapshot, Key);
        Dictionary<string, CalendarObject> shown = [];
        List<ObjectRow> rows = [];
        await foreach (var row in snapshot.ListRowsAsync(hx.Id)) rows.Add(row);
        foreach (var row in rows.Where(row => row.Published))
        {
            var view = HxCalendar.ShowLink((await snapshot.FindObjectAsync(hx.Id, row.Name))!, Key.LinkId, link?.Level ?? Level);
            if (!view.IsHidden || link?.PrivateAs != PrivateAs.Nothing) shown[row.Index.Uid] = view.Content;
        }

        return shown;
    }

    /// <summary>Notes which appointment an object is of.</summary>
    public async Task NoteAsync(Ledger ledger)
    {
        foreach (var item in (await ItemsAsync()).Select(one => JsonNode.Parse(one)!))
        {
            if ((string?)item["outsideId"] is { } id) ledger.Know(id, (string)item["uid"]!);
        }
    }

    /// <summary>All that the server was ever asked, as one text.</summary>
    public string Asked() => string.Join('\n', Front.Ever.Select(one => $"{one.What} {Uri.UnescapeDataString(one.Path)}\n{one.Headers}\n{one.Body.Replace("\r\n ", "", StringComparison.Ordinal)}"));

    /// <summary>The UIDs of the appointments.</summary>
    public async Task<List<string>> UidsAsync()
    {
        var hx = await HxAsync();
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return await snapshot.ListRowsAsync(hx.Id).Select(row => row.Index.Uid).ToListAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>What a person sees there.</summary>
    public async Task<List<string>> ThereAsync() => Occurrences((await User.ListAsync()).Select(one => CalendarObject.Parse(Encoding.UTF8.GetBytes(one.Text))));

    /// <summary>A device of the practitioner puts an event into the HX_ calendar.</summary>
    public async Task PutAsDeviceAsync(string uid, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var sending = new ExternalSending(bytes, CalendarObject.Parse(bytes), uid);
        var outcome = await new ExternalChanges(Store, _clock, PracticeGroup.MirrorsHalaxyAsync).PutAsync(Practitioner, $"{uid}.ics", new ExternalOrigin("d1", "Phone", PrivacyLevel.FullName), (_, _) => ValueTask.FromResult<ExternalSending?>(sending), cancellationToken: TestContext.Current.CancellationToken);
        Assert.IsType<ExternalApplied>(outcome);
    }

    /// <summary>What the link knows of each appointment, for whoever looks into a failure.</summary>
    private async Task<List<string>> ItemsAsync()
    {
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return [.. (await snapshot.ListRecordsAsync("link-item", LinkId)).Select(one => Encoding.UTF8.GetString(one.Document.Span))];
    }

    /// <summary>What the link was shown of each appointment when both sides last agreed, by UID.</summary>
    public async Task<Dictionary<string, CalendarObject>> BasesAsync() => (await ItemsAsync()).Select(one => JsonNode.Parse(one)!).Where(item => (string)item["hxBase"]! != "")
        .ToDictionary(item => (string)item["uid"]!, item => CalendarObject.Parse(System.Text.Encoding.UTF8.GetBytes((string)item["hxBase"]!)));

    public async Task<Link> LinkAsync()
    {
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return (await Link.FindAsync(snapshot, Key))!;
    }

    public async Task PutAsync(Link link) => Assert.True((await Store.ApplyAsync(StoreBatch.Of(link.Put()), TestContext.Current.CancellationToken)).Succeeded);

    /// <summary>The process begins anew: what it had in memory is gone.</summary>
    public void Restart() => _missing = new MissingObjects();

    /// <summary>The link ends, and its calendar stays.</summary>
    /// <param name="isNoted">Whether what it leaves is noted, as it always is now.</param>
    public async Task EndAsync(bool isNoted = true)
    {
        var link = await LinkAsync();
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var steps = (await link.EndAsync(snapshot)).Where(step => isNoted || step is not PutRecord { Kind: "link-left" });
        Assert.True((await Store.ApplyAsync(new StoreBatch([.. steps]), TestContext.Current.CancellationToken)).Succeeded);
    }

    /// <summary>A new link to the same calendar.</summary>
    public Task MakeAgainAsync() => PutAsync(new Link(LinkId, Practitioner, "caldav", "CalDAV", Level));

    public async Task<IReadOnlyList<Conflict>> ConflictsAsync()
    {
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return await Conflict.ListAsync(snapshot, Practitioner);
    }

    public async Task<Collection> HxAsync()
    {
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return (await snapshot.FindCollectionAsync(Practitioner, HxCalendar.CollectionName))!;
    }

    public async ValueTask DisposeAsync()
    {
        User.Dispose();
        _connections.Dispose();
        if (_first is null) await Store.DisposeAsync();
        await Front.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task BeginAsync()
    {
        if (_first is null) await OpenAsync();
        else (_clock, Store, Practitioner, Diary) = (_first.Hand, _first.Store, _first.Practitioner, _first.Diary);
        Advance(Duration.Zero);
        _connections = new CalDavConnections(new CalDavReach { Internal = ["127.0.0.1"] });
        var credentials = new CalDavCredentials(Login, Options.AppPassword);
        var found = await CalDavDiscovery.FindAsync(_connections, Front.Address, credentials, TestContext.Current.CancellationToken);
        Access = new CalDavAccess(_connections, found.Server, credentials);
        Where = (await CalDavPlaces.MakeAsync(Access, "HX_Riverbend", TestContext.Current.CancellationToken)).Address;
        User.Calendar = Where.AbsolutePath;
        await PutAsync(new Link(LinkId, Practitioner, "caldav", "CalDAV", Level) { CalendarId = Where.AbsoluteUri });
        Front.Forget();
    }

    private async Task OpenAsync()
    {
        Store = await SqliteStore.OpenAsync(Path.Combine(_folder, "store.db"), _clock);
        var directory = new PracticeDirectory(Store, _clock);
        var group = await directory.CreatePracticeAsync("Riverbend", Melbourne.Id);
        Practitioner = (await directory.CreatePersonAsync("maya", "Maya", null, PrincipalRole.Practitioner, group.Id, "maya")).Id;
        Diary = new Diary(Store, _clock, Practitioner, new AuditActor("Maya", ActorVia.Web, Practitioner, "session")) { NewId = NewId };
    }

    private static List<string> Occurrences(IEnumerable<CalendarObject> objects)
    {
        List<string> all = [];
        foreach (var content in objects)
        {
            var occurrences = RecurrenceSet.Of(content, new ZoneResolver(content.Calendar, Melbourne)).Between(First, Last, new ExpansionBudget(ExpansionBudget.DefaultSteps));
            all.AddRange(occurrences.Select(one => $"{Text(one.Start)} to {Text(one.End)} {one.Component.Find("SUMMARY")?.Text}"));
        }

        return [.. all.Order(StringComparer.Ordinal)];
        static string Text(Instant at) => CalDavUser.Text(at.InZone(Melbourne).LocalDateTime);
    }
}
