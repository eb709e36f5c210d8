using Calendaring;

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

    private const int Piece = 1_024;
    private readonly string _folded = collation.Fold(text);
    private TextSearch? _search;

    public TextMatchType Type => type;

    /// <summary>Whether a value matches; with negate-condition, whether it does not.</summary>
    public bool Matches(string value)
    {
        var found = type switch
        {
            TextMatchType.Equals => collation.Fold(value, []).SequenceEqual(_folded),
            TextMatchType.StartsWith => collation.Fold(value, []).StartsWith(_folded),
            TextMatchType.EndsWith => collation.Fold(value, []).EndsWith(_folded),
            _ => IsIn(value),
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

    // a value may be a megabyte: what is folded of it is not kept
    private bool IsIn(ReadOnlySpan<char> value)
    {
        _search ??= new TextSearch(_folded);
        Span<char> scratch = stackalloc char[Piece];
        var found = 0;
        while (value.Length > Piece)
        {
            var length = LengthOfPiece(value);
            if (_search.GoOn(collation.Fold(value[..length], scratch), ref found)) return true;
            value = value[length..];
            LongWork.LetOthersGoFirst();
        }

        return _search.GoOn(collation.Fold(value, scratch), ref found);
    }

    // a piece ends before a character of ASCII: no collation folds such a one together with what comes before it
    private static int LengthOfPiece(ReadOnlySpan<char> value)
    {
        const char First = '\0';
        const char Last = '\x7f';
        var before = value[..(Piece + 1)].LastIndexOfAnyInRange(First, Last);
        if (before > 0) return before;
        var after = value[(Piece + 1)..].IndexOfAnyInRange(First, Last);
        return after < 0 ? value.Length : Piece + 1 + after;
    }
}
