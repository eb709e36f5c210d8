using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Calendaring.Store;

/// <summary>
/// One line of an append-only log. The lines of a log and owner are numbered from 1 without gaps and chained by their hashes, from the name and owner of the log on: who knows the hash of a line can tell later whether it, or any
/// line before it, has been changed or taken away.
/// </summary>
/// <param name="Log">Which log, e.g. <c>audit</c>.</param>
/// <param name="Owner">Whose: a principal's or group's id.</param>
/// <param name="Number">Its number, given by the store.</param>
/// <param name="Subject">What it is about, by which lines are found; null when that is not said or the line is erased.</param>
/// <param name="Document">The document, opaque to the store; empty when the line is erased.</param>
/// <param name="Digest">SHA-256 of the document: it stays when the line is erased.</param>
/// <param name="Hash">The hash that chains it to those before it (<see cref="ChainHash"/>).</param>
/// <param name="Erased">Whether the document has been erased.</param>
public sealed record LogLine(
    string Log,
    string Owner,
    long Number,
    string? Subject,
    ReadOnlyMemory<byte> Document,
    ReadOnlyMemory<byte> Digest,
    ReadOnlyMemory<byte> Hash,
    bool Erased)
{
    /// <summary>Bytes of a hash or digest.</summary>
    public const int HashSize = SHA256.HashSizeInBytes;

    /// <summary>Whether the line follows from the hash of the line before it, with the number that comes next. The first line follows from the origin of the log (<see cref="OriginOf"/>).</summary>
    public bool Follows(ReadOnlySpan<byte> previousHash, long previousNumber)
    {
        Span<byte> expected = stackalloc byte[HashSize];
        ChainHash(previousHash, Number, Digest.Span, expected);
        return Number == previousNumber + 1
            && expected.SequenceEqual(Hash.Span)
            && (Erased || SHA256.HashData(Document.Span).AsSpan().SequenceEqual(Digest.Span));
    }

    /// <summary>What the first line of a log follows from: SHA-256 of "CalendarSync log", the log's name and its owner, each after a zero byte but the first. Logs of before that began from zeros.</summary>
    public static byte[] OriginOf(string log, string owner) => SHA256.HashData(Encoding.UTF8.GetBytes($"CalendarSync log\0{log}\0{owner}"));

    /// <summary>The hash of a line: SHA-256 over the previous line's hash, the number (eight bytes, most significant first) and the SHA-256 of the document.</summary>
    public static void ChainHash(ReadOnlySpan<byte> previousHash, long number, ReadOnlySpan<byte> digest, Span<byte> hash)
    {
        Span<byte> chained = stackalloc byte[HashSize + sizeof(long) + HashSize];
        previousHash.CopyTo(chained);
        BinaryPrimitives.WriteInt64BigEndian(chained[HashSize..], number);
        digest.CopyTo(chained[(HashSize + sizeof(long))..]);
        SHA256.HashData(chained, hash);
    }
}
