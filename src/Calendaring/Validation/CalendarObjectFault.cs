namespace Calendaring.Validation;

/// <summary>Which precondition of RFC 4791 §5.3.2.1, or of its extensions, an object fails.</summary>
public enum CalendarObjectFault
{
    /// <summary>valid-calendar-data: not iCalendar, or against RFC 5545 §3.6.</summary>
    ValidCalendarData,

    /// <summary>valid-calendar-object-resource: good iCalendar, but not a calendar object resource (RFC 4791 §4.1).</summary>
    ValidCalendarObjectResource,

    /// <summary>supported-calendar-component.</summary>
    SupportedCalendarComponent,

    /// <summary>supported-rscale: a rule in a calendar scale other than the Gregorian (RFC 7529).</summary>
    SupportedScale,

    /// <summary>max-resource-size.</summary>
    MaxResourceSize,

    /// <summary>max-instances.</summary>
    MaxInstances,

    /// <summary>max-attendees-per-instance.</summary>
    MaxAttendeesPerInstance,

    /// <summary>min-date-time.</summary>
    MinDateTime,

    /// <summary>max-date-time.</summary>
    MaxDateTime,
}
