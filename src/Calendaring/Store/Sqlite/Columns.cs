using System.Security.Cryptography;
using System.Text.Json;
using NodaTime;

namespace Calendaring.Store.Sqlite;

/// <summary>How values are written in columns.</summary>
internal static class Columns
{
    private static readonly long FirstTick = Instant.MinValue.ToUnixTimeTicks();
    private static readonly long LastTick = Instant.MaxValue.ToUnixTimeTicks();

    /// <summary>Ticks of 100 ns, rounded down: what is stored never begins later than what was given.</summary>
    public static long Ticks(Instant instant) => instant.ToUnixTimeTicks();

    /// <summary>Ticks rounded up: what is stored never ends earlier than what was given.</summary>
    public static long TicksUp(Instant instant)
    {
        var ticks = instant.ToUnixTimeTicks();
        return ticks < LastTick && Instant.FromUnixTimeTicks(ticks) < instant ? ticks + 1 : ticks;
    }

    public static Instant InstantOf(long ticks) => Instant.FromUnixTimeTicks(Math.Clamp(ticks, FirstTick, LastTick));

    public static Instant? InstantOf(long? ticks) => ticks is { } some ? InstantOf(some) : null;

    /// <summary>An e-mail address as addresses are compared: trimmed, NFC, lower case. Null when there is none, or it is not valid Unicode.</summary>
    public static string? KeyOfEmail(string? email)
    {
        try
        {
            return email?.Trim().Normalize().ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The ETag of bytes: the first 128 bits of SHA-256, lower-case hexadecimal.</summary>
    public static string ETag(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return Convert.ToHexStringLower(hash[..16]);
    }

    /// <summary>Properties as JSON, <c>[[namespace, name, element], …]</c>; null when there are none.</summary>
    public static ReadOnlyMemory<byte>? Write(PropertyBag properties)
    {
        if (properties.Values.Count == 0) return null;
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartArray();
        foreach (var (name, element) in properties.Values)
        {
            writer.WriteStartArray();
            writer.WriteStringValue(name.Namespace);
            writer.WriteStringValue(name.Name);
            writer.WriteStringValue(element);
            writer.WriteEndArray();
        }
        writer.WriteEndArray();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    public static PropertyBag ReadProperties(Statement statement, int column)
    {
        if (statement.IsNull(column)) return PropertyBag.Empty;
        var reader = new Utf8JsonReader(statement.Span(column));
        var values = new Dictionary<PropertyName, string>();
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.StartArray)
        {
            var name = new PropertyName(NextString(ref reader), NextString(ref reader));
            values[name] = NextString(ref reader);
            reader.Read();
        }
        return PropertyBag.Of(values);
    }

    private static string NextString(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.GetString()!;
    }
}
