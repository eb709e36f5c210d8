using System.Text;
using CalDavServer.Dav.Xml;
using Calendaring.Store;
using Practice;

namespace CalDavServer.Dav.Resources;

/// <summary>A resource that exists, as the caller may know it.</summary>
internal abstract record DavResource
{
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

    /// <summary>Stored WebDAV properties.</summary>
    public virtual PropertyBag Stored => PropertyBag.Empty;

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

    public override PropertyBag Stored => IsCaller ? Principal.Properties : PropertyBag.Empty;
}

/// <summary>A calendar home set's one collection (RFC 4791 §6.2.1): a container, never itself a calendar.</summary>
internal sealed record HomeResource(DavPath Path, Principal Principal, HomeState State) : DavResource
{
    public override DavPath Path { get; } = Path;

    public override ResourceKinds Kind => ResourceKinds.Home;

    public override PropertyBag Stored => Principal.HomeProperties;

    public override Principal Owner => Principal;
}

/// <summary>A calendar collection (RFC 4791 §4.2).</summary>
internal sealed record CalendarResource(DavPath Path, Principal Principal, Collection Collection) : DavResource
{
    public override DavPath Path { get; } = Path;

    public override ResourceKinds Kind => Collection.Kind == CollectionKind.Hx ? ResourceKinds.HxCalendar : ResourceKinds.OrdinaryCalendar;

    public override Principal Owner => Principal;

    public override PropertyBag Stored => Collection.Properties;

    /// <summary>The name that people see.</summary>
    public string DisplayName => Collection.Properties.TryGet(DavNames.D("displayname"), out var element) ? DavNames.ParseStored(element).Value : Collection.Name;

    /// <summary>The bytes of a member that a level is shown.</summary>
    /// <exception cref="FormatException">What is stored cannot be read.</exception>
    public ReadOnlyMemory<byte> Shown(StoredObject stored, PrivacyLevel level) => Collection.Kind == CollectionKind.Hx ? HxCalendar.Represent(stored, level) : stored.Octets;

    /// <summary>The href element of a member up to the member's own segment, made once for all.</summary>
    public byte[] MemberHrefStart => field ??= Encoding.UTF8.GetBytes("<D:href>" + Href);
}

/// <summary>The scheduling inbox or outbox (RFC 6638 §2). Both are always empty: no scheduling is advertised; the outbox answers free-busy requests.</summary>
internal sealed record ScheduleBoxResource(DavPath Path, Principal Principal, bool IsInbox) : DavResource
{
    public override DavPath Path { get; } = Path;

    public override ResourceKinds Kind => IsInbox ? ResourceKinds.Inbox : ResourceKinds.Outbox;

    public override PropertyBag Stored => IsInbox ? Principal.InboxProperties : Principal.OutboxProperties;

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

    /// <summary>Whether the caller is shown the octets as they are stored: an ETag belongs to a representation.</summary>
    public bool IsShownAsStored => ETag == Row.ETag;

    public override Principal Owner => Calendar.Principal;

    public override bool IsCollection => false;

    public override PropertyBag Stored => Row.Properties;

    // there may be many of a calendar in one answer, each written once; nothing of what is percent-encoded is special in XML
    public override void WriteHref(XmlUtf8Writer xml)
    {
        xml.Raw(Calendar.MemberHrefStart);
        xml.Raw(DavPath.Encode(Row.Name));
        xml.Raw("</D:href>"u8);
    }
}
