using System.Globalization;
using CalDavServer.Tests.Hosting;
using Xunit;

namespace CalDavServer.Tests.Rfc6578;

/// <summary>A server with one person, and short ways to change what is in their home and to sync it.</summary>
public abstract class SyncTest : ServerTest
{
    private protected Task<SyncAnswer> SyncAsync(string path, string token, bool infinite = false, int? limit = null, string prop = "<D:getetag/>", DavClient? client = null) =>
        SyncAnswer.AskAsync(client ?? Client, path, token, infinite, limit, prop);

    private protected async Task MakeAsync(string calendar) => Assert.Equal(201, (await Client.SendAsync("MKCALENDAR", Client.Calendar(calendar), Xml.MkCalendar())).Status);

    private protected async Task PutAsync(string path, string uid, string summary = "text") =>
        Assert.InRange((await Client.PutAsync(Client.Home + path, Events.Event(uid, summary))).Status, 201, 204);

    private protected async Task MoveAsync(string from, string to) =>
        Assert.InRange((await Client.SendAsync("MOVE", Client.Home + from, null, ("Destination", new Uri(Server.Address, Client.Home + to).ToString()))).Status, 201, 204);
}

/// <summary>The answer to a sync-collection.</summary>
internal sealed record SyncAnswer(DavAnswer Answer, string Path)
{
    public static async Task<SyncAnswer> AskAsync(DavClient client, string path, string token, bool infinite, int? limit, string prop = "<D:getetag/>")
    {
        var results = limit is { } most ? string.Create(CultureInfo.InvariantCulture, $"<D:limit><D:nresults>{most}</D:nresults></D:limit>") : "";
        var level = infinite ? "infinite" : "1";
        var body = $"<D:sync-collection xmlns:D=\"DAV:\"><D:sync-token>{token}</D:sync-token><D:sync-level>{level}</D:sync-level>{results}<D:prop>{prop}</D:prop></D:sync-collection>";
        return new SyncAnswer(await client.SendAsync("REPORT", path, body, ("Depth", "0")), path);
    }

    public string Token => Answer.Root.Element(Xml.D + "sync-token")!.Value;

    /// <summary>Whether the token was refused (RFC 6578 §3.2).</summary>
    public bool IsRefused => Answer.Status == 403 && Answer.HasCondition(Xml.D + "valid-sync-token");

    /// <summary>Whether there is more (RFC 6578 §3.6).</summary>
    public bool Truncated => Answer.Root.Elements(Xml.D + "response").Any(response => HrefOf(response) == Path && StatusOf(response) == "507");

    /// <summary>Each entry in the order told, relative to what was asked: with <c>+</c> when it is there, <c>-</c> when it is gone, else the status.</summary>
    public IReadOnlyList<string> Entries
    {
        get
        {
            Assert.True(Answer.Status == 207, $"{Answer.Status} {Answer.Text}");
            return [.. Answer.Root.Elements(Xml.D + "response").Where(response => HrefOf(response) != Path).Select(EntryOf)];
        }
    }

    /// <summary>The entries in the order of their text.</summary>
    public override string ToString()
    {
        Assert.Equal(Entries.Distinct(), Entries);
        return string.Join(' ', Entries.Order(StringComparer.Ordinal));
    }

    private string EntryOf(System.Xml.Linq.XElement response)
    {
        var name = HrefOf(response)[Path.Length..];
        return StatusOf(response) switch { null => "+", "404" => "-", var other => other } + name;
    }

    private static string HrefOf(System.Xml.Linq.XElement response) => response.Element(Xml.D + "href")!.Value;

    private static string? StatusOf(System.Xml.Linq.XElement response) => response.Element(Xml.D + "status")?.Value.Split(' ')[1];
}
