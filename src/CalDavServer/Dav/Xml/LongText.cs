namespace CalDavServer.Dav.Xml;

/// <summary>
/// A text too long to be held in a buffer beside others: it is written when its turn comes, a piece at a time, so that a client that reads slowly keeps pieces waiting and not the whole.
/// </summary>
internal abstract class LongText
{
    /// <summary>Bytes of calendar data that are worth the trouble.</summary>
    public const int LeastData = 32 * 1024;

    /// <summary>Characters of markup that are worth it: one response may have hundreds of properties.</summary>
    public const int LeastMarkup = 4 * 1024;

    /// <summary>Bytes or characters of a piece.</summary>
    private const int Piece = 16 * 1024;

    /// <summary>Writes the text; each step writes a piece.</summary>
    public abstract IEnumerable<int> WriteTo(XmlUtf8Writer xml);

    /// <summary>Markup as it is.</summary>
    public sealed class Markup(string text) : LongText
    {
        public override IEnumerable<int> WriteTo(XmlUtf8Writer xml)
        {
            for (var at = 0; at < text.Length;)
            {
                var length = Math.Min(Piece, text.Length - at);
                if (at + length < text.Length && char.IsHighSurrogate(text[at + length - 1])) length--;
                xml.Raw(text.AsSpan(at, length));
                yield return at += length;
            }
        }
    }

    /// <summary>Character data in UTF-8, in parts that each end between characters.</summary>
    public sealed class Data(IEnumerable<ReadOnlyMemory<byte>> parts) : LongText
    {
        public override IEnumerable<int> WriteTo(XmlUtf8Writer xml)
        {
            var waiting = 0;
            foreach (var part in parts)
            {
                for (var rest = part; rest.Length > 0;)
                {
                    var length = LengthOfPiece(rest.Span);
                    xml.TextUtf8(rest.Span[..length]);
                    rest = rest[length..];
                    waiting += length;
                    if (waiting < Piece) continue;
                    yield return waiting;
                    waiting = 0;
                }
            }
        }

        private static int LengthOfPiece(ReadOnlySpan<byte> text)
        {
            if (text.Length <= Piece) return text.Length;
            var length = Piece;
            while (length > Piece - 4 && (text[length] & 0xc0) == 0x80) length--;
            return length;
        }
    }
}
