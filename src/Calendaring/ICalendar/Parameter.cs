namespace Calendaring.ICalendar;

/// <summary>A property parameter (RFC 5545 §3.2).</summary>
/// <param name="Name">Upper case.</param>
/// <param name="Values">The values, unquoted and with RFC 6868 escapes decoded; at least one.</param>
public readonly record struct Parameter(string Name, IReadOnlyList<string> Values)
{
    /// <summary>A parameter with one value.</summary>
    public Parameter(string name, string value)
        : this(name, [value])
    {
    }
}
