using System.Globalization;
using System.Net.Mail;
using System.Security.Cryptography;
using System.Text;
using NodaTime;

namespace CalDavServer.Mail;

/// <summary>A letter of plain text to one person.</summary>
/// <param name="To">The address, e.g. <c>maya@example.org</c>.</param>
/// <param name="Subject">The subject, on one line.</param>
/// <param name="Text">The text; its lines may end in any way.</param>
internal sealed record Letter(string To, string Subject, string Text)
{
    /// <summary>Names the letter, when it may be handed to a mail server more than once: what a reader has already is then known for the same.</summary>
    public string? Name { get; init; }

    /// <summary>Whether somebody waits for it to get in again: such letters have room of their own.</summary>
    public bool IsUrgent { get; init; }

    private const string DateFormat = "ddd, dd MMM uuuu HH:mm:ss";
    private const int Base64Line = 76;
    private const int WordOctets = 42;

    /// <summary>Whether a text can be an address that letters go to: nothing in it can end a line or a command of the protocol.</summary>
    public static bool IsAddress(string text) =>
        text.Length <= 254 && text.All(character => character is > ' ' and < '\x7f' and not ('<' or '>' or '"' or ',' or ';' or ':'))
        && MailAddress.TryCreate(text, out var address) && address.Address == text;

    /// <summary>The letter as it is sent (RFC 5322), lines ended by CRLF.</summary>
    public string Compose(string from, Instant now)
    {
        var body = Convert.ToBase64String(Encoding.UTF8.GetBytes(Text.ReplaceLineEndings("\r\n")));
        var message = new StringBuilder()
            .Append("From: CalendarSync <").Append(from).Append(">\r\n")
            .Append("To: <").Append(To).Append(">\r\n")
            .Append("Subject: ").Append(Words(Subject)).Append("\r\n")
            .Append("Date: ").Append(now.ToString(DateFormat, CultureInfo.InvariantCulture)).Append(" +0000\r\n")
            .Append("Message-ID: <").Append(IdOf(Name)).Append('@').Append(from.AsSpan(from.LastIndexOf('@') + 1)).Append(">\r\n")
            .Append("Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n");
        for (var at = 0; at < body.Length; at += Base64Line) message.Append("\r\n").Append(body.AsSpan(at, Math.Min(Base64Line, body.Length - at)));
        return message.Append("\r\n").ToString();
    }

    private static string IdOf(string? name) =>
        name is null ? RandomNumberGenerator.GetHexString(32, lowercase: true) : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16));

    // encoded words (RFC 2047) of whole characters, each short enough for a line of 76
    private static string Words(string text)
    {
        if (text.All(character => character is >= ' ' and < '\x7f')) return text;
        var words = new StringBuilder();
        var word = new List<byte>(WordOctets);
        Span<byte> encoded = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            var octets = encoded[..rune.EncodeToUtf8(encoded)];
            if (word.Count + octets.Length > WordOctets) End();
            word.AddRange(octets);
        }

        End();
        return words.ToString();

        void End()
        {
            if (words.Length > 0) words.Append("\r\n ");
            words.Append("=?utf-8?B?").Append(Convert.ToBase64String([.. word])).Append("?=");
            word.Clear();
        }
    }
}
