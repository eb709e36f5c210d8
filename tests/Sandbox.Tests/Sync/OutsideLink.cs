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
using ProviderBridge.Sync;
using ProviderBridge.Tests.Sync;
using Sandbox.Tests.Contract;

namespace Sandbox.Tests.Sync;

/// <summary>A practitioner's diary on a real store, the stand-in for a service, and the link between the two over a real socket.</summary>
internal abstract class OutsideLink : IAsyncDisposable
{
    protected static readonly DateTimeZone Melbourne = DateTimeZoneProviders.Tzdb["Australia/Melbourne"];
    private static readonly Instant First = Instant.FromUtc(2025, 1, 1, 0, 0);
    private static readonly Instant Last = Instant.FromUtc(2027, 1, 1, 0, 0);
    private readonly string _folder = Directory.CreateTempSubdirectory("outside-link-").FullName;
    private HandClock _clock = new();
    private OutsideLink? _first;
    private Instant _renewed;

    protected OutsideLink(Scene scene, PrivacyLevel level, Prism? through = null) => (Scene, Level, Wire) = (scene, level, new Wire { Through = through });

    public Scene Scene { get; }

    public PrivacyLevel Level { get; }

    public Wire Wire { get; }

    public ICalendarStore Store { get; private set; } = null!;

    public Diary Diary { get; private set; } = null!;

    /// <summary>Gives the ids of what is new in the diary.</summary>
    public Func<Guid> NewId { get; init; } = Guid.NewGuid;

    public string Practitioner { get; private set; } = "";

    public LinkKey Key => new(Practitioner, LinkId);

    /// <summary>What the link is called among those of the practitioner.</summary>
    public string LinkId { get; init; } = "l1";

    public HandClock Hand => _clock;

    public Instant Now => _clock.Now;

    /// <summary>What the stand-in calls the account and the calendar in it.</summary>
    public abstract string Account { get; }

    public abstract string CalendarId { get; }

    /// <summary>Whether an occurrence may pass the one before or after it, or be on its day.</summary>
    public virtual bool OccurrencesMayPass => true;

    /// <summary>Whether there can be an occurrence that its series does not have any more.</summary>
    public virtual bool HasOrphans => true;

    /// <summary>How many requests it takes to list a calendar with two series when the cursor is lost.</summary>
    public abstract int RequestsForAll { get; }

    /// <summary>How many requests it takes to list a calendar of two pages, of which the second is lost once.</summary>
    public abstract int RequestsForPages { get; }

    protected IClock Clock => _clock;

    /// <summary>How what fails is tried again: not at all, so that a fault reaches the engine.</summary>
    public ResiliencePipeline Pipeline { get; set; } = ResiliencePipeline.Empty;

    public Patient Jane { get; } = new("PT-90125", "Jane-Frances", "Brownlow", null);

    public int PageSize { get; set; } = 2500;

    public abstract IOutsideCalendar Calendar { get; }

    /// <summary>Tells which events are which appointments'.</summary>
    protected EventOwners Owners => new(Store, Key);

    /// <summary>The operation of the stand-in that is called insert, update, delete, get, list or instances.</summary>
    public abstract string Operation(string name);

    /// <summary>A rule for <see cref="PersonAsync"/>: every week on the day of a date, so many times.</summary>
    public abstract JsonNode Weekly(string start, int count);

    /// <summary>Changes for <see cref="PersonAsync"/>.</summary>
    public abstract JsonObject Saying(string? title = null, string? description = null, string? place = null, string? start = null, string? end = null);

    /// <summary>Changes for <see cref="PersonAsync"/> that mark an event as private.</summary>
    public abstract JsonObject MarkedPrivate { get; }

    /// <summary>The words of all events as the person wrote them, markup and all.</summary>
    public abstract Task<string> WordsAsync();

