using NodaTime;

namespace Calendaring.TimeZones;

/// <summary>Names of time zones as they are met in calendars → rules.</summary>
public static class TimeZoneCatalog
{
    /// <summary>
    /// A zone by IANA id, Windows id, Outlook display name (<c>(UTC+10:00) Canberra, Melbourne, Sydney</c>) or vendor-prefixed name
    /// (<c>/freeassociation.sourceforge.net/Europe/Berlin</c>); null when the name says nothing.
    /// </summary>
    public static DateTimeZone? Find(string timeZoneId) => throw new NotImplementedException();
}
