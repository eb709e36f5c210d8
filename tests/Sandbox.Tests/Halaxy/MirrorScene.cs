using System.Text;
using System.Text.Json.Nodes;
using Calendaring.ICalendar;
using Calendaring.Store;
using Calendaring.Store.Sqlite;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Data.Sqlite;
using NodaTime;
using NodaTime.Text;
using Practice;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using Practice.Groups;
using Practice.Hx;
using ProviderBridge.Halaxy;
using ProviderBridge.Sync;
using ProviderBridge.Tests.Sync;

namespace Sandbox.Tests.Halaxy;

/// <summary>A practice group's diaries on a real store, connected to the stand-in for Halaxy over a real socket. Time stands until it is moved.</summary>
internal sealed class MirrorScene : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("halaxy-mirror-").FullName;
    private readonly Hand _clock = new();
    private HalaxyClient _client = null!;
    private HalaxyClients _clients = null!;
    private string _protectedSecret = "";

    /// <summary>What was asked of Halaxy.</summary>
    public Recorder Asked { get; } = new();

    /// <summary>What was asked of Halaxy for a booking.</summary>
    public Recorder BookAsked { get; } = new();

    public HalaxyScene Halaxy { get; private init; } = null!;

    public ICalendarStore Store { get; private set; } = null!;

    public string Group { get; private set; } = "";

    public string Maya { get; private set; } = "";

    public Diary Diary => DiaryOf(Maya);

    public IClock Clock => _clock;

    public Instant Now => _clock.Now;

    /// <summary>What encrypts, as the server does it.</summary>
    public IDataProtectionProvider Protection { get; } = new EphemeralDataProtectionProvider();

    public HalaxyBooking Booking { get; private set; } = null!;

    /// <summary>What the pages do with the connection; asked for as <see cref="BookAsked"/> is.</summary>
    public HalaxyConnections Connections { get; private set; } = null!;

    public ExternalOrigin Phone { get; } = new("phone", "Maya's phone", PrivacyLevel.FullName);

    public static async Task<MirrorScene> StartAsync(bool connects = true, string? scopes = null)
    {
        var scene = new MirrorScene { Halaxy = await HalaxyScene.StartAsync(scopes) };
        await scene.AdvanceAsync(Duration.Zero);
        await scene.OpenAsync();
        var directory = new PracticeDirectory(scene.Store, scene._clock);
        scene.Group = (await directory.CreatePracticeAsync("Riverbend", "Australia/Sydney")).Id;
        scene.Maya = await scene.PractitionerAsync("maya", "Maya Reed");
        scene._client = scene.Halaxy.Open(http: new HttpClient(scene.Asked));
        var secrets = new HalaxySecrets(scene.Protection);
        scene._protectedSecret = secrets.Protect(scene.Group, scene.Halaxy.Secret);
        // what waits for a while waits for as long as that lasts
        scene._clients = new HalaxyClients(new HttpClient(scene.BookAsked), secrets, SystemClock.Instance);
        scene.Booking = new HalaxyBooking(scene.Store, scene._clock, scene._clients);
        scene.Connections = scene.ConnectionsOn(scene.Store);
        if (connects) await scene.ConnectAsync((scene.Maya, scene.Halaxy.Practitioner));
        return scene;
    }

    /// <summary>The same on another store.</summary>
    public HalaxyConnections ConnectionsOn(ICalendarStore store) => new(store, _clock, _clients, new HalaxySecrets(Protection));

    public async Task<string> PractitionerAsync(string login, string name) =>
        (await new PracticeDirectory(Store, _clock).CreatePersonAsync(login, name, null, PrincipalRole.Practitioner, Group, login)).Id;

    /// <summary>A second practitioner, matched beside Maya.</summary>
    public async Task<(string Here, string There, string Role)> AddBenAsync()
    {
        var ben = await PractitionerAsync("ben", "Ben Ito");
        var there = await Halaxy.IdAsync("practitioner", new JsonObject { ["given"] = "Ben", ["family"] = "Ito" });
        var role = await Halaxy.IdAsync("role", new JsonObject { ["practitioner"] = there, ["clinic"] = Halaxy.Clinic });
        await ConnectAsync((Maya, Halaxy.Practitioner), (ben, there));
        return (ben, there, role);
    }

    public Func<Guid> NewId { get; set; } = Guid.NewGuid;

    public Diary DiaryOf(string practitioner) => new(Store, _clock, practitioner, new AuditActor("Somebody", ActorVia.Web, practitioner, "session")) { NewId = NewId };

    /// <summary>Connects, or connects again, with these practitioners matched.</summary>
    public async Task ConnectAsync(params (string Here, string There)[] matches)
    {
        var before = await ConnectionAsync();
        var made = (before ?? new HalaxyConnection(Group, Halaxy.Key.Address, Halaxy.Client, _protectedSecret, _clock.Now - Duration.FromDays(31))) with
        {
            State = HalaxyState.Active,
            Matches = [.. matches.Select(match => new HalaxyMatch(match.Here, match.There))],
            LastCompare = null,
        };
        await PutAsync(made, isConnected: true);
    }

    /// <summary>Books a personal appointment of Maya's in Halaxy, with the patient, the type and the clinic that are there.</summary>
    public Task<string?> BookAsync(string uid, HalaxyWish? wish = null) => Booking.BookAsync(Group, new AppointmentKey(Maya, uid), wish ?? new HalaxyWish(Halaxy.Patient, Halaxy.Service, Halaxy.Role), TestContext.Current.CancellationToken);

    public Task DisconnectAsync() => ChangeAsync(connection => connection with { State = HalaxyState.Disconnected }, isConnected: false);

    public async Task ChangeAsync(Func<HalaxyConnection, HalaxyConnection> change, bool isConnected = true) => await PutAsync(change((await ConnectionAsync())!), isConnected);

    public async Task<HalaxyConnection?> ConnectionAsync()
    {
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return await HalaxyConnection.FindAsync(snapshot, Group);
    }

    public async Task<IReadOnlyList<HalaxyTask>> TasksAsync()
    {
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return await HalaxyTask.ListAsync(snapshot, Group);
    }

    public async Task<IReadOnlyList<HalaxyOverruled>> OverruledAsync()
    {
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return await HalaxyOverruled.ListAsync(snapshot, Group);
    }

    /// <summary>A pass; afterwards a minute has gone by.</summary>
    public Task<PassResult> PassAsync(params string[] hinted) => PassAsync(Store, hinted);

    /// <summary>A pass on a store that may end it.</summary>
    public Task<PassResult> PassAsync(ICalendarStore store, params string[] hinted) => PassAsync(store, HalaxyPass.MostAskedInVain, hinted);

    /// <summary>A pass that may ask for so many appointments that are unknown here.</summary>
    public async Task<PassResult> PassAsync(ICalendarStore store, int mayAskInVain, params string[] hinted)
    {
        try
        {
            return await new HalaxyPass(store, _clock, _client, new HalaxyNames(store, _clock, Protection)) { MayAskInVain = mayAskInVain }.RunAsync(Group, hinted, TestContext.Current.CancellationToken);
        }
        finally
        {
            await AdvanceAsync(Duration.FromMinutes(1));
        }
    }

    /// <summary>Time goes on, here and there.</summary>
    public Task AdvanceAsync(Duration by)
    {
        _clock.Now += by;
        return Halaxy.Scene.UserAsync("clock", new JsonObject { ["now"] = InstantPattern.General.Format(_clock.Now), ["running"] = false });
    }

    /// <summary>What the practice's own pages show.</summary>
    public async Task<IReadOnlyList<JsonObject>> ThereAsync()
    {
        using var answer = await Halaxy.Scene.Http.GetAsync($"/user/halaxy/{Halaxy.Practice}/appointments");
        return [.. JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsArray().Select(one => one!.AsObject())];
    }

    public async Task<JsonObject> ThereAsync(string id) => (await ThereAsync()).Single(one => (string?)one["id"] == id);

    /// <summary>Everything in a diary in the weeks around, cancelled ones included.</summary>
    public async Task<IReadOnlyList<Appointment>> HereAsync(Diary? diary = null) =>
        await (diary ?? Diary).ListAsync(Now - Duration.FromDays(30), Now + Duration.FromDays(60));

    /// <summary>A device removes an appointment.</summary>
    public async Task<ExternalOutcome> PhoneRemovesAsync(string uid) =>
        await new ExternalChanges(Store, _clock, PracticeGroup.MirrorsHalaxyAsync).RemoveAsync(Maya, Phone, ExternalChanges.WithUid(uid), cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>A device changes what it has of an appointment.</summary>
    public async Task<ExternalOutcome> PhoneChangesAsync(string uid, Func<string, string> change)
    {
        string before, name;
        using (var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken))
        {
            var hx = (await snapshot.FindCollectionAsync(Maya, HxCalendar.CollectionName))!;
            name = (await snapshot.FindRowByUidAsync(hx.Id, uid))!.Name;
            before = Encoding.UTF8.GetString(HxCalendar.Represent((await snapshot.FindObjectAsync(hx.Id, name))!, Phone.Level).Span);
        }

        var after = change(before);
        Assert.NotEqual(before, after);
        var bytes = Encoding.UTF8.GetBytes(after);
        var outcome = await new ExternalChanges(Store, _clock, PracticeGroup.MirrorsHalaxyAsync).PutAsync(
            Maya, name, Phone, (_, _) => ValueTask.FromResult<ExternalSending?>(new ExternalSending(bytes, CalendarObject.Parse(bytes), uid) { Knows = true }), cancellationToken: TestContext.Current.CancellationToken);
        return Assert.IsType<ExternalApplied>(outcome);
    }

    /// <summary>A device of Maya's, or of another practitioner; its id.</summary>
    public async Task<DeleteCredential> AddDeviceAsync(PrivacyLevel level, string? practitioner = null)
    {
        var device = new Credential(Guid.NewGuid().ToString("N"), practitioner ?? Maya, "Phone", SecretKind.Sha256, new string('0', 64), false, level.ToString(), Now);
        Assert.True((await Store.ApplyAsync(StoreBatch.Of(new PutCredential(device)), TestContext.Current.CancellationToken)).Succeeded);
        return new DeleteCredential(device.PrincipalId, device.Id);
    }

    /// <summary>Damages an appointment of the diary on the disk.</summary>
    public async Task DamageAsync(string uid)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder, "store.db")};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "UPDATE bodies SET bytes = CAST('damaged' AS BLOB) WHERE id = (SELECT id FROM objects WHERE name = $name)";
        command.Parameters.AddWithValue("$name", $"{uid}.ics");
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
        // what is in memory is not damaged
        await Store.DisposeAsync();
        await OpenAsync();
    }

    public static string At(Instant instant) => InstantPattern.General.Format(instant);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _clients.Dispose();
        await Store.DisposeAsync();
        await Halaxy.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task OpenAsync() => Store = await SqliteStore.OpenAsync(Path.Combine(_folder, "store.db"), _clock);

    private async Task PutAsync(HalaxyConnection connection, bool isConnected)
    {
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var steps = await PracticeGroup.SetConnectedAsync(snapshot, Group, isConnected, connection.Matches.Select(match => match.PractitionerId));
        Assert.True((await Store.ApplyAsync(new StoreBatch([connection.Put(), .. steps]), TestContext.Current.CancellationToken)).Succeeded);
    }

    /// <summary>Keeps which addresses were asked.</summary>
    internal sealed class Recorder : DelegatingHandler
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> _paths = new();

        public Recorder()
            : base(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
        }

        /// <summary>After how many requests more the process ends, before one is sent or after it was answered; null for never.</summary>
        public int? CutAfter { get; set; }

        /// <summary>Whether that one is not sent.</summary>
        public bool CutsBefore { get; set; }

        /// <summary>What becomes of an answer on the way, by its text; null for nothing.</summary>
        public Func<string, string>? Garbles { get; set; }

        public IReadOnlyList<string> Paths => [.. _paths];

        /// <summary>What is answered in place of Halaxy; null: Halaxy is asked.</summary>
        public Func<HttpRequestMessage, HttpResponseMessage?>? Instead { get; set; }

        /// <summary>What happens before a request is sent.</summary>
        public Func<HttpRequestMessage, Task>? Before { get; set; }

        /// <summary>What becomes of the text of an answer.</summary>
        public Func<HttpRequestMessage, string, string>? Changes { get; set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            _paths.Enqueue($"{request.Method} {request.RequestUri!.PathAndQuery}");
            var ends = CutAfter-- <= 0;
            if (ends && CutsBefore) throw new CutException();
            if (Before is { } before) await before(request);
            if (Instead?.Invoke(request) is { } instead) return instead;
            var answer = await base.SendAsync(request, cancellationToken);
            if (Changes is { } changes) answer.Content = new StringContent(changes(request, await answer.Content.ReadAsStringAsync(cancellationToken)), System.Text.Encoding.UTF8, "application/fhir+json");
            if (Garbles is { } garbles) answer.Content = new StringContent(garbles(await answer.Content.ReadAsStringAsync(cancellationToken)), System.Text.Encoding.UTF8, "application/fhir+json");
            if (!ends) return answer;
            answer.Dispose();
            throw new CutException();
        }
    }

    private sealed class Hand : IClock
    {
        public Instant Now { get; set; } = Instant.FromUtc(2026, 1, 5, 12, 0);

        public Instant GetCurrentInstant() => Now;
    }
}
