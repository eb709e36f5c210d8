namespace CalDavServer.Dav.Filters;

/// <summary>How the text of a <see cref="TextMatch"/> is looked for (RFC 6352 §10.5.4; RFC 4791 §9.7.5 knows only <see cref="Contains"/>).</summary>
internal enum TextMatchType
{
    Contains,
    Equals,
    StartsWith,
    EndsWith,
}

/// <summary>A CALDAV:text-match (RFC 4791 §9.7.5).</summary>
internal sealed class TextMatch(string text, Collation collation, TextMatchType type, bool negate)
{
    /// <summary>Characters that are looked for.</summary>
    public const int MaxText = 1_000;

    private readonly string _folded = collation.Fold(text);
    private TextSearch? _search;

    public TextMatchType Type => type;

    /// <summary>Whether a value matches; with negate-condition, whether it does not.</summary>
    public bool Matches(string value)
    {
        var folded = collation.Fold(value);
        var found = type switch
        {
            TextMatchType.Equals => folded.Equals(_folded, StringComparison.Ordinal),
            TextMatchType.StartsWith => folded.StartsWith(_folded, StringComparison.Ordinal),
            TextMatchType.EndsWith => folded.EndsWith(_folded, StringComparison.Ordinal),
            _ => (_search ??= new TextSearch(_folded)).IsIn(folded),
        };
        return found != negate;
    }

    /// <summary>Whether one of several values matches; with negate-condition, whether none of them is found.</summary>
    public bool MatchesAny(IReadOnlyList<string> values)
    {
        foreach (var value in values)
        {
            if (Matches(value) != negate) return !negate;
        }

        return negate;
    }
}
