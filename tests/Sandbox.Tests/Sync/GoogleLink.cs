using System.Text.Json.Nodes;
using Calendaring.ICalendar;
using Calendaring.Occurrences;
using Calendaring.Recurrence;
using Calendaring.Store;
using Calendaring.Store.Sqlite;
using Calendaring.TimeZones;
using Google.Apis.Calendar.v3;
using Google.Apis.Http;
using Google.Apis.Services;
using NodaTime;
using Polly;
using Practice;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using Practice.Groups;
using Practice.Hx;
using ProviderBridge.Google;
using ProviderBridge.Sync;

namespace Sandbox.Tests.Sync;

/// <summary>A practitioner's diary on a real store, the stand-in for Google, and the link between the two over a real socket.</summary>
internal sealed class GoogleLink : IAsyncDisposable
{
    private const string Email = "sam@gmail.com";
    private static readonly DateTimeZone Melbourne = DateTimeZoneProviders.Tzdb["Australia/Melbourne"];
    private static readonly Instant First = Instant.FromUtc(2026, 1, 1, 0, 0);
    private static readonly Instant Last = Instant.FromUtc(2027, 1, 1, 0, 0);
    private readonly string _folder = Directory.CreateTempSubdirectory("google-link-").FullName;
    private readonly Hand _clock = new();
    private CalendarService _service = null!;
    private string _refresh = "";
    private Instant _renewed;

    private GoogleLink(Scene scene, PrivacyLevel level) => (Scene, Level) = (scene, level);

    public Scene Scene { get; }

    public PrivacyLevel Level { get; }

    public Wire Wire { get; } = new();

    public ICalendarStore Store { get; private set; } = null!;

    public Diary Diary { get; private set; } = null!;

    public string Practitioner { get; private set; } = "";

    public GoogleUser User { get; private set; } = null!;

    public Instant Now => _clock.Now;

    /// <summary>How what fails is tried again: not at all, so that a fault reaches the engine.</summary>
    public ResiliencePipeline Pipeline { get; set; } = ResiliencePipeline.Empty;

    public Patient Jane { get; } = new("PT-1", "Jane", "Brownlow", null);

    public int PageSize { get; set; } = 2500;

    public GoogleCalendar Calendar => new(_service, User.CalendarId, "l1", Melbourne, Pipeline) { PageSize = PageSize };

    public static async Task<GoogleLink> StartAsync(PrivacyLevel level = PrivacyLevel.Initials, int units = 1_000_000)
    {
        var made = new GoogleLink(await Scene.StartAsync(options => options with { GoogleUserUnits = units, GoogleProjectUnits = 1_000_000 }), level);
        await made.AdvanceAsync(Duration.Zero);
        made.Store = await SqliteStore.OpenAsync(Path.Combine(made._folder, "store.db"), made._clock);
        var directory = new PracticeDirectory(made.Store, made._clock);
        var group = await directory.CreatePracticeAsync("Riverbend", Melbourne.Id);
        made.Practitioner = (await directory.CreatePersonAsync("maya", "Maya", null, PrincipalRole.Practitioner, group.Id, "maya")).Id;
        made.Diary = new Diary(made.Store, made._clock, made.Practitioner, new AuditActor("Maya", ActorVia.Web, made.Practitioner));
        await made.ConnectAsync();
        return made;
    }

    /// <summary>Time goes on, here and there.</summary>
    public Task AdvanceAsync(Duration by)
    {
        _clock.Now += by;
        return Scene.UserAsync("clock", new JsonObject { ["now"] = NodaTime.Text.InstantPattern.General.Format(_clock.Now), ["running"] = false });
    }

