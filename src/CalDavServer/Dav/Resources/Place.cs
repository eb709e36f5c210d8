using Calendaring.Store;

namespace CalDavServer.Dav.Resources;

/// <summary>What is at a path, looked up once for a request.</summary>
/// <param name="Resource">The resource; null when there is none that the caller may know of.</param>
/// <param name="Calendar">The calendar that the path is in or names, or null.</param>
/// <param name="Row">The row under the name of an object, published or not, or null.</param>
internal readonly record struct Place(DavResource? Resource, CalendarResource? Calendar = null, ObjectRow? Row = null);