    /// <summary>A device of the practitioner puts a personal appointment into the practice's calendar: what it may say is more than the diary's own pages know.</summary>
    public async Task DevicePutsAsync(string uid, params string[] lines)
    {
        var content = CalendarObject.Parse(System.Text.Encoding.UTF8.GetBytes(new Fidelity.Sample("one", lines).Text(uid)));
        var sending = new ExternalSending(content.ToText(), content, uid) { Knows = true };
        var outcome = await new ExternalChanges(Store, _clock, PracticeGroup.MirrorsHalaxyAsync).PutAsync(Practitioner, $"{uid}.ics", new ExternalOrigin("phone", "Phone", PrivacyLevel.FullName), (_, _) => ValueTask.FromResult<ExternalSending?>(sending));
        Assert.IsType<ExternalApplied>(outcome);
    }

    /// <summary>The person does something by hand.</summary>
    public Task<JsonNode?> PersonAsync(string verb, JsonObject? body = null) => Scene.UserAsync($"{Uri.EscapeDataString(Account)}/calendars/{Uri.EscapeDataString(CalendarId)}/{verb}", body);

    /// <summary>The person creates a series by hand.</summary>
    public Task<JsonNode?> PersonRepeatsAsync(string title, string start, string end, int count) =>
        PersonAsync("create", new JsonObject { ["title"] = title, ["start"] = start, ["end"] = end, ["rule"] = Weekly(start, count) });

    protected async Task<OutsideLink> BeginAsync(string provider)
    {
        await AdvanceAsync(Duration.Zero);
        Store = await SqliteStore.OpenAsync(Path.Combine(_folder, "store.db"), _clock);
        var directory = new PracticeDirectory(Store, _clock);
        var group = await directory.CreatePracticeAsync("Riverbend", Melbourne.Id);
        Practitioner = (await directory.CreatePersonAsync("maya", "Maya", null, PrincipalRole.Practitioner, group.Id, "maya")).Id;
        Diary = new Diary(Store, _clock, Practitioner, new AuditActor("Maya", ActorVia.Web, Practitioner, "session")) { NewId = NewId };
        await LinkAsync(provider);
        return this;
    }

    /// <summary>Links beside another service: the same diary, by the same clock.</summary>
    protected async Task<OutsideLink> JoinAsync(OutsideLink first, string provider)
    {
        (_first, _clock, Store, Practitioner, Diary) = (first, first._clock, first.Store, first.Practitioner, first.Diary);
        await LinkAsync(provider);
        return this;
    }

    private async Task LinkAsync(string provider)
    {
        await ConnectAsync();
        _renewed = _clock.Now;
        await PutAsync(new Link(LinkId, Practitioner, provider, provider, Level));
    }

    protected abstract Task ConnectAsync();

    protected abstract Task RenewAsync();

    /// <summary>Time goes on, here and there.</summary>
    public Task AdvanceAsync(Duration by)
    {
        _clock.Now += by;
        return Scene.UserAsync("clock", new JsonObject { ["now"] = NodaTime.Text.InstantPattern.General.Format(_clock.Now), ["running"] = false });
    }

    /// <summary>A pass; afterwards a minute has gone by. One that ends by <see cref="CutException"/> has left its lease behind, and the next may begin when that is over.</summary>
    public async Task<PassResult> PassAsync(ICalendarStore? store = null)
    {
        if (_clock.Now > _renewed + Duration.FromMinutes(30))
        {
            await RenewAsync();
            _renewed = _clock.Now;
        }

        try
        {
            return await new LinkPass(store ?? Store, _clock, Calendar).RunAsync(Key, TestContext.Current.CancellationToken);
        }
        finally
        {
            await AdvanceAsync(Duration.FromMinutes(store is null ? 1 : 6));
        }
    }

    /// <summary>What is the same in an id as the person sees it and as an application does.</summary>
    public virtual string KeyOf(string id) => id;

