using System.Security;
using System.Text;
using System.Text.RegularExpressions;
using Xunit;

namespace CalDavServer.Tests.ClientQuirks.Sessions;

/// <summary>
/// One request as a client sends it, from a <c>.http</c> file: request line, headers, an empty line, the body. Placeholders such as <c>{calendar}</c> are filled in when it is sent.
/// Line ends are CRLF in the headers and in a <c>text/calendar</c> body and LF in other bodies, whatever the file has; the file's last line end is not sent.
/// </summary>
internal sealed partial class RequestFile
{
    private readonly string _head;
    private readonly string _body;

    private RequestFile(string path, string text)
    {
        Path = path;
        text = text.ReplaceLineEndings("\n");
        var empty = text.IndexOf("\n\n", StringComparison.Ordinal);
        _head = empty < 0 ? text.TrimEnd('\n') : text[..empty];
        _body = empty < 0 ? "" : text[(empty + 2)..];
        if (IsCalendar) _body = _body.ReplaceLineEndings("\r\n");
        else if (_body.EndsWith('\n')) _body = _body[..^1];
    }

    /// <summary>The folder of all clients, as it was copied beside the tests.</summary>
    public static string Folder { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "ClientQuirks");

    /// <summary>The file's path.</summary>
    public string Path { get; }

    /// <summary>Client and file, e.g. <c>Thunderbird/03-home.http</c>.</summary>
    public string Name => System.IO.Path.GetRelativePath(Folder, Path).Replace('\\', '/');

    /// <summary>What must be so about the answer: the <c>.expect</c> file of the same name.</summary>
    public string ExpectationPath => System.IO.Path.ChangeExtension(Path, ".expect");

    private bool IsCalendar => _head.Contains("Content-Type: text/calendar", StringComparison.OrdinalIgnoreCase);

    /// <summary>The clients: each folder is one session.</summary>
    public static IEnumerable<string> Clients() =>
        Directory.EnumerateDirectories(Folder).Where(folder => Directory.EnumerateFiles(folder, "*.http").Any()).Select(folder => System.IO.Path.GetFileName(folder)).Order();

    /// <summary>The requests of a client in the order in which they are sent.</summary>
    public static IReadOnlyList<RequestFile> Of(string client) =>
    [
        .. Directory.EnumerateFiles(System.IO.Path.Combine(Folder, client), "*.http").Order(StringComparer.Ordinal).Select(path => new RequestFile(path, File.ReadAllText(path))),
    ];

    /// <summary>The bytes to send. A placeholder without a value fails, and <c>{length}</c> is the body's.</summary>
    public byte[] Fill(IReadOnlyDictionary<string, string> values)
    {
        var isXml = !IsCalendar && _body.StartsWith('<');
        var body = Encoding.UTF8.GetBytes(Placeholder().Replace(_body, match => isXml ? SecurityElement.Escape(ValueOf(match, values)) : ValueOf(match, values)));
        var length = new Dictionary<string, string> { ["length"] = body.Length.ToString(System.Globalization.CultureInfo.InvariantCulture) };
        var head = Placeholder().Replace(_head, match => length.GetValueOrDefault(match.Groups[1].Value) ?? ValueOf(match, values));
        return [.. Encoding.UTF8.GetBytes(head.ReplaceLineEndings("\r\n") + "\r\n\r\n"), .. body];
    }

    /// <summary>Fills placeholders in a line of an expectation.</summary>
    public static string Fill(string line, IReadOnlyDictionary<string, string> values) => Placeholder().Replace(line, match => ValueOf(match, values));

    private static string ValueOf(Match match, IReadOnlyDictionary<string, string> values)
    {
        Assert.True(values.TryGetValue(match.Groups[1].Value, out var value), $"{match.Value} has no value yet.");
        return value!;
    }

    [GeneratedRegex("\\{([a-z][a-z0-9-]*)\\}")]
    private static partial Regex Placeholder();
}
