using System.Xml.Linq;
using CalDavServer.Dav.Resources;
using CalDavServer.Dav.Xml;
using Calendaring.Store;

namespace CalDavServer.Dav.Properties;

/// <summary>Writes what is inside a property element. False when the resource has no such property after all: what was written is taken back.</summary>
internal delegate bool PropertyContent(XmlUtf8Writer xml, DavResource resource, DavRequest request);

/// <summary>Says what is wrong with a value that a client wants to set, or null.</summary>
internal delegate DavError? PropertyCheck(XElement value);

/// <summary>A property that the server knows (RFC 4918 §4.2): one row of the property table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="AppliesTo">The resources that have it.</param>
/// <param name="Content">Writes its content; for a settable property when nothing is stored.</param>
internal sealed record LiveProperty(PropertyName Name, ResourceKinds AppliesTo, PropertyContent Content)
{
    private readonly ElementTags _tags = new(Name);

    /// <summary>Whether <c>allprop</c> returns it: those of RFC 4918 §15, and none of CalDAV (RFC 4791 §5.2).</summary>
    public bool InAllProp { get; init; }

    /// <summary>The resources where clients may set it: then its element is kept as sent, and served so.</summary>
    public ResourceKinds SettableOn { get; init; }

    /// <summary>The rule for a value that clients set.</summary>
    public PropertyCheck? Check { get; init; }

    /// <summary>Whether a resource has its own content whatever clients have set; null for never.</summary>
    public Func<DavResource, DavRequest, bool>? IsOverruled { get; init; }

    /// <summary>Whether it can be given when a calendar is made, though not changed afterwards.</summary>
    public bool AtCreation { get; init; }

    /// <summary>Whether it is the same on all calendar object resources of a calendar, as long as no client has set it.</summary>
    public bool SameOnObjects { get; init; }

    /// <summary>Whether calendar object resources have it.</summary>
    public bool IsOnObjects => (AppliesTo & ResourceKinds.Object) != 0;

    /// <summary>Needs the bytes that the caller is shown when these are not as stored.</summary>
    public bool NeedsBytes { get; init; }

    /// <summary>Needs what the caller's home holds.</summary>
    public bool NeedsUsage { get; init; }

    /// <summary>Whether a client may have given a resource the property: then what is stored is served.</summary>
    public bool MayBeStoredOn(ResourceKinds kind) => (AppliesTo & kind) != 0 && (SettableOn != 0 || AtCreation);

    /// <summary>Needs the caller's access to two-way sync.</summary>
    public bool NeedsHxAccess { get; init; }

    /// <summary>Needs the time zone of the caller's practice group.</summary>
    public bool NeedsPracticeZone { get; init; }

    /// <summary>Content for a property that exists only when a client has set it.</summary>
    public static PropertyContent Nothing { get; } = static (_, _, _) => false;

    /// <summary>Writes the whole element; false when the resource doesn't have the property.</summary>
    public bool TryWrite(XmlUtf8Writer xml, DavResource resource, DavRequest request)
    {
        if ((AppliesTo & resource.Kind) == 0) return false;
        if ((SettableOn != 0 || AtCreation) && IsOverruled?.Invoke(resource, request) != true && resource.Stored.TryGet(Name, out var element))
        {
            xml.Raw(element);
            return true;
        }

        var start = xml.Length;
        xml.Raw(_tags.Open);
        if (!Content(xml, resource, request))
        {
            xml.Rewind(start);
            return false;
        }

        xml.Raw(_tags.Close);
        return true;
    }
}
