namespace CalDavServer.Dav.Filters;

/// <summary>Finds a text in others by code units, in time that grows with the sum of their lengths and not with the product (Knuth, Morris and Pratt, 1977).</summary>
internal sealed class TextSearch
{
    private readonly string _text;

    /// <summary>For each beginning of the text the length of the longest shorter one that it ends with.</summary>
    private readonly int[] _borders;

    public TextSearch(string text)
    {
        _text = text;
        _borders = new int[text.Length];
        for (int at = 1, border = 0; at < text.Length; at++)
        {
            border = Advance(border, text[at]);
            _borders[at] = border;
        }
    }

    public bool IsIn(ReadOnlySpan<char> other)
    {
        var found = 0;
        return GoOn(other, ref found);
    }

    /// <summary>Goes on in the next piece of a text that is looked at piece by piece.</summary>
    /// <param name="piece">The piece.</param>
    /// <param name="found">How much of the text the pieces so far end with; nothing at first.</param>
    /// <returns>Whether it is found.</returns>
    public bool GoOn(ReadOnlySpan<char> piece, ref int found)
    {
        for (var at = 0; found < _text.Length; at++)
        {
            if (found == 0 && piece[at..].IndexOf(_text[0]) is var next)
            {
                if (next < 0) return false;
                at += next;
            }

            if (at == piece.Length) return false;
            found = Advance(found, piece[at]);
        }

        return true;
    }

    private int Advance(int found, char next)
    {
        while (found > 0 && _text[found] != next) found = _borders[found - 1];
        return _text[found] == next ? found + 1 : 0;
    }
}
