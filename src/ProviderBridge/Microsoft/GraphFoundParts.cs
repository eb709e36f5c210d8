using Calendaring.ICalendar;
using Microsoft.Graph.Models;
using NodaTime;
using ProviderBridge.Sync;

namespace ProviderBridge.Microsoft;

/// <summary>A series that Graph has in parts, with the parts themselves.</summary>
/// <param name="Events">The events, by the places that they stand for.</param>
/// <param name="Id">Its id: made up by us.</param>
/// <param name="Version">Names this version of all of them.</param>
/// <param name="Content">The same as a calendar object.</param>
/// <param name="Tag">The UID that the link has noted with each.</param>
/// <param name="Updated">When one of them last changed there.</param>
internal sealed record GraphFoundParts(IReadOnlyDictionary<string, Event> Events, string Id, string Version, CalendarObject Content, string? Tag, Instant? Updated)
    : OutsideSeries(Id, Version, Content, Tag, Updated, "");
