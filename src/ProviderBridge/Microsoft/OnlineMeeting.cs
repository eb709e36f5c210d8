namespace ProviderBridge.Microsoft;

/// <summary>What Exchange adds to the words of an event that is an online meeting: how one joins it, between two long lines.</summary>
internal static class OnlineMeeting
{
    private const int ShortestLine = 20;
    private static readonly string[] Addresses = ["teams.microsoft.com", "teams.live.com", "aka.ms/JoinTeamsMeeting"];

    /// <summary>The words without that.</summary>
    public static string Without(string words)
    {
        var lines = words.Split('\n');
        var first = Array.FindIndex(lines, IsLine);
        if (first < 0) return words;
        var last = Array.FindLastIndex(lines, IsLine);
        // one that was cut off goes to the end
        if (last == first) last = lines.Length - 1;
        var added = string.Join('\n', lines[first..(last + 1)]);
        return Addresses.Any(address => added.Contains(address, StringComparison.OrdinalIgnoreCase)) ? string.Join('\n', [.. lines[..first], .. lines[(last + 1)..]]).Trim('\n', ' ') : words;
    }

    private static bool IsLine(string line) => line.Trim() is { Length: >= ShortestLine } text && text.All(letter => letter == '_');
}
