namespace Calendaring.Occurrences;

/// <summary>Which row of the tables in RFC 4791 §9.9 an occurrence is under.</summary>
internal enum OverlapRule
{
    /// <summary>VEVENT and VJOURNAL.</summary>
    Event,

    /// <summary>A VTODO with DTSTART and DURATION, or DTSTART alone.</summary>
    Lasting,

    /// <summary>A VTODO with DTSTART and DUE.</summary>
    UntilDue,

    /// <summary>A VTODO with DUE alone.</summary>
    Due,
}
