using System.Text;
using Calendaring.ICalendar;
using Calendaring.Recurrence;
using Calendaring.Store;
using Calendaring.Store.Sqlite;
using NodaTime;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using Practice.Groups;
using Practice.Hx;

namespace Practice.Tests;

/// <summary>A clock that stands until it is moved.</summary>
public sealed class StandingClock(Instant now) : IClock
{
    public Instant Now { get; set; } = now;

    public Instant GetCurrentInstant() => Now;
}

/// <summary>A practice group with one practitioner on a real store, and a calendar client of theirs.</summary>
public abstract class PracticeFixture : IAsyncLifetime
{
    public static readonly DateTimeZone Melbourne = DateTimeZoneProviders.Tzdb["Australia/Melbourne"];
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"practice-{Guid.NewGuid():N}");

    protected SqliteStore Store { get; private set; } = null!;

    protected StandingClock Clock { get; } = new(Instant.FromUtc(2026, 3, 2, 0, 0));

    protected PracticeDirectory Directory { get; private set; } = null!;

    protected PracticeGroup Group { get; private set; } = null!;

    protected Principal Practitioner { get; private set; } = null!;

    protected Collection Hx { get; private set; } = null!;

    protected Diary Diary { get; private set; } = null!;

    protected static Patient Jane => new("PT-1", "Jane", "Brownlow", "0400 555 777");

    /// <summary>How the store works; null for the defaults.</summary>
    protected virtual SqliteStoreOptions? Options => null;

    public async ValueTask InitializeAsync()
    {
        System.IO.Directory.CreateDirectory(_folder);
        Store = await SqliteStore.OpenAsync(Path.Combine(_folder, "store.db"), Clock, Options);
        Directory = new PracticeDirectory(Store, Clock);
        Group = await Directory.CreatePracticeAsync("Riverbend", "Australia/Melbourne");
        Practitioner = await Directory.CreatePersonAsync("lead", "Maya Lindqvist", null, PrincipalRole.Practitioner, Group.Id, "maya");
        Hx = await HxOfAsync("maya");
        Diary = new Diary(Store, Clock, Practitioner.Id, new AuditActor("Maya Lindqvist", ActorVia.Web, null, "session"));
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Store.DisposeAsync();
        System.IO.Directory.Delete(_folder, recursive: true);
    }

    protected async Task<Collection> HxOfAsync(string practitioner)
    {
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return (await snapshot.FindCollectionAsync(practitioner, HxCalendar.CollectionName))!;
    }

    /// <summary>A booking of Jane on Tuesday 3 March 2026, 10:00 for 45 minutes.</summary>
    protected static Booking Session => new([Jane], "Standard consultation", new LocalDateTime(2026, 3, 3, 10, 0), Duration.FromMinutes(45))
    {
        Location = "Room 2",
        Comments = "Confidential remarks",
    };

    protected static Booking Weekly => Session with { Repeat = new RecurrenceRule(Frequency.Weekly) { Count = 6 } };

    protected static LocalDateTime Week(int number) => new LocalDateTime(2026, 3, 3, 10, 0).PlusWeeks(number);

    protected async Task<StoredObject?> FindAsync(string uid)
    {
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return await snapshot.FindRowByUidAsync(Hx.Id, uid) is { } row ? await snapshot.FindObjectAsync(Hx.Id, row.Name) : null;
    }

    /// <summary>What a client at a level reads, or null when the object is not there for it.</summary>
    protected async Task<string?> ReadAsync(string uid, PrivacyLevel level = PrivacyLevel.FullName)
    {
        var stored = await FindAsync(uid);
        return stored is { Row.Published: true } ? Encoding.UTF8.GetString(HxCalendar.Represent(stored, level).Span) : null;
    }

    /// <summary>A client stores an object, as the protocol layer would let it.</summary>
    protected async Task<HxDecision> PutAsync(string text, PrivacyLevel level = PrivacyLevel.FullName, string? name = null, bool knows = true)
    {
        var bytes = Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n"));
        var incoming = CalendarObject.Parse(bytes);
        var uid = ObjectIndexer.Index(incoming).Uid;
        var held = await FindAsync(uid);
        name ??= held?.Row.Name ?? $"{uid}.ics";
        StoredObject? current;
        using (var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken)) current = await snapshot.FindObjectAsync(Hx.Id, name);
        var sameUid = held is not null && held.Row.Name != name ? held : null;
        StoredObject? ended = null;
        using (var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken))
        {
            if (held is null) ended = await HxCalendar.FindEndedAsync(snapshot, Hx, incoming, Phone(level), Clock.Now);
        }

        return await ApplyAsync(new ExternalPut(Hx, name, Phone(level), Clock.Now, current, sameUid, bytes, incoming) { Access = HxAccess.Active, Ended = ended, Knows = knows });
    }

    protected async Task<HxDecision> RemoveAsync(string uid, PrivacyLevel level = PrivacyLevel.FullName) =>
        await ApplyAsync(new ExternalRemoval(Hx, (await FindAsync(uid))!.Row.Name, Phone(level), Clock.Now, (await FindAsync(uid))!) { Access = HxAccess.Active });

    /// <summary>Reads, edits as text, and puts back: what a calendar client does.</summary>
    protected async Task<HxDecision> ClientEditAsync(string uid, Func<string, string> edit, PrivacyLevel level = PrivacyLevel.FullName)
    {
        var before = await ReadAsync(uid, level);
        Assert.NotNull(before);
        var after = edit(before);
        Assert.NotEqual(before, after);
        return await PutAsync(after, level);
    }

    /// <summary>The app password of the phone, and what it is called now.</summary>
    protected (string Id, string Label) PhonePassword { get; set; } = ("phone", "Maya's phone");

    protected ExternalOrigin Phone(PrivacyLevel level) => new(PhonePassword.Id, PhonePassword.Label, level);

    protected async Task<Appointment> GetAsync(string id, LocalDateTime? occurrence = null) => await Diary.GetAsync(new AppointmentTarget(id, occurrence));

    protected Task<IReadOnlyList<Appointment>> ListAsync() => Diary.ListAsync(Instant.FromUtc(2026, 1, 1, 0, 0), Instant.FromUtc(2026, 12, 31, 0, 0));

    private async Task<HxDecision> ApplyAsync(ExternalChange change)
    {
        HxDecision decision;
        using (var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken)) decision = await HxCalendar.DecideAsync(snapshot, change);
        if (decision is HxAccepted accepted)
        {
            var outcome = await Store.ApplyAsync(new StoreBatch(accepted.Operations), TestContext.Current.CancellationToken);
            Assert.True(outcome.Succeeded, outcome.Failure?.ToString());
        }

        return decision;
    }

    protected static string Event(string uid, string lines) =>
        $"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Phone//EN\r\nBEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260301T000000Z\r\n{lines.Trim()}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n".ReplaceLineEndings("\r\n");
}
