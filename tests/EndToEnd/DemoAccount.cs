using System.Text.RegularExpressions;

namespace EndToEnd;

/// <summary>An account of the demonstration practice, read from what the first start prints.</summary>
internal sealed partial record DemoAccount(string Login, string Password)
{
    /// <summary>The first practitioner that is printed.</summary>
    public static DemoAccount FirstPractitioner(string output)
    {
        var match = Printed().Match(output);
        return match.Success ? new DemoAccount(match.Groups[1].Value, match.Groups[2].Value) : throw new InvalidOperationException($"no account is printed:\n{output}");
    }

    [GeneratedRegex(@"login\W+(\S+)\s+(?:app )?password\W+(\S+)", RegexOptions.IgnoreCase)]
    private static partial Regex Printed();
}
