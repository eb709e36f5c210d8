using System.Xml.Linq;
using CalDavServer.Access;
using CalDavServer.Dav.Resources;
using CalDavServer.Dav.Xml;
using CalDavServer.Metrics;
using CalDavServer.Options;
using Calendaring.Store;
using NodaTime;
using Practice.Groups;
using Practice.Hx;

namespace CalDavServer.Dav;

/// <summary>The Depth header (RFC 4918 §10.2).</summary>
internal enum Depth
{
    Zero,
    One,
    Infinity,
}

/// <summary>
/// One request as methods and reports see it: who asks, for which resource, on one snapshot of the store. The body has been read before the snapshot was opened, so that a slow
/// sender holds no reader.
/// </summary>
internal sealed class DavRequest(HttpContext http, Caller caller, ICalendarStore store, IStoreSnapshot snapshot, DavPath path, Place place, IClock clock) : IHxView, IDisposable
{
    private IStoreSnapshot? _snapshot = snapshot;

    // what is at the path on this snapshot: null once it has been renewed
    private Place? _place = place;

    // what is at the destination, if that is a different path
    private (DavPath Path, Place Place)? _other;

    public HttpContext Http { get; } = http;

    public Caller Caller { get; } = caller;

    public ICalendarStore Store { get; } = store;

    /// <summary>The one moment this request sees.</summary>
    public IStoreSnapshot Snapshot => _snapshot ?? throw new InvalidOperationException("The snapshot has been released.");

    public DavPath Path { get; } = path;

    /// <summary>The resource at <see cref="Path"/>; null when there is none that the caller may know of.</summary>
    public DavResource? Resource { get; } = place.Resource;

    /// <summary>The Depth header, or null when there is none.</summary>
    public Depth? Depth { get; init; }

    /// <summary>The body, decoded from any content encoding; null when it is larger than is taken.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }

    public IClock Clock { get; } = clock;

    /// <summary>For the operator: nothing that a person has written, and no name, goes there.</summary>
    public required ILogger Log { get; init; }

    /// <summary>Is told when the caller learns what a collection has come to.</summary>
    public required SyncLag Lag { get; init; }

    /// <summary>What the caller prefers (RFC 7240).</summary>
    public Preferences Preferences { get; init; }

    /// <summary>Whether what is absent need not be said.</summary>
    public bool ReturnMinimal => Preferences.ReturnMinimal;

    /// <summary>What the request's own conditions ask of collections: steps that fail when it is no longer so.</summary>
    public List<StoreOperation> Expected { get; } = [];

    /// <summary>How much may be stored.</summary>
    public required Quotas Quotas { get; init; }

    /// <summary>Bytes in the caller's home as the caller may know it, once a property needed it.</summary>
    public long? UsedBytes { get; private set; }

    /// <summary>Bytes that may still be stored there.</summary>
    public long? AvailableBytes { get; private set; }

    /// <summary>The caller's access to two-way sync, once something depended on it.</summary>
    public HxAccess? HxAccess { get; private set; }

    /// <summary>The time zone of the caller's practice group, once something depended on it; null also where there is none.</summary>
    public DateTimeZone? PracticeZone { get; private set; }

    /// <summary>Whether <see cref="PracticeZone"/> has been looked for.</summary>
    public bool HasPracticeZone { get; private set; }

    /// <summary>Bytes of the representation being described, when it was made for that.</summary>
    public int? ShownBytes { get; set; }

    public CancellationToken Cancelled => Http.RequestAborted;

    /// <summary>Gives the snapshot back, so that none is held while a write waits for the disk.</summary>
    public void ReleaseSnapshot()
    {
        _snapshot?.Dispose();
        _snapshot = null;
    }

    /// <summary>Looks at the store again: after a write met another one.</summary>
    public async ValueTask RenewSnapshotAsync()
    {
        ReleaseSnapshot();
        HxAccess = null;
        _place = null;
        _other = null;
        _snapshot = await Store.OpenSnapshotAsync(Cancelled);
    }

    public void Dispose() => ReleaseSnapshot();

    async ValueTask<IStoreSnapshot> IChangeView.OpenAsync(bool anew)
    {
        if (anew) await RenewSnapshotAsync();
        return Snapshot;
    }

    void IChangeView.Release() => ReleaseSnapshot();

    ValueTask<Collection?> IHxView.FindCalendarAsync(string practitionerId) => FindCalendarAsync(new DavPath(DavPathKind.Collection, practitionerId, HxCalendar.CollectionName));

