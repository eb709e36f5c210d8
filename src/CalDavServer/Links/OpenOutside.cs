using NodaTime;
using ProviderBridge.Sync;

namespace CalDavServer.Links;

/// <summary>Opens the outside calendar of a link, for a practice in a zone. Dispose the client that comes with it after use.</summary>
internal delegate (IOutsideCalendar Calendar, IDisposable Client) OpenOutside(Link link, DateTimeZone zone);
