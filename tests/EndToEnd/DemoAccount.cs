using System.Text.RegularExpressions;

namespace EndToEnd;

/// <summary>An account of the demonstration practice, read from what the first start prints.</summary>
/// <param name="Name">The person's name.</param>
/// <param name="Login">The login, on devices and on pages.</param>
/// <param name="Password">The app password of a device.</param>
/// <param name="PagePassword">The password that opens the pages.</param>
internal sealed partial record DemoAccount(string Name, string Login, string Password, string PagePassword)
{
    /// <summary>The first practitioner that is printed.</summary>
    public static DemoAccount FirstPractitioner(string output) => Practitioners(output)[0];

    /// <summary>The practitioners, as they are printed.</summary>
    public static IReadOnlyList<DemoAccount> Practitioners(string output) => Printed(output, "practitioner");

    /// <summary>The administrator.</summary>
    public static DemoAccount Administrator(string output) => Printed(output, "administrator")[0];

    private static DemoAccount[] Printed(string output, string role)
    {
        var accounts = Account().Matches(output).Where(match => match.Groups["role"].Value == role).Select(static match =>
            new DemoAccount(match.Groups["name"].Value, match.Groups["login"].Value, match.Groups["password"].Value, match.Groups["page"].Value)).ToArray();
        return accounts.Length > 0 ? accounts : throw new InvalidOperationException($"no {role} is printed:\n{output}");
    }

    [GeneratedRegex(@"^(?<name>.+) \((?<role>\w+)\)\n +login +(?<login>\S+)\n +password +(?<password>\S+)\n +page password +(?<page>\S+)$", RegexOptions.Multiline)]
    private static partial Regex Account();
}
