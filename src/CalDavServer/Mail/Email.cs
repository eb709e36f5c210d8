using System.Security.Cryptography;
using System.Text;
using MimeKit;
using NodaTime;

namespace CalDavServer.Mail;

/// <summary>An e-mail of plain text to one person.</summary>
/// <param name="To">The address, e.g. <c>maya@example.org</c>.</param>
/// <param name="Subject">The subject, on one line.</param>
/// <param name="Text">The text; its lines may end in any way.</param>
internal sealed record Email(string To, string Subject, string Text)
{
    private static readonly ParserOptions AddressRules = new() { AddressParserComplianceMode = RfcComplianceMode.Strict, AllowAddressesWithoutDomain = false };

    /// <summary>Names the e-mail, when it may be handed to a mail server more than once: what a recipient has already is then known for the same.</summary>
    public string? Name { get; init; }

    /// <summary>Whether somebody waits for it to get in again: such e-mails have room of their own.</summary>
    public bool IsUrgent { get; init; }

    /// <summary>Whether it tells a person what was done to their account: who fills the mailbox with other e-mails must not keep these away.</summary>
    public bool IsWarning { get; init; }

    /// <summary>Whether a text can be an address that e-mails go to: nothing in it can end a line or a command of the protocol.</summary>
    public static bool IsAddress(string text) =>
        text.Length <= 254 && text.All(character => character is > ' ' and < '\x7f' and not ('<' or '>' or '"' or ',' or ';' or ':'))
        && MailboxAddress.TryParse(AddressRules, text, out var mailbox) && mailbox.Address == text;

    /// <summary>The e-mail as it is sent (RFC 5322).</summary>
    public MimeMessage Compose(string from, Instant now)
    {
        var message = new MimeMessage
        {
            Subject = Subject,
            Date = now.ToDateTimeOffset(),
            MessageId = $"{IdOf(Name)}@{from.AsSpan(from.LastIndexOf('@') + 1)}",
            // lines of any length arrive as they were written
            Body = new TextPart("plain") { Text = Text.ReplaceLineEndings("\r\n"), ContentTransferEncoding = ContentEncoding.Base64 },
        };
        message.From.Add(new MailboxAddress("CalendarSync", from));
        message.To.Add(new MailboxAddress("", To));
        message.Headers.Add("Auto-Submitted", "auto-generated"); // RFC 3834
        return message;
    }

    private static string IdOf(string? name) =>
        name is null ? RandomNumberGenerator.GetHexString(32, lowercase: true) : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16));
}
