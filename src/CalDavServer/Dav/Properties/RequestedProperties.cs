using System.Xml.Linq;
using Calendaring.Store;

namespace CalDavServer.Dav.Properties;

/// <summary>Which properties a PROPFIND or report asks for (RFC 4918 §14.20).</summary>
/// <param name="Mode">All, names only, or the list.</param>
/// <param name="Names">The list; for <see cref="RequestedMode.AllProp"/> what <c>include</c> adds.</param>
/// <param name="CalendarData">The <c>calendar-data</c> element when it is asked for: it says which parts (RFC 4791 §9.6).</param>
internal sealed record RequestedProperties(RequestedMode Mode, IReadOnlyList<PropertyName> Names, XElement? CalendarData);

/// <summary>The three forms of a property request.</summary>
internal enum RequestedMode
{
    Prop,
    AllProp,
    PropName,
}