    /// <summary>Notes which appointment an event is of.</summary>
    public async Task NoteAsync(Ledger ledger)
    {
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        foreach (var item in (await snapshot.ListRecordsAsync("link-item", LinkId)).Select(one => JsonNode.Parse(one.Document.Span)!))
        {
            if ((string?)item["outsideId"] is { } id) ledger.Know(KeyOf(id), (string)item["uid"]!);
            // one date of a series is not followed
            foreach (var part in item["outsideParts"]?.AsObject() ?? []) ledger.Leave(KeyOf(part.Key));
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
        Wire.Forget();
        var change = (await HxAsync()).Change;
        Assert.Equal(PassResult.Done, await PassAsync());
        Assert.True(change == (await HxAsync()).Change, $"the practice was written to in a quiet pass\n{history}");
        Assert.True(Wire.All.Count == 1 && !Wire.All[0].IsWrite, $"a quiet pass asked {string.Join('\n', Wire.All.Select(one => $"{one.Method} {one.Path}"))}\n{history}");
    }

    /// <summary>Each occurrence on one side is on the other, with the same words, once; but for series of which the service can hold an occurrence nowhere, and the link says so.</summary>
    public async Task AssertAgreeAsync(string history = "")
    {
        var passing = OccurrencesMayPass ? [] : await PassingAsync();
        var (here, there) = (await HereAsync(passing.Keys), await ThereAsync(passing.Values));
        // whether they are there depends on when they were made
        foreach (var one in await OldPartsAsync()) _ = (here.Remove(one), there.Remove(one));
        Assert.True(here.SequenceEqual(there), $"here only:\n{string.Join('\n', Less(here, there))}\nthere only:\n{string.Join('\n', Less(there, here))}\n{history}\n{string.Join('\n', await ItemsAsync())}");
        static IEnumerable<string> Less(List<string> all, List<string> without)
        {
            var rest = all.ToList();
            foreach (var one in without) rest.Remove(one);
            return rest;
        }
    }

    /// <summary>What a series that is there as single events had longer ago than those are made for (docs/fidelity.md).</summary>
    private async Task<IReadOnlyList<string>> OldPartsAsync()
    {
        var shown = await ShownAsync();
        var inParts = (await ItemsAsync()).Select(one => JsonNode.Parse(one)!).Where(item => item["outsideParts"] is not null).Select(item => (string)item["uid"]!);
        return [.. inParts.Where(shown.ContainsKey).SelectMany(uid => TextsOf(shown[uid], Now - Duration.FromDays(31)))];
    }

    /// <summary>The series of which an occurrence passes another or is on its day, by UID with their ids outside: those that the link says the service does not take.</summary>
    private async Task<Dictionary<string, string>> PassingAsync()
    {
        var shown = await ShownAsync();
        Dictionary<string, string> passing = [];
        foreach (var item in (await ItemsAsync()).Select(one => JsonNode.Parse(one)!))
        {
            if ((string?)item["quarantine"] is not { } said || !said.Contains("neither move past", StringComparison.Ordinal) || (string?)item["outsideId"] is not { } id) continue;
            var content = shown[(string)item["uid"]!];
            var starts = RecurrenceSet.Of(content, new ZoneResolver(content.Calendar, Melbourne)).Between(First, Last, new ExpansionBudget(ExpansionBudget.DefaultSteps))
                .Where(one => one.RecurrenceId is not null).OrderBy(one => one.RecurrenceId!.Value.Local).Select(one => one.Start.InZone(Melbourne).Date).ToList();
            Assert.True(starts.Zip(starts.Skip(1)).Any(pair => pair.First >= pair.Second), $"no occurrence passes another: {said}");
            passing[(string)item["uid"]!] = id;
        }

        return passing;
    }

    /// <summary>What the link is shown, occurrence by occurrence.</summary>
    /// <param name="without">Series that are left out, by UID.</param>
    public async Task<List<string>> HereAsync(IReadOnlyCollection<string>? without = null)
    {
        List<string> all = [];
        foreach (var content in (await ShownAsync()).Where(one => without?.Contains(one.Key) != true).Select(one => one.Value))
        {
            if (!HasOrphans) RemoveOrphans(content);
            all.AddRange(TextsOf(content, Last));
        }

        return [.. all.Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> TextsOf(CalendarObject content, Instant until)
    {
        static string Text(Instant at) => at.InZone(Melbourne).LocalDateTime.ToString("uuuu-MM-dd HH:mm", null);
        return RecurrenceSet.Of(content, new ZoneResolver(content.Calendar, Melbourne)).Between(First, until, new ExpansionBudget(ExpansionBudget.DefaultSteps))
            .Select(one => $"{Text(one.Start)} to {Text(one.End)} {one.Component.Find("SUMMARY")?.Text}");
    }

    /// <summary>What is kept of an occurrence that its series does not have any more (RFC 5545 lets it be) cannot be outside.</summary>
    private static void RemoveOrphans(CalendarObject content)
    {
        var series = content.Clone();
        foreach (var single in series.Calendar.Components.Where(one => one.Find("RECURRENCE-ID") is not null).ToList()) series.Calendar.Remove(single);
        var zones = new ZoneResolver(content.Calendar, Melbourne);
        foreach (var single in content.Calendar.Components.Where(one => one.Find("RECURRENCE-ID") is not null).ToList())
        {
            Assert.True(single.Find("RECURRENCE-ID")!.TryReadTime(out var time));
            var at = zones.ToInstant(time);
            if (RecurrenceSet.Of(series, zones).Between(at, at + Duration.FromSeconds(1), new ExpansionBudget(ExpansionBudget.DefaultSteps)).All(one => one.Start != at)) content.Calendar.Remove(single);
        }
    }

    /// <summary>What a person sees outside.</summary>
    /// <param name="without">Series that are left out, by their ids.</param>
    public async Task<List<string>> ThereAsync(IReadOnlyCollection<string>? without = null) =>
        [.. (await SeenAsync()).Where(one => (bool)one["live"]! && without?.Contains((string?)one["series"] ?? "") != true).Select(one => $"{Whole(one["start"])} to {Whole(one["end"])} {one["title"]}").Order(StringComparer.Ordinal)];

    public async Task<IReadOnlyList<JsonObject>> SeenAsync()
    {
        var text = await Scene.Http.GetStringAsync($"/user/{Uri.EscapeDataString(Account)}/calendars/{Uri.EscapeDataString(CalendarId)}/events");
        return [.. JsonNode.Parse(text)!.AsArray().Select(one => one!.AsObject())];
    }

    /// <summary>The id outside of what begins then, as a person sees it.</summary>
    public async Task<string> IdAtAsync(string start) => (string)(await SeenAsync()).First(one => (bool)one["live"]! && (string)one["start"]! == start)["id"]!;

    /// <summary>The id of the series of which an occurrence begins then.</summary>
    public async Task<string> SeriesAtAsync(string start) => (string)(await SeenAsync()).First(one => (bool)one["live"]! && (string)one["start"]! == start)["series"]!;

    /// <summary>What the link knows of each appointment, for whoever looks into a failure.</summary>
    private async Task<List<string>> ItemsAsync()
    {
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return [.. (await snapshot.ListRecordsAsync("link-item", LinkId)).Select(one => System.Text.Encoding.UTF8.GetString(one.Document.Span))];
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

    public async Task<IReadOnlyList<Conflict>> ConflictsAsync()
    {
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return await Conflict.ListAsync(snapshot, Practitioner);
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (_first is null)
        {
            await Store.DisposeAsync();
            await Scene.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
        Assert.True(Wire.Errors.Count == 0, string.Join('\n', Wire.Errors));
    }

    public async Task<Dictionary<string, CalendarObject>> ShownAsync()
    {
        var hx = await HxAsync();
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var link = await Link.FindAsync(snapshot, Key);
        List<ObjectRow> rows = [];
        await foreach (var row in snapshot.ListRowsAsync(hx.Id)) rows.Add(row);
        Dictionary<string, CalendarObject> shown = [];
        foreach (var row in rows.Where(row => row.Published))
        {
            var view = HxCalendar.ShowLink((await snapshot.FindObjectAsync(hx.Id, row.Name))!, Key.LinkId, link?.Level ?? Level);
            if (!view.IsHidden || link?.PrivateAs != PrivateAs.Nothing) shown[row.Index.Uid] = view.Content;
        }

        return shown;
    }

    public async Task<Collection> HxAsync()
    {
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return (await snapshot.FindCollectionAsync(Practitioner, HxCalendar.CollectionName))!;
    }

    private static string Whole(JsonNode? time) => (string)time! is { Length: 10 } day ? day + " 00:00" : (string)time!;
}
