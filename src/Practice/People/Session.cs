using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Calendaring.Store;
using NodaTime;
using Practice.Audit;

namespace Practice.People;

/// <summary>A browser in which somebody is signed in. It ends when its record goes.</summary>
/// <param name="Id">Hash of the secret in the browser's cookie: who has the data, and the keys beside them, cannot make the cookie of it.</param>
/// <param name="Began">When the person signed in.</param>
/// <param name="LastSeen">When it was last used, to within a few minutes.</param>
/// <param name="Address">From where it was last used.</param>
/// <param name="UserAgent">What the browser calls itself.</param>
public sealed record Session(string Id, Instant Began, Instant LastSeen, string? Address, string? UserAgent)
{
    private const string RecordKind = "session";
    private const int MostPlaces = 100;
    private const int MostBrowsers = 20;
    private static readonly Duration NotedWithin = Duration.FromMinutes(5);
    private static readonly Duration OpenPageNotedWithin = Duration.FromHours(1);

    /// <summary>When the person signed in before: what was done to their account since is new to them (<see cref="SecurityEvent"/>), wherever the session is used.</summary>
    public Instant Looked { get; init; }

    /// <summary>The browsers in which the person proved who they are, or looked at what was done to their account, the latest first; null for none.</summary>
    public IReadOnlyList<SessionBrowser>? Browsers { get; init; }

    /// <summary>Every address and browser that it was used with, the latest first; null for a session that is older than this list.</summary>
    public IReadOnlyList<SessionPlace>? Places { get; init; }

    /// <summary>The places other than the one of the last use.</summary>
    [JsonIgnore]
    public IEnumerable<SessionPlace> OtherPlaces => (Places ?? []).Where(place => (place.Address, place.UserAgent) != (Address, UserAgent));

    /// <summary>The id of the session that has a secret.</summary>
    public static string IdOf(string secret) => Secret.HashOf(secret);

    /// <summary>What names a browser in a network that uses a session.</summary>
    public static string BrowserOf(string id, string network, string? userAgent) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{id}\n{network}\n{userAgent}")));

    /// <summary>A session of a person with the version of its record, or null when it has ended.</summary>
    public static async ValueTask<(Session Session, long Version)?> FindAsync(IStoreSnapshot snapshot, SessionKey key)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return await snapshot.FindRecordAsync(RecordKind, key.PersonId, key.SessionId) is { } record ? (Read(record), record.Version) : null;
    }

    /// <summary>The sessions of a person, the one used last first.</summary>
    public static async ValueTask<IReadOnlyList<Session>> ListAsync(IStoreSnapshot snapshot, string personId)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return [.. (await snapshot.ListRecordsAsync(RecordKind, personId)).Select(Read).OrderByDescending(session => session.LastSeen)];
    }

    /// <summary>The steps that end every session of a person, or every other than one.</summary>
    public static async ValueTask<IReadOnlyList<StoreOperation>> EndAllAsync(IStoreSnapshot snapshot, string personId, string? butId = null)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var sessions = await snapshot.ListRecordsAsync(RecordKind, personId);
        return [.. sessions.Where(session => session.Id != butId).Select(session => new DeleteRecord(RecordKind, personId, session.Id))];
    }

    /// <summary>
    /// The session after a use, or null when there is nothing to note. A use from an address or with a browser that it did not have before is always noted: by that a stolen session shows. What an open page
    /// asks for by itself does not make the session last longer.
    /// </summary>
    /// <param name="address">From where.</param>
    /// <param name="userAgent">What the browser calls itself.</param>
    /// <param name="now">When.</param>
    /// <param name="byOpenPage">Whether a page that is open says that it asks by itself.</param>
    public Session? AfterUse(string? address, string? userAgent, Instant now, bool byOpenPage)
    {
        var places = Places ?? [new SessionPlace(Address, UserAgent, Began, LastSeen)];
        var known = places.FirstOrDefault(place => (place.Address, place.UserAgent) == (address, userAgent));
        var within = byOpenPage ? OpenPageNotedWithin : NotedWithin;
        if (known is not null && now - known.Last <= within && (byOpenPage || now - LastSeen <= within)) return null;
        var place = (known ?? new SessionPlace(address, userAgent, now, now)) with { Last = now };
        var noted = this with { Places = [place, .. places.Where(other => other != known).Take(MostPlaces - 1)] };
        return byOpenPage ? noted : noted with { LastSeen = now, Address = address, UserAgent = userAgent };
    }

    /// <summary>What is known of a browser that uses it: of one that was not noted, that nobody proved there who they are.</summary>
    public SessionBrowser In(string browser) => (Browsers ?? []).FirstOrDefault(other => other.Id == browser) ?? new SessionBrowser(browser, default, Looked);

    /// <summary>The session with what is known of a browser.</summary>
    public Session With(SessionBrowser browser)
    {
        ArgumentNullException.ThrowIfNull(browser);
        return this with { Browsers = [browser, .. (Browsers ?? []).Where(other => other.Id != browser.Id).Take(MostBrowsers - 1)] };
    }

    /// <summary>The step that begins a session, or notes its use.</summary>
    public StoreOperation Put(string personId, long? expectedVersion = null) =>
        new PutRecord(RecordKind, personId, Id, JsonSerializer.SerializeToUtf8Bytes(this, PeopleJson.Default.Session), expectedVersion);

    /// <summary>The step that ends it. It fails when it has ended already.</summary>
    public StoreOperation End(string personId) => new DeleteRecord(RecordKind, personId, Id);

    private static Session Read(StoredRecord record) =>
        JsonSerializer.Deserialize(record.Document.Span, PeopleJson.Default.Session) ?? throw new JsonException("A session is empty.");
}

/// <summary>A browser in a network that a session is used with. Whoever has stolen the cookie uses it with another, and has proved nothing there.</summary>
/// <param name="Id">Hash of the session, the network and what the browser calls itself.</param>
/// <param name="Confirmed">When the person last proved in it who they are: by signing in, or by confirming it.</param>
/// <param name="Looked">Up to when the person has seen in it what was done to their account (<see cref="SecurityEvent"/>).</param>
public sealed record SessionBrowser(string Id, Instant Confirmed, Instant Looked);

/// <summary>An address and a browser that a session was used with.</summary>
/// <param name="Address">From where.</param>
/// <param name="UserAgent">What the browser calls itself.</param>
/// <param name="First">When that was first noted.</param>
/// <param name="Last">When that was last noted.</param>
public sealed record SessionPlace(string? Address, string? UserAgent, Instant First, Instant Last);
