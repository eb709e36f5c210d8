using System.Globalization;
using System.Text;

namespace Fuzzing;

/// <summary>
/// A request as a template: request line, headers and body, one character for each byte, with placeholders such as <c>{calendar}</c> that are filled when it is sent. So it can be
/// sent again to another server.
/// </summary>
internal sealed record FuzzRequest(string Line, IReadOnlyList<string> Headers, string Body)
{
    public string Method => Line.Split(' ')[0];

    /// <summary>Reads a file of a client's session, which has LF (tests/CalDavServer.Tests/ClientQuirks/README.md), or one that was saved here, which has CRLF.</summary>
    public static FuzzRequest Read(string path)
    {
        var text = Encoding.Latin1.GetString(File.ReadAllBytes(path));
        if (text.Contains("\r\n\r\n", StringComparison.Ordinal)) return Parse(text);
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        var head = (end < 0 ? text.TrimEnd('\n') : text[..end]).Split('\n');
        var body = end < 0 ? "" : text[(end + 2)..];
        body = body.StartsWith("BEGIN:", StringComparison.Ordinal) ? body.Replace("\n", "\r\n", StringComparison.Ordinal) : body.TrimEnd('\n');
        return new FuzzRequest(head[0], head[1..], body);
    }

    /// <summary>The template as it is saved.</summary>
    public byte[] ToBytes() => Encoding.Latin1.GetBytes(Text);

    /// <summary>The bytes to send.</summary>
    public byte[] Fill(IReadOnlyDictionary<string, string> values)
    {
        var body = FillText(Body, values);
        var head = FillText(string.Concat(new[] { Line }.Concat(Headers).Select(line => line + "\r\n")), values);
        return Encoding.Latin1.GetBytes(head.Replace("{length}", body.Length.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal) + "\r\n" + body);
    }

    private string Text => string.Concat(new[] { Line }.Concat(Headers).Select(line => line + "\r\n")) + "\r\n" + Body;

    private static FuzzRequest Parse(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var head = text[..end].Split("\r\n");
        return new FuzzRequest(head[0], head[1..], text[(end + 4)..]);
    }

    private static string FillText(string text, IReadOnlyDictionary<string, string> values)
    {
        if (!text.Contains('{', StringComparison.Ordinal)) return text;
        foreach (var (name, value) in values) text = text.Replace(name, value, StringComparison.Ordinal);
        return text;
    }
}
