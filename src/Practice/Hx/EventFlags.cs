using Calendaring.ICalendar;

namespace Practice.Hx;

/// <summary>What a client says of an event in a word.</summary>
internal static class EventFlags
{
    /// <summary>It does not take place (RFC 5545 §3.8.1.11).</summary>
    public static bool IsCancelled(Component component) => Says(component, "STATUS", "CANCELLED");

    /// <summary>It takes no time: something else may be at the same time (RFC 5545 §3.8.2.7).</summary>
    public static bool IsTransparent(Component component) => Says(component, "TRANSP", "TRANSPARENT");

    /// <summary>It is for its owner's eyes: PRIVATE, CONFIDENTIAL, and every class that is not known (RFC 5545 §3.8.1.3).</summary>
    public static bool IsPrivate(Component component) => component.Find("CLASS") is not null && !Says(component, "CLASS", "PUBLIC");

    private static bool Says(Component component, string name, string value) =>
        component.Find(name) is { } line && line.RawValue.Trim().Equals(value, StringComparison.OrdinalIgnoreCase);
}
