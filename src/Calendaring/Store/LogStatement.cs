using System.Buffers;
using System.Text.Json;

namespace Calendaring.Store;

/// <summary>
/// A line that the store itself appends, chained like any other: which lines were erased just before it, and whose the log is from then on. A line without its document that no statement names was
/// blanked, not erased.
/// </summary>
/// <param name="Of">The origin that a log of that name and owner has (<see cref="LogLine.OriginOf"/>), in hexadecimal digits: the id of who was erased stays nowhere.</param>
/// <param name="Erased">The numbers of the lines that were erased, as ranges with both ends.</param>
public sealed record LogStatement(string Of, IReadOnlyList<(long First, long Last)> Erased)
{
    private static ReadOnlySpan<byte> Prefix => "{\"chain\":"u8;

    /// <summary>Whether a document is one of the store's own: nobody else can append such a one.</summary>
    public static bool Is(ReadOnlySpan<byte> document) => document.StartsWith(Prefix);

    /// <summary>What a line states; null when it is no statement.</summary>
    public static LogStatement? Read(LogLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        if (!Is(line.Document.Span)) return null;
        try
        {
            using var json = JsonDocument.Parse(line.Document);
            var ranges = json.RootElement.GetProperty("erased").EnumerateArray().Select(range => (range[0].GetInt64(), range[1].GetInt64()));
            return new LogStatement(json.RootElement.GetProperty("of").GetString() ?? "", [.. ranges]);
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    /// <summary>The document of a statement.</summary>
    internal static byte[] Write(string log, string owner, IEnumerable<long> erased)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("chain", 1);
            json.WriteString("of", Convert.ToHexStringLower(LogLine.OriginOf(log, owner)));
            json.WriteStartArray("erased");
            foreach (var (first, last) in Ranges(erased))
            {
                json.WriteStartArray();
                json.WriteNumberValue(first);
                json.WriteNumberValue(last);
                json.WriteEndArray();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static IEnumerable<(long First, long Last)> Ranges(IEnumerable<long> numbers)
    {
        (long First, long Last)? open = null;
        foreach (var number in numbers.Order())
        {
            if (open is { } range && range.Last + 1 == number)
            {
                open = (range.First, number);
                continue;
            }

            if (open is { } done) yield return done;
            open = (number, number);
        }

        if (open is { } rest) yield return rest;
    }
}
