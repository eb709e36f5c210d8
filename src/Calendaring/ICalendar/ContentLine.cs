namespace Calendaring.ICalendar;

/// <summary>A property parameter (RFC 5545 §3.2).</summary>
/// <param name="Name">Upper case.</param>
/// <param name="Values">The values, unquoted and with RFC 6868 escapes decoded; at least one.</param>
public readonly record struct Parameter(string Name, IReadOnlyList<string> Values);

/// <summary>
/// One content line (RFC 5545 §3.1): a property with its parameters and value. A parsed line keeps its physical octets, folds and line break included, and is
/// written back with them. Immutable: an edit replaces the line in its component.
/// </summary>
public sealed class ContentLine
{
    /// <summary>The property name, upper case.</summary>
    public string Name => throw new NotImplementedException();

    /// <summary>The parameters in the order written; parsed when first asked for.</summary>
    public IReadOnlyList<Parameter> Parameters => throw new NotImplementedException();

    /// <summary>The value as written but unfolded: TEXT escapes are still in it.</summary>
    public string RawValue => throw new NotImplementedException();

    /// <summary>The value with TEXT escapes decoded (RFC 5545 §3.3.11).</summary>
    public string Text => throw new NotImplementedException();

    /// <summary>The physical octets: folds and line break included.</summary>
    public ReadOnlyMemory<byte> Octets => throw new NotImplementedException();

    /// <summary>Number of the line's first physical line in what was parsed, from 1; 0 when it was made here.</summary>
    public int LineNumber => throw new NotImplementedException();

    /// <summary>The first value of a parameter, or null.</summary>
    /// <param name="name">Upper case.</param>
    public string? Parameter(string name) => throw new NotImplementedException();

    /// <summary>Makes a line: folded at 75 octets between characters, ended by CRLF, parameter values quoted and RFC 6868-escaped where needed.</summary>
    /// <param name="name">The property name.</param>
    /// <param name="rawValue">The value with any TEXT escapes already in it.</param>
    /// <param name="parameters">Parameters in order.</param>
    public static ContentLine Create(string name, string rawValue, params ReadOnlySpan<Parameter> parameters) => throw new NotImplementedException();

    /// <summary>Makes a line with a TEXT value, escaped here.</summary>
    public static ContentLine CreateText(string name, string text, params ReadOnlySpan<Parameter> parameters) => throw new NotImplementedException();

    /// <summary>Makes a line with a DATE or DATE-TIME value: <c>VALUE=DATE</c> or <c>TZID</c> is added as its kind asks.</summary>
    public static ContentLine CreateTime(string name, CalendarTime time) => throw new NotImplementedException();
}
