using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;

namespace CalDavServer.Web.Devices;

/// <summary>
/// A configuration profile with which an Apple device adds the account by itself (payload <c>com.apple.caldav.account</c>). Its identifiers follow from the device's id: a profile that is installed
/// again replaces the first one.
/// </summary>
internal static class AppleProfile
{
    public const string ContentType = "application/x-apple-aspen-config";

    public static byte[] Make(AccountFacts account, string calendarName, string deviceId, string password)
    {
        var name = $"calendarsync.{deviceId}";
        var payload = Dictionary(
            ("PayloadType", String("com.apple.caldav.account")),
            ("PayloadVersion", Integer(1)),
            ("PayloadIdentifier", String($"{name}.caldav")),
            ("PayloadUUID", String(UuidOf($"{name}.caldav"))),
            ("PayloadDisplayName", String(calendarName)),
            ("CalDAVAccountDescription", String(calendarName)),
            ("CalDAVHostName", String(account.Host)),
            ("CalDAVPort", Integer(account.Port)),
            ("CalDAVUseSSL", new XElement(account.Https ? "true" : "false")),
            ("CalDAVPrincipalURL", String(account.PrincipalPath)),
            ("CalDAVUsername", String(account.Login)),
            ("CalDAVPassword", String(password)));
        var profile = Dictionary(
            ("PayloadType", String("Configuration")),
            ("PayloadVersion", Integer(1)),
            ("PayloadIdentifier", String(name)),
            ("PayloadUUID", String(UuidOf(name))),
            ("PayloadDisplayName", String(calendarName)),
            ("PayloadDescription", String($"Adds the calendar {calendarName}. Remove this profile to remove the calendar.")),
            ("PayloadContent", new XElement("array", payload)));
        var document = new XDocument(
            new XDocumentType("plist", "-//Apple//DTD PLIST 1.0//EN", "http://www.apple.com/DTDs/PropertyList-1.0.dtd", null),
            new XElement("plist", new XAttribute("version", "1.0"), profile));
        return Encoding.UTF8.GetBytes($"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{document}\n");
    }

    private static XElement Dictionary(params (string Key, XElement Value)[] entries) =>
        new("dict", entries.SelectMany(entry => new[] { new XElement("key", entry.Key), entry.Value }));

    // XML cannot carry every character that a name may have
    private static XElement String(string text) => new("string", string.Concat(text.Where(character => !char.IsControl(character))));

    private static XElement Integer(int value) => new("integer", value);

    private static string UuidOf(string name)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(name))[..16];
        // RFC 9562 §5.8: of our own making
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString().ToUpperInvariant();
    }
}
