using System.Text.RegularExpressions;

namespace CalDavServer.Tests.Reports.Reference;

/// <summary>A component of an iCalendar text, read in the plainest way and with nothing of the server: what the reference evaluator looks at.</summary>
internal sealed partial class PlainComponent(string name)
{
    public string Name { get; } = name;

    public List<PlainLine> Lines { get; } = [];

    public List<PlainComponent> Components { get; } = [];

    /// <summary>The first line of a name, or null.</summary>
    public PlainLine? this[string property] => Lines.Find(line => line.Name == property);

    /// <summary>The VCALENDAR of a text.</summary>
    public static PlainComponent Parse(string text)
    {
        var open = new Stack<PlainComponent>();
        foreach (var content in text.Replace("\r\n ", "", StringComparison.Ordinal).Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            if (content.StartsWith("BEGIN:", StringComparison.Ordinal))
            {
                var component = new PlainComponent(content[6..]);
                if (open.TryPeek(out var parent)) parent.Components.Add(component);
                open.Push(component);
            }
            else if (content.StartsWith("END:", StringComparison.Ordinal))
            {
                if (open.Count == 1) return open.Pop();
                open.Pop();
            }
            else
            {
                open.Peek().Lines.Add(PlainLine.Parse(content));
            }
        }

        throw new FormatException("The object does not end.");
    }

    internal static string Unescape(string value) =>
        Escape().Replace(value, static match => match.Value is "\\n" or "\\N" ? "\n" : match.Value[1..]);

    [GeneratedRegex(@"\\[\\;,nN]")]
    private static partial Regex Escape();
}

/// <summary>A content line of a <see cref="PlainComponent"/>.</summary>
internal sealed partial record PlainLine(string Name, IReadOnlyList<(string Name, string Value)> Parameters, string Value)
{
    /// <summary>The value as text.</summary>
    public string Text => PlainComponent.Unescape(Value);

    /// <summary>A parameter, or null.</summary>
    public string? Parameter(string name) => Parameters.Where(parameter => parameter.Name == name).Select(parameter => parameter.Value).FirstOrDefault();

    public static PlainLine Parse(string content)
    {
        var match = Pattern().Match(content);
        var names = match.Groups["p"].Captures;
        var values = match.Groups["v"].Captures;
        return new PlainLine(match.Groups["n"].Value.ToUpperInvariant(), [.. names.Select((name, i) => (name.Value.ToUpperInvariant(), values[i].Value.Trim('"')))], match.Groups["rest"].Value);
    }

    [GeneratedRegex("^(?<n>[^;:]+)(;(?<p>[^=]+)=(?<v>\"[^\"]*\"|[^;:\"]*))*:(?<rest>.*)$", RegexOptions.Singleline)]
    private static partial Regex Pattern();
}
