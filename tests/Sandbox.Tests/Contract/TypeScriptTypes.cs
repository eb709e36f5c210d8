using System.Text.RegularExpressions;

namespace Sandbox.Tests.Contract;

/// <summary>Reads the interfaces of a .d.ts file that a vendor generates from its own description of its API.</summary>
internal sealed partial class TypeScriptTypes
{
    private readonly Dictionary<string, Dictionary<string, string>> _interfaces = [];

    public TypeScriptTypes(string file)
    {
        var text = Comment().Replace(File.ReadAllText(file), "");
        foreach (Match match in Interface().Matches(text))
        {
            var end = Close(text, match.Index + match.Length);
            _interfaces[match.Groups[1].Value] = Properties(text[(match.Index + match.Length)..end]);
            if (match.Groups[2].Success) _interfaces[match.Groups[1].Value]["extends"] = match.Groups[2].Value;
        }
    }

    public bool Has(string name) => _interfaces.ContainsKey(name);

    /// <summary>The properties of an interface, with those it inherits.</summary>
    public IReadOnlyDictionary<string, string> this[string name]
    {
        get
        {
            var own = new Dictionary<string, string>(_interfaces[name]);
            if (!own.Remove("extends", out var parent) || !_interfaces.ContainsKey(parent)) return own;
            foreach (var (key, type) in this[parent]) own.TryAdd(key, type);
            return own;
        }
    }

    public static Dictionary<string, string> Properties(string body)
    {
        var properties = new Dictionary<string, string>();
        for (var match = Property().Match(body); match.Success; match = Property().Match(body, match.Index + match.Length))
        {
            var at = match.Index + match.Length;
            var end = at;
            for (var depth = 0; end < body.Length && (body[end] != ';' || depth > 0); end++) depth += body[end] switch { '{' => 1, '}' => -1, _ => 0 };
            properties[match.Groups[1].Value] = body[at..end].Trim();
            body = body[..at] + new string(' ', end - at) + body[end..];
        }
        return properties;
    }

    private static int Close(string text, int at)
    {
        for (var depth = 1; ; at++)
        {
            depth += text[at] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0) return at;
        }
    }

    [GeneratedRegex(@"/\*.*?\*/|//[^\n]*", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"interface ([\w$]+)(?: extends ([\w$]+))? \{")]
    private static partial Regex Interface();

    [GeneratedRegex(@"(?:^|[;\s])'?""?([\w@.$-]+)'?""?\??\s*:")]
    private static partial Regex Property();
}
