using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using CalDavServer.Tests.Hosting;

namespace Fuzzing;

/// <summary>What came of one request.</summary>
/// <param name="Fault">Which promise was broken, or null.</param>
/// <param name="Outcome">Method, status, condition or sentence, and shape of the answer: a request with a new one is worth keeping.</param>
/// <param name="Answer">The answer, or null when there was none.</param>
internal sealed record Verdict(string? Fault, string Outcome, DavAnswer? Answer);

/// <summary>Sends one request on a connection of its own, and checks what the server promises of any answer.</summary>
internal sealed partial class Probe(Uri address)
{
    /// <summary>A complete request is answered within this time, on a machine with much else to do.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // for the rest of a request that never comes the server waits longer than the fuzzer
    private static readonly TimeSpan PatienceWithHalf = TimeSpan.FromMilliseconds(250);

    private static readonly XNamespace D = "DAV:";

    public async Task<Verdict> SendAsync(FuzzRequest request, IReadOnlyDictionary<string, string> values)
    {
        var bytes = request.Fill(values);
        var isComplete = IsComplete(bytes);
        using var limit = new CancellationTokenSource(isComplete ? Patience : PatienceWithHalf);
        using var connection = await RawConnection.OpenAsync(address, CancellationToken.None);
        try
        {
            await connection.SendAsync(bytes, limit.Token);
            var answer = await connection.ReadAsync(request.Method == "HEAD", limit.Token);
            connection.Abort();
            if (answer is null) return new Verdict(isComplete ? "the connection was closed without an answer" : null, $"{request.Method} closed", null);
            return Judge(request, answer);
        }
        catch (OperationCanceledException)
        {
            connection.Abort();
            return new Verdict(isComplete ? $"no answer within {Patience.TotalSeconds} s" : null, $"{request.Method} waits", null);
        }
        catch (InvalidDataException broken)
        {
            return new Verdict(broken.Message, $"{request.Method} broken", null);
        }
    }

    private static Verdict Judge(FuzzRequest request, DavAnswer answer)
    {
        var text = DecodedText(answer);
        var isXml = answer.Header("Content-Type")?.Contains("xml", StringComparison.Ordinal) is true && text.Length > 0;
        XElement? root = null;
        string? fault = null;
        try
        {
            if (isXml) root = XDocument.Parse(text).Root;
        }
        catch (XmlException problem)
        {
            fault = $"the answer is not well-formed XML: {problem.Message}";
        }

        fault ??= FaultOf(request, answer, root);
        return new Verdict(fault, $"{request.Method} {answer.Status} {(root is not null ? Shape(root) : answer.Status >= 400 ? Words(text) : answer.Header("Content-Type"))}", answer);
    }

    private static string? FaultOf(FuzzRequest request, DavAnswer answer, XElement? root)
    {
        if (answer.Status >= 500 && answer.Status is not (501 or 502 or 505 or 507)) return $"the status is {answer.Status}";
        if (answer.Status == 401 && answer.Header("WWW-Authenticate") is null) return "401 without a challenge";
        if (answer.Status == 207 && root?.Name != D + "multistatus" && request.Method != "HEAD") return "207 without a multistatus";
        if (root?.Name == D + "error" && !root.HasElements) return "an empty DAV:error";
        var isDav = answer.Header("DAV") is not null;
        if (isDav && answer.Status is (403 or 409 or 415 or 422 or 507) && answer.Bytes.Length == 0 && request.Method != "HEAD") return $"{answer.Status} without a word why";
        return root?.DescendantsAndSelf(D + "response").FirstOrDefault(response => response.Element(D + "href") is null) is null ? null : "a response without href";
    }

    private static string DecodedText(DavAnswer answer)
    {
        if (answer.Header("Content-Encoding") != "gzip") return answer.Text;
        using var gzip = new GZipStream(new MemoryStream(answer.Bytes), CompressionMode.Decompress);
        using var reader = new StreamReader(gzip);
        return reader.ReadToEnd();
    }

    // the sentence, whatever the numbers in it
    private static string Words(string text) => Digits().Replace(text[..Math.Min(text.Length, 120)].Split('\n')[0], "0");

    // the set of names, and the sentences, of an XML answer
    private static string Shape(XElement root)
    {
        var names = root.DescendantsAndSelf().Select(element => element.Name.LocalName).Take(2_000).Distinct().Take(40);
        var statuses = root.Descendants(D + "status").Take(500).Select(status => status.Value).Distinct();
        var sentences = root.Descendants(D + "responsedescription").Take(20).Select(sentence => Words(sentence.Value)).Distinct();
        return string.Join(' ', names.Concat(statuses).Concat(sentences));
    }

    /// <summary>Whether all that the request says it has was sent, so that it must be answered.</summary>
    private static bool IsComplete(byte[] bytes)
    {
        var text = Encoding.Latin1.GetString(bytes);
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0) return false;
        var head = text[..(end + 2)];
        if (head.Contains("Transfer-Encoding", StringComparison.OrdinalIgnoreCase)) return AreChunks(text.AsSpan(end + 4));
        var lengths = Length().Matches(head);
        if (lengths.Count == 0) return true;
        return lengths.Count == 1 && long.TryParse(lengths[0].Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length <= bytes.Length - end - 4;
    }

    private static bool AreChunks(ReadOnlySpan<char> body)
    {
        while (body.IndexOf("\r\n") is var line and > 0 && uint.TryParse(body[..line], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var size))
        {
            if (size == 0) return body[(line + 2)..].StartsWith("\r\n");
            var next = line + 2 + size;
            if (next + 2 > body.Length || !body[(int)next..].StartsWith("\r\n")) return false;
            body = body[(int)(next + 2)..];
        }

        return false;
    }

    [GeneratedRegex(@"\d+")]
    private static partial Regex Digits();

    [GeneratedRegex(@"^content-length:\s*(.*?)\s*$", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex Length();
}
