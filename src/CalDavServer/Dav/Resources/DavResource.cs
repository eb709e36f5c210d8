using System.Text;
using CalDavServer.Dav.Xml;
using Calendaring.Store;
using Practice;
using Practice.Hx;

namespace CalDavServer.Dav.Resources;

/// <summary>A resource that exists, as the caller may know it.</summary>
internal abstract record DavResource
{
    private PropertyBag? _stored;

    /// <summary>Where it is.</summary>
    public abstract DavPath Path { get; }

    /// <summary>The canonical href; a collection's ends with a slash.</summary>
    public string Href => field ??= Path.ToHref();

    /// <summary>What kind of resource it is: one flag.</summary>
    public abstract ResourceKinds Kind { get; }

    /// <summary>Whose resource it is, or null for the tree's own collections.</summary>
    public virtual Principal? Owner => null;

    /// <summary>Whether the resource is a collection (RFC 4918 §5.2).</summary>
    public virtual bool IsCollection => true;

    /// <summary>Where properties that clients set are kept; null for a resource that has none.</summary>
    public virtual PropertyTarget? PropertyTarget => null;

    /// <summary>The stored properties that the caller sees, or those of them that were asked for: read when they are needed.</summary>
    public PropertyBag Stored => PropertyTarget is null ? PropertyBag.Empty : _stored ?? throw new InvalidOperationException("The properties have not been read.");

    /// <summary>Whether there may be stored properties that have not been read.</summary>
    public bool LacksProperties => _stored is null && PropertyTarget is not null;

    /// <summary>Reads the stored properties that a level sees; with names only these.</summary>
    public async ValueTask ReadPropertiesAsync(IStoreSnapshot snapshot, PrivacyLevel level, IReadOnlyCollection<PropertyName>? names = null)
    {
        if (PropertyTarget is { } target) _stored = await snapshot.ReadPropertiesAsync(target, (int)level, names);
    }

    /// <summary>Notes that there are none.</summary>
    public void HasNoProperties() => _stored = PropertyBag.Empty;

    /// <summary>Writes the href as an element.</summary>
    public virtual void WriteHref(XmlUtf8Writer xml) => xml.Href(Href);
}

/// <summary><c>/</c>, <c>/dav/</c>, <c>/dav/principals/</c> and <c>/dav/calendars/</c>: fixed collections that lead a client to its principal.</summary>
internal sealed record TreeResource(DavPath Path) : DavResource
{
    public override DavPath Path { get; } = Path;

    public override ResourceKinds Kind => ResourceKinds.Tree;
}

/// <summary>A principal (RFC 3744 §4).</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Principal">The principal.</param>
/// <param name="IsCaller">Whether it is the caller's own; of another one only name and addresses are shown.</param>
internal sealed record PrincipalResource(DavPath Path, Principal Principal, bool IsCaller = false) : DavResource
{
    public override DavPath Path { get; } = Path;

    public override ResourceKinds Kind => IsCaller ? ResourceKinds.Principal : ResourceKinds.OtherPrincipal;

    public override Principal Owner => Principal;

    public override PropertyTarget? PropertyTarget => IsCaller ? Calendaring.Store.PropertyTarget.Of(Principal.Id, PrincipalPart.Principal) : null;
}

/// <summary>A calendar home set's one collection (RFC 4791 §6.2.1): a container, never itself a calendar.</summary>
internal sealed record HomeResource(DavPath Path, Principal Principal, HomeState State) : DavResource
{
    public override DavPath Path { get; } = Path;

    public override ResourceKinds Kind => ResourceKinds.Home;

    public override PropertyTarget? PropertyTarget => Calendaring.Store.PropertyTarget.Of(Principal.Id, PrincipalPart.Home);

    public override Principal Owner => Principal;
}

/// <summary>A calendar collection (RFC 4791 §4.2).</summary>
internal sealed record CalendarResource(DavPath Path, Principal Principal, Collection Collection) : DavResource
{
    public override DavPath Path { get; } = Path;

    public override ResourceKinds Kind => Collection.IsHx ? ResourceKinds.HxCalendar : ResourceKinds.OrdinaryCalendar;

    public override Principal Owner => Principal;

    public override PropertyTarget? PropertyTarget => Calendaring.Store.PropertyTarget.Of(Collection);

    /// <summary>The name that people see.</summary>
    public async ValueTask<string> ReadNameAsync(DavRequest request)
    {
        var name = DavNames.D("displayname");
        var stored = await request.Snapshot.ReadPropertiesAsync(Calendaring.Store.PropertyTarget.Of(Collection), (int)request.Caller.Level, [name]);
        return stored.TryGet(name, out var element) ? DavNames.ParseStored(element).Value : Collection.Name;
    }

    /// <summary>The href element of a member up to the member's own segment, made once for all.</summary>
    public byte[] MemberHrefStart => field ??= Encoding.UTF8.GetBytes("<D:href>" + Href);
}

/// <summary>The scheduling inbox or outbox (RFC 6638 §2). Both are always empty: no scheduling is advertised; the outbox answers free-busy requests.</summary>
internal sealed record ScheduleBoxResource(DavPath Path, Principal Principal, bool IsInbox) : DavResource
{
    public override DavPath Path { get; } = Path;

    public override ResourceKinds Kind => IsInbox ? ResourceKinds.Inbox : ResourceKinds.Outbox;

    public override PropertyTarget? PropertyTarget => Calendaring.Store.PropertyTarget.Of(Principal.Id, IsInbox ? PrincipalPart.Inbox : PrincipalPart.Outbox);

    public override Principal Owner => Principal;
}

/// <summary>A calendar object resource (RFC 4791 §4.1), published to the caller.</summary>
/// <param name="Calendar">The calendar it is in.</param>
/// <param name="Row">Its row.</param>
/// <param name="ETag">The ETag of the representation that the caller is shown, without quotes.</param>
internal sealed record CalendarObjectResource(CalendarResource Calendar, ObjectRow Row, string ETag) : DavResource
{
    public override DavPath Path => Calendar.Path with { Kind = DavPathKind.Object, Object = Row.Name };

    public override ResourceKinds Kind => ResourceKinds.Object;

    /// <summary>Whether the caller is shown the bytes as they are stored: an ETag belongs to a representation.</summary>
    public bool IsShownAsStored => ETag == Row.ETag;

    public override Principal Owner => Calendar.Principal;

    public override bool IsCollection => false;

    public override PropertyTarget? PropertyTarget => Calendaring.Store.PropertyTarget.Of(Calendar.Collection, Row.Name);

    // there may be many of a calendar in one answer, each written once; nothing of what is percent-encoded is special in XML
    public override void WriteHref(XmlUtf8Writer xml)
    {
        xml.Raw(Calendar.MemberHrefStart);
        xml.Raw(DavPath.Encode(Row.Name));
        xml.Raw("</D:href>"u8);
    }
}
