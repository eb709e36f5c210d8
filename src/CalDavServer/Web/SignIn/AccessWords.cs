using Practice.People;

namespace CalDavServer.Web.SignIn;

/// <summary>What opens an account without the password, in words.</summary>
internal static class AccessWords
{
    public static string Name(AccessItem item) => item.Name ?? "One-way calendar feed";

    public static string Kind(AccessKind kind) => kind switch
    {
        AccessKind.Device => "a device",
        AccessKind.Passkey => "a passkey",
        _ => "its address is a secret",
    };

    /// <summary>What was taken away, as a sentence with a space before it; nothing when nothing was.</summary>
    public static string Ended(IReadOnlyList<AccessItem> before, IReadOnlyCollection<string> chosen)
    {
        var names = before.Where(item => chosen.Contains(item.Id)).Select(Name).ToList();
        return names.Count == 0 ? "" : $" Access was taken away from: {string.Join(", ", names)}.";
    }
}
