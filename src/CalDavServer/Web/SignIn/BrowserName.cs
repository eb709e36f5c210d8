namespace CalDavServer.Web.SignIn;

/// <summary>What a browser calls itself, in the words of people: "Firefox on Windows".</summary>
internal static class BrowserName
{
    // in this order: most browsers name others too
    private static readonly (string Mark, string Name)[] Browsers =
    [
        ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("FxiOS/", "Firefox"), ("Firefox/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
    ];

    private static readonly (string Mark, string Name)[] Systems =
    [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "Chromebook"), ("Mac OS X", "Mac"), ("Linux", "Linux"),
    ];

    /// <summary>The name; "A browser" when it is not known.</summary>
    public static string Of(string? userAgent)
    {
        var browser = Find(Browsers, userAgent) ?? "A browser";
        return SystemOf(userAgent) is { } system ? $"{browser} on {(system.StartsWith('i') ? "an" : system is "Mac" or "Chromebook" ? "a" : "")} {system}".Replace("  ", " ", StringComparison.Ordinal) : browser;
    }

    /// <summary>The device or system that it says it is on; null when that is not known.</summary>
    public static string? SystemOf(string? userAgent) => Find(Systems, userAgent);

    private static string? Find((string Mark, string Name)[] names, string? userAgent) =>
        names.FirstOrDefault(name => userAgent?.Contains(name.Mark, StringComparison.Ordinal) == true).Name;
}
