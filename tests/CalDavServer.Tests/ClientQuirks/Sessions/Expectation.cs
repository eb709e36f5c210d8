using System.Collections;
using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using System.Xml.XPath;
using CalDavServer.Tests.Hosting;
using Xunit;

namespace CalDavServer.Tests.ClientQuirks.Sessions;

/// <summary>
/// What must be so about an answer, from an <c>.expect</c> file, one line each; <c>#</c> begins a remark:
/// <code>
/// status 207
/// header DAV has calendar-access        also: is …, exists, absent
/// xml //D:response[D:href='{home}']     an XPath (prefixes D, C, CS, A) that is true or finds something
/// body has SUMMARY:Meeting              also: lacks …
/// let token = //D:sync-token            keeps a value for later requests, from an XPath or "header NAME"
/// </code>
/// </summary>
internal static class Expectation
{
    private static readonly XmlNamespaceManager Prefixes = Namespaces();

    /// <summary>Checks an answer, and keeps what later requests need.</summary>
    public static void Check(IEnumerable<string> lines, DavAnswer answer, Dictionary<string, string> values)
    {
        foreach (var line in lines)
        {
            var text = line.Trim();
            if (text.Length == 0 || text[0] == '#') continue;
            var (verb, rest) = Split(text);
            if (verb == "let") Keep(rest, answer, values);
            else Assert.True(Holds(verb, RequestFile.Fill(rest, values), answer), $"Not so: {text}\n{answer.Status} {string.Join('\n', answer.Headers)}\n{answer.Text}");
        }
    }

    private static bool Holds(string verb, string rest, DavAnswer answer)
    {
        switch (verb)
        {
            case "status": return answer.Status == int.Parse(rest, CultureInfo.InvariantCulture);
            case "xml": return IsTrue(Root(answer).XPathEvaluate(rest, Prefixes));
            case "body":
                var (how, text) = Split(rest);
                return how == "has" ? answer.Text.Contains(text, StringComparison.Ordinal)
                    : how == "lacks" ? !answer.Text.Contains(text, StringComparison.Ordinal)
                    : throw new FormatException(rest);
            case "header": return HeaderHolds(rest, answer);
            default: throw new FormatException($"An expectation cannot begin with '{verb}'.");
        }
    }

    private static bool HeaderHolds(string rest, DavAnswer answer)
    {
        var (name, condition) = Split(rest);
        var (how, text) = Split(condition);
        var value = answer.Header(name);
        return how switch
        {
            "exists" => value is not null,
            "absent" => value is null,
            "is" => value == text,
            "has" => value?.Contains(text, StringComparison.Ordinal) == true,
            _ => throw new FormatException(rest),
        };
    }

    private static void Keep(string rest, DavAnswer answer, Dictionary<string, string> values)
    {
        var parts = rest.Split('=', 2, StringSplitOptions.TrimEntries);
        var source = RequestFile.Fill(parts[1], values);
        var value = source.StartsWith("header ", StringComparison.Ordinal) ? answer.Header(source[7..]) : StringOf(Root(answer).XPathEvaluate(source, Prefixes));
        Assert.True(!string.IsNullOrEmpty(value), $"Nothing to keep: {rest}\n{answer.Text}");
        values[parts[0]] = value!;
    }

    // the document, so that a path may name the root element
    private static XDocument Root(DavAnswer answer) => XDocument.Parse(answer.Text, LoadOptions.PreserveWhitespace);

    private static bool IsTrue(object result) => result switch
    {
        bool truth => truth,
        IEnumerable nodes and not string => nodes.Cast<object>().Any(),
        _ => throw new FormatException("An XPath that is checked is a condition or finds nodes."),
    };

    private static string? StringOf(object result) => result switch
    {
        string text => text,
        IEnumerable nodes => nodes.Cast<XObject>().Select(node => node is XAttribute attribute ? attribute.Value : ((XElement)node).Value).FirstOrDefault(),
        _ => result.ToString(),
    };

    private static (string First, string Remainder) Split(string text)
    {
        var parts = text.Split(' ', 2, StringSplitOptions.TrimEntries);
        return (parts[0], parts.Length == 1 ? "" : parts[1]);
    }

    private static XmlNamespaceManager Namespaces()
    {
        var prefixes = new XmlNamespaceManager(new NameTable());
        prefixes.AddNamespace("D", Hosting.Xml.D.NamespaceName);
        prefixes.AddNamespace("C", Hosting.Xml.C.NamespaceName);
        prefixes.AddNamespace("CS", Hosting.Xml.CS.NamespaceName);
        prefixes.AddNamespace("A", Hosting.Xml.A.NamespaceName);
        return prefixes;
    }
}
