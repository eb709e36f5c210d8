using System.Globalization;

namespace ProviderBridge.CalDav;

/// <summary>Below which names anybody can have one: those of registries (<c>co.uk</c>) and of services that give names to their customers (<c>synology.me</c>), by the Public Suffix List of Mozilla.</summary>
internal static class PublicSuffixes
{
    private const string Resource = "public_suffix_list.dat";
    private static readonly Lazy<HashSet<string>> Rules = new(Read);

    /// <summary>The shortest name that has one holder: the suffix and one label more. The name itself where it is a suffix.</summary>
    /// <param name="host">A name in lower case, as DNS writes it.</param>
    public static string HolderOf(string host)
    {
        var labels = host.Split('.');
        var holder = LengthOf(labels) + 1;
        return holder >= labels.Length ? host : string.Join('.', labels[^holder..]);
    }

    /// <summary>How many labels the suffix of a name has. The last one is a suffix in any case.</summary>
    private static int LengthOf(string[] labels)
    {
        for (var length = labels.Length; length > 1; length--)
        {
            var name = string.Join('.', labels[^length..]);
            // what is excepted from a rule for all names below another
            if (Rules.Value.Contains('!' + name)) return length - 1;
            if (Rules.Value.Contains(name) || Rules.Value.Contains(string.Join('.', ["*", .. labels[^(length - 1)..]]))) return length;
        }

        return 1;
    }

    private static HashSet<string> Read()
    {
        using var list = typeof(PublicSuffixes).Assembly.GetManifestResourceStream(Resource) ?? throw new InvalidOperationException($"{Resource} is not in the program.");
        using var lines = new StreamReader(list);
        var idn = new IdnMapping { AllowUnassigned = true };
        HashSet<string> rules = new(StringComparer.Ordinal);
        while (lines.ReadLine() is { } line)
        {
            var rule = line.Trim();
            if (rule.Length > 0 && !rule.StartsWith("//", StringComparison.Ordinal)) rules.Add(Ascii(idn, rule));
        }

        return rules;
    }

    private static string Ascii(IdnMapping idn, string rule) => rule[0] switch
    {
        '!' => '!' + idn.GetAscii(rule[1..]),
        '*' => "*." + idn.GetAscii(rule[2..]),
        _ => idn.GetAscii(rule),
    };
}
