using System.Text;

namespace Calendaring.ICalendar;

/// <content>Making lines.</content>
public sealed partial class ContentLine
{
    /// <summary>Makes a line: folded at 75 bytes between characters, ended by CRLF, parameter values quoted and RFC 6868-escaped where needed.</summary>
    /// <param name="name">The property name.</param>
    /// <param name="rawValue">The value with any TEXT escapes already in it.</param>
    /// <param name="parameters">Parameters in order.</param>
    /// <exception cref="ArgumentException">A name is none, or the value has a line break or another control character: it would be another line.</exception>
    public static ContentLine Create(string name, string rawValue, params ReadOnlySpan<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(rawValue);
        foreach (var next in rawValue)
        {
            if (!TextValue.IsCarried(next)) throw new ArgumentException("The value has a line break or another control character.", nameof(rawValue));
        }

        var line = new StringBuilder(CheckedName(name), name.Length + rawValue.Length + 64);
        foreach (var parameter in parameters)
        {
            line.Append(';').Append(CheckedName(parameter.Name)).Append('=');
            for (var index = 0; index < parameter.Values.Count; index++)
            {
                if (index > 0) line.Append(',');
                ParameterValue.Append(line, parameter.Values[index]);
            }
        }

        var valueStart = Encoding.UTF8.GetByteCount(line.Append(':').ToString());
        var unfolded = Encoding.UTF8.GetBytes(line.Append(rawValue).ToString());
        var bytes = Folding.Fold(unfolded);
        var contentLength = bytes.Length - 2;
        return new ContentLine(CheckedName(name), bytes, contentLength, valueStart, folded: contentLength > unfolded.Length, lineNumber: 0);
    }

    /// <summary>Makes a line with a TEXT value, escaped here.</summary>
    public static ContentLine CreateText(string name, string text, params ReadOnlySpan<Parameter> parameters) =>
        Create(name, TextValue.Escape(text), parameters);

    /// <summary>Makes a line with a DATE or DATE-TIME value: <c>VALUE=DATE</c> or <c>TZID</c> is added as its kind asks.</summary>
    public static ContentLine CreateTime(string name, CalendarTime time) => time.Kind switch
    {
        CalendarTimeKind.Date => Create(name, time.ToString(), new Parameter("VALUE", "DATE")),
        CalendarTimeKind.Zoned => Create(name, time.ToString(), new Parameter("TZID", time.TimeZoneId!)),
        _ => Create(name, time.ToString()),
    };

    private static string CheckedName(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var bytes = Encoding.UTF8.GetBytes(name);
        if (bytes.AsSpan().IndexOfAnyExcept(LineScan.NameBytes) >= 0) throw new ArgumentException("A name has letters, digits and hyphens only.", nameof(name));
        return KnownNames.Intern(bytes);
    }
}