    ValueTask<Principal?> IHxView.FindPractitionerAsync(string practitionerId) => FindPractitionerAsync(practitionerId);

    async ValueTask<ObjectRow?> IHxView.FindRowAsync(string practitionerId, string name) =>
        (await FindAsync(new DavPath(DavPathKind.Object, practitionerId, HxCalendar.CollectionName, name))).Row;

    ValueTask<HxAccess> IHxView.ReadAccessAsync(string practitionerId) =>
        practitionerId == Caller.Principal.Id ? ReadHxAccessAsync() : throw new InvalidOperationException("A request changes the calendars of its caller only.");

    /// <summary>What is at a path on the request's snapshot: looked up once for its own path, and for the one that it writes to.</summary>
    public async ValueTask<Place> FindAsync(DavPath path)
    {
        if (path == Path) return _place ??= await ResourceResolver.FindAsync(path, Caller, Snapshot);
        if (_other?.Path != path) _other = (path, await FindOtherAsync(path));
        return _other!.Value.Place;
    }

    private ValueTask<Place> FindOtherAsync(DavPath path) =>
        path.Kind == DavPathKind.Object && _place?.Calendar is { } calendar && calendar.Path == path with { Kind = DavPathKind.Collection, Object = null }
            ? ResourceResolver.FindMemberAsync(calendar, path.Object!, Caller, Snapshot)
            : ResourceResolver.FindAsync(path, Caller, Snapshot);

    // a calendar's place includes whose it is
    private async ValueTask<Principal?> FindPractitionerAsync(string practitionerId)
    {
        if (_place?.Calendar?.Owner is { } owner && owner.Id == practitionerId) return owner;
        if (_other?.Place.Calendar?.Owner is { } other && other.Id == practitionerId) return other;
        return await Snapshot.FindPrincipalAsync(practitionerId);
    }

    // a member's place includes its calendar
    private async ValueTask<Collection?> FindCalendarAsync(DavPath path)
    {
        if (_place?.Calendar is { } calendar && calendar.Path == path) return calendar.Collection;
        if (_other?.Place.Calendar is { } other && other.Path == path) return other.Collection;
        return await ResourceResolver.FindCollectionAsync(Snapshot, path);
    }

    /// <summary>Reads what some properties depend on: <see cref="UsedBytes"/>, <see cref="AvailableBytes"/>, <see cref="HxAccess"/> and <see cref="PracticeZone"/>.</summary>
    public async ValueTask ReadFactsAsync()
    {
        UsedBytes ??= (await Snapshot.GetUsageAsync(Caller.Principal.Id)).SeenAt((int)Caller.Level);
        AvailableBytes ??= await Quotas.AvailableAsync(Snapshot, Caller.Principal, Caller.Level);
        await ReadHxAccessAsync();
        await ReadPracticeZoneAsync();
    }

    /// <summary>Reads <see cref="PracticeZone"/>, once.</summary>
    public async ValueTask<DateTimeZone?> ReadPracticeZoneAsync()
    {
        if (HasPracticeZone) return PracticeZone;
        PracticeZone = await PracticeGroup.FindZoneAsync(Snapshot, Caller.Principal.GroupId);
        HasPracticeZone = true;
        return PracticeZone;
    }

    /// <summary>Reads <see cref="HxAccess"/>, once.</summary>
    public async ValueTask<HxAccess> ReadHxAccessAsync() => HxAccess ??= await Practice.Hx.HxAccess.ReadAsync(Snapshot, Caller.Principal.Id, Clock.GetCurrentInstant());

    /// <summary>The body up to a limit; null when it is larger (the caller answers 413 or a precondition).</summary>
    public ValueTask<ReadOnlyMemory<byte>?> ReadBodyAsync(int maxBytes) => new(Body is { } body && body.Length <= maxBytes ? body : null);

    /// <summary>Parses an XML body; no body at all gives no root and no error.</summary>
    public ValueTask<(XElement? Root, DavError? Error)> ReadXmlAsync() => new(ReadXml());

    private (XElement? Root, DavError? Error) ReadXml()
    {
        if (Body is not { } body || body.Length > XmlRequest.MaxBytes)
            return (null, new DavError(413, null, $"The request body is larger than {XmlRequest.MaxBytes} bytes."));
        if (body.Length == 0) return (null, null);
        var error = XmlRequest.TryParse(body, out var root);
        return (root, error);
    }
}
