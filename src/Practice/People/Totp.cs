using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NodaTime;

namespace Practice.People;

/// <summary>One-time codes by the time (RFC 6238), as every authenticator app makes them: SHA-1, six digits, 30 seconds.</summary>
public static class Totp
{
    /// <summary>Bytes of a key: those of the hash (RFC 4226 §4).</summary>
    public const int KeyBytes = 20;

    private const int Digits = 6;
    private const int Seconds = 30;
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>The code of a time step.</summary>
    public static string CodeOf(ReadOnlySpan<byte> key, long step)
    {
        Span<byte> counter = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
#pragma warning disable CA5350 // what authenticator apps know; HMAC does not depend on collisions
        HMACSHA1.HashData(key, counter, hash);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadUInt32BigEndian(hash[(hash[^1] & 0xf)..]) & 0x7fff_ffff;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    /// <summary>The time step of an instant.</summary>
    public static long StepOf(Instant at) => at.ToUnixTimeSeconds() / Seconds;

    /// <summary>The time step whose code was typed: the current one, or the one before or after it, but none up to <paramref name="after"/>. Null when there is none.</summary>
    public static long? FindStep(ReadOnlySpan<byte> key, string code, Instant now, long after)
    {
        ArgumentNullException.ThrowIfNull(code);
        var typed = Encoding.ASCII.GetBytes([.. code.Where(char.IsAsciiDigit)]);
        if (typed.Length != Digits || code.Any(character => !char.IsAsciiDigit(character) && character is not (' ' or '-'))) return null;
        long? found = null;
        for (var step = StepOf(now) - 1; step <= StepOf(now) + 1; step++)
        {
            if (CryptographicOperations.FixedTimeEquals(typed, Encoding.ASCII.GetBytes(CodeOf(key, step))) && step > after) found = step;
        }

        return found;
    }

    /// <summary>A key as it is typed into an app: base32 (RFC 4648 §6).</summary>
    public static string KeyText(ReadOnlySpan<byte> key)
    {
        var text = new StringBuilder();
        var (bits, count) = (0, 0);
        foreach (var next in key)
        {
            (bits, count) = (((bits & 0x1f) << 8) | next, count + 8);
            for (; count >= 5; count -= 5) text.Append(Base32[(bits >> (count - 5)) & 0x1f]);
        }

        if (count > 0) text.Append(Base32[(bits << (5 - count)) & 0x1f]);
        return text.ToString();
    }

    /// <summary>What the QR code of a key says.</summary>
    public static string Address(ReadOnlySpan<byte> key, string login) =>
        $"otpauth://totp/CalendarSync:{Uri.EscapeDataString(login)}?secret={KeyText(key)}&issuer=CalendarSync";
}
