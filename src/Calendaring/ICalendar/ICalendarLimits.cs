namespace Calendaring.ICalendar;

/// <summary>Limits of the reader, applied where the bytes are read.</summary>
/// <param name="MaxBytes">Size of the whole object; advertised as <c>max-resource-size</c>.</param>
/// <param name="MaxLines">Content lines.</param>
/// <param name="MaxDepth">Nesting of components, VCALENDAR included.</param>
/// <param name="MaxLineBytes">Bytes of one content line, unfolded.</param>
/// <param name="MaxParameters">Parameters of one line.</param>
public sealed record ICalendarLimits(int MaxBytes, int MaxLines, int MaxDepth, int MaxLineBytes, int MaxParameters)
{
    /// <summary>What is used unless something else is said.</summary>
    public static ICalendarLimits Default { get; } = new(1_048_576, 10_000, 8, 1_048_576, 100);
}
