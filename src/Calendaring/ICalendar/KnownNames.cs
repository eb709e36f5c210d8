using System.Text;

namespace Calendaring.ICalendar;

/// <summary>Names of components, properties and parameters: a known one costs no allocation when it is read.</summary>
internal static class KnownNames
{
    public const string Begin = "BEGIN";
    public const string End = "END";

    private const int Slots = 1024;

    private static readonly string?[] Table = Fill(
        """
        BEGIN END VCALENDAR VEVENT VTODO VJOURNAL VFREEBUSY VTIMEZONE STANDARD DAYLIGHT VALARM VAVAILABILITY AVAILABLE PARTICIPANT VLOCATION VRESOURCE
        CALSCALE METHOD PRODID VERSION ATTACH CATEGORIES CLASS COMMENT DESCRIPTION GEO LOCATION PERCENT-COMPLETE PRIORITY RESOURCES STATUS SUMMARY
        COMPLETED DTEND DUE DTSTART DURATION FREEBUSY TRANSP TZID TZNAME TZOFFSETFROM TZOFFSETTO TZURL TZUNTIL TZID-ALIAS-OF ATTENDEE CONTACT ORGANIZER
        RECURRENCE-ID RELATED-TO URL UID EXDATE EXRULE RDATE RRULE ACTION REPEAT TRIGGER ACKNOWLEDGED PROXIMITY CREATED DTSTAMP LAST-MODIFIED SEQUENCE
        REQUEST-STATUS NAME REFRESH-INTERVAL SOURCE COLOR IMAGE CONFERENCE BUSYTYPE
        CALENDAR-ADDRESS LOCATION-TYPE PARTICIPANT-TYPE RESOURCE-TYPE STRUCTURED-DATA STYLED-DESCRIPTION CONCEPT LINK REFID
        ALTREP CN CUTYPE DELEGATED-FROM DELEGATED-TO DIR ENCODING FMTTYPE FBTYPE LANGUAGE MEMBER PARTSTAT RANGE RELATED RELTYPE ROLE RSVP SENT-BY VALUE
        EMAIL DISPLAY FEATURE LABEL SCHEDULE-AGENT SCHEDULE-FORCE-SEND SCHEDULE-STATUS ORDER SCHEMA DERIVED GAP LINKREL SIZE FILENAME MANAGED-ID CHARSET RSCALE
        X-WR-CALNAME X-WR-TIMEZONE X-WR-CALDESC X-WR-ALARMUID X-PUBLISHED-TTL X-LIC-LOCATION X-LIC-ERROR X-EVOLUTION-CALDAV-HREF X-EVOLUTION-ALARM-UID
        X-APPLE-TRAVEL-ADVISORY-BEHAVIOR X-APPLE-STRUCTURED-LOCATION X-APPLE-TRAVEL-DURATION X-APPLE-CREATOR-IDENTITY X-APPLE-CREATOR-TEAM-IDENTITY
        X-APPLE-DEFAULT-ALARM X-APPLE-SORT-ORDER X-APPLE-EWS-BUSYSTATUS X-APPLE-UNIVERSAL-ID X-APPLE-MAPKIT-HANDLE X-APPLE-RADIUS X-APPLE-REFERENCEFRAME
        X-ADDRESS X-TITLE X-CALENDARSERVER-ACCESS X-MOZ-GENERATION X-MOZ-LASTACK X-MOZ-SNOOZE-TIME X-GOOGLE-CONFERENCE X-NUM-GUESTS
        X-MICROSOFT-CDO-BUSYSTATUS X-MICROSOFT-CDO-INTENDEDSTATUS X-MICROSOFT-CDO-ALLDAYEVENT X-MICROSOFT-CDO-IMPORTANCE X-MICROSOFT-CDO-INSTTYPE
        X-MICROSOFT-CDO-APPT-SEQUENCE X-MICROSOFT-CDO-OWNERAPPTID X-MICROSOFT-DISALLOW-COUNTER X-ALT-DESC X-FILENAME
        """);

    /// <summary>The name in upper case; the bytes are ASCII.</summary>
    public static string Intern(ReadOnlySpan<byte> name)
    {
        for (var slot = SlotOf(name); Table[slot] is { } known; slot = (slot + 1) % Slots)
        {
            if (Ascii.EqualsIgnoreCase(name, known)) return known;
        }

        return Encoding.ASCII.GetString(name).ToUpperInvariant();
    }

    private static string?[] Fill(string names)
    {
        var table = new string?[Slots];
        foreach (var name in names.Split([' ', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            var slot = SlotOf(Encoding.ASCII.GetBytes(name));
            while (table[slot] is not null) slot = (slot + 1) % Slots;
            // literals of the program are interned: then a comparison with one is mostly a comparison of references
            table[slot] = string.Intern(name);
        }

        return table;
    }

    private static int SlotOf(ReadOnlySpan<byte> name)
    {
        var hash = name.Length;
        if (name.Length > 0) hash = (hash * 37) + (name[0] | 0x20);
        if (name.Length > 1) hash = (hash * 37) + (name[^1] | 0x20);
        if (name.Length > 2) hash = (hash * 37) + (name[name.Length / 2] | 0x20);
        if (name.Length > 3) hash = (hash * 37) + (name[^3] | 0x20);
        return (hash & int.MaxValue) % Slots;
    }
}