    /// <summary>A pass; afterwards a minute has gone by. One that ends by <see cref="CutException"/> has left its lease behind, and the next may begin when that is over.</summary>
    public async Task<PassResult> PassAsync(ICalendarStore? store = null)
    {
        if (_clock.Now > _renewed + Duration.FromMinutes(30)) await RenewAsync();
        try
        {
            return await new LinkPass(store ?? Store, _clock, Calendar).RunAsync(Practitioner, "l1", TestContext.Current.CancellationToken);
        }
        finally
        {
            await AdvanceAsync(Duration.FromMinutes(store is null ? 1 : 6));
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

    /// <summary>Each occurrence on one side is on the other, with the same words, once.</summary>
    public async Task AssertAgreeAsync(string history = "")
    {
        var (here, there) = (await HereAsync(), await ThereAsync());
        Assert.True(here.SequenceEqual(there), $"here only:\n{string.Join('\n', Less(here, there))}\nat Google only:\n{string.Join('\n', Less(there, here))}\n{history}\n{string.Join('\n', await ItemsAsync())}");
        static IEnumerable<string> Less(List<string> all, List<string> without)
        {
            var rest = all.ToList();
            foreach (var one in without) rest.Remove(one);
            return rest;
        }
    }

    /// <summary>What the link is shown, occurrence by occurrence.</summary>
    public async Task<List<string>> HereAsync()
    {
        List<string> all = [];
        foreach (var content in (await ShownAsync()).Values)
        {
            var occurrences = RecurrenceSet.Of(content, new ZoneResolver(content.Calendar, Melbourne)).Between(First, Last, new ExpansionBudget(ExpansionBudget.DefaultSteps));
            all.AddRange(occurrences.Select(one => $"{Text(one.Start)} to {Text(one.End)} {one.Component.Find("SUMMARY")?.Text}"));
        }

        return [.. all.Order(StringComparer.Ordinal)];
        static string Text(Instant at) => at.InZone(Melbourne).LocalDateTime.ToString("uuuu-MM-dd HH:mm", null);
    }

    /// <summary>What a person sees at Google.</summary>
    public async Task<List<string>> ThereAsync() =>
        [.. (await SeenAsync()).Where(one => (bool)one["live"]!).Select(one => $"{Whole(one["start"])} to {Whole(one["end"])} {one["title"]}").Order(StringComparer.Ordinal)];

    public async Task<IReadOnlyList<JsonObject>> SeenAsync()
    {
        var text = await Scene.Http.GetStringAsync($"/user/{Uri.EscapeDataString(User.Account)}/calendars/{Uri.EscapeDataString(User.CalendarId)}/events");
        return [.. JsonNode.Parse(text)!.AsArray().Select(one => one!.AsObject())];
    }

    /// <summary>The id at Google of what begins then, as a person sees it.</summary>
    public async Task<string> IdAtAsync(string start) => (string)(await SeenAsync()).First(one => (bool)one["live"]! && (string)one["start"]! == start)["id"]!;

    /// <summary>What the link knows of each appointment, for whoever looks into a failure.</summary>
    private async Task<List<string>> ItemsAsync()
    {
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return [.. (await snapshot.ListRecordsAsync("link-item", "l1")).Select(one => System.Text.Encoding.UTF8.GetString(one.Document.Span))];
    }

    public async Task<Link> LinkAsync()
    {
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return (await Link.FindAsync(snapshot, Practitioner, "l1"))!;
    }

    public async Task PutAsync(Link link) => Assert.True((await Store.ApplyAsync(StoreBatch.Of(link.Put()), TestContext.Current.CancellationToken)).Succeeded);

    public async Task<IReadOnlyList<Conflict>> ConflictsAsync()
    {
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return await Conflict.ListAsync(snapshot, Practitioner);
    }

    public async ValueTask DisposeAsync()
    {
        _service.Dispose();
        await Store.DisposeAsync();
        await Scene.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    public async Task<Dictionary<string, CalendarObject>> ShownAsync()
    {
        var hx = await HxAsync();
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        List<ObjectRow> rows = [];
        await foreach (var row in snapshot.ListRowsAsync(hx.Id)) rows.Add(row);
        Dictionary<string, CalendarObject> shown = [];
        foreach (var row in rows.Where(row => row.Published)) shown[row.Index.Uid] = CalendarObject.Parse(HxCalendar.Represent((await snapshot.FindObjectAsync(hx.Id, row.Name))!, Level));
        return shown;
    }

    public async Task<Collection> HxAsync()
    {
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return (await snapshot.FindCollectionAsync(Practitioner, HxCalendar.CollectionName))!;
    }

    private async Task ConnectAsync()
    {
        var tokens = await Scene.SignInAsync(Email);
        (Wire.Token, _refresh, _renewed) = ((string)tokens["access_token"]!, (string)tokens["refresh_token"]!, _clock.Now);
        User = await new GoogleUser(Scene, Email, Wire.Token).WithCalendarAsync();
        _service = new CalendarService(new BaseClientService.Initializer
        {
            BaseUri = Scene.Address + "/calendar/v3/",
            ApplicationName = "test",
            HttpClientFactory = Wire,
            HttpClientInitializer = Wire,
            GZipEnabled = false,
            DefaultExponentialBackOffPolicy = ExponentialBackOffPolicy.None,
        });
        await PutAsync(new Link("l1", Practitioner, "google", "Google", Level));
    }

    private async Task RenewAsync()
    {
        var answer = await Scene.TokenAsync("/token", ("grant_type", "refresh_token"), ("refresh_token", _refresh));
        (Wire.Token, _renewed) = ((string)answer.Json!["access_token"]!, _clock.Now);
    }

    private static string Whole(JsonNode? time) => (string)time! is { Length: 10 } day ? day + " 00:00" : (string)time!;

    private sealed class Hand : IClock
    {
        public Instant Now { get; set; } = Instant.FromUtc(2026, 3, 2, 0, 0);

        public Instant GetCurrentInstant() => Now;
    }
}
