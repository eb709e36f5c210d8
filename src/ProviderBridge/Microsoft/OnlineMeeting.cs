namespace ProviderBridge.Microsoft;

/// <summary>What Exchange adds to the words of an event that is an online meeting: how one joins it, between two long lines. A person may have drawn lines of their own, and what is between or below those stays.</summary>
internal static class OnlineMeeting
{
    private const int ShortestLine = 20;
    private const string Title = "Microsoft Teams";

    /// <summary>Where one joins a meeting, in whatever way its address is wrapped; a channel or a file there is no meeting.</summary>
    private static readonly string[] Joins = ["meetup-join", "teams.microsoft.com/meet/", "teams.live.com/meet", "aka.ms/JoinTeamsMeeting"];
    private static readonly string[] Options = ["teams.microsoft.com/meetingOptions", "teams.microsoft.com%2FmeetingOptions", "teams.live.com/meetingOptions"];

    /// <summary>The words without that.</summary>
    public static string Without(string words)
    {
        var lines = words.Split('\n');
        var drawn = Enumerable.Range(0, lines.Length).Where(at => IsLine(lines[at])).ToList();
        return (FindClosed(lines, drawn) ?? FindOpen(lines, drawn)) is var (first, last) ? string.Join('\n', [.. lines[..first], .. lines[(last + 1)..]]).Trim('\n', ' ') : words;
    }

    /// <summary>The last part between two lines that begins with the title and says how to join. Exchange may draw one more line between that and how to dial in.</summary>
    private static (int First, int Last)? FindClosed(string[] lines, List<int> drawn)
    {
        bool Has(int part, string[] addresses) => lines[drawn[part]..drawn[part + 1]].Any(line => HasOf(line, addresses));
        var first = Enumerable.Range(0, Math.Max(0, drawn.Count - 1)).LastOrDefault(part => IsTitledBelow(lines, drawn[part]) && Has(part, Joins), -1);
        if (first < 0) return null;
        var last = first + 1;
        return (drawn[first], drawn[last + 1 < drawn.Count && Has(last, Options) ? last + 1 : last]);
    }

    /// <summary>One whose end is missing: from a line with the title right below it to the last address. What follows may be anybody's.</summary>
    private static (int First, int Last)? FindOpen(string[] lines, List<int> drawn)
    {
        if (drawn is not [.., var first] || !IsTitledBelow(lines, first) || !lines.Skip(first).Any(line => HasOf(line, Joins))) return null;
        return (first, Array.FindLastIndex(lines, line => HasOf(line, Joins) || HasOf(line, Options)));
    }

    private static bool IsLine(string line) => line.Trim() is { Length: >= ShortestLine } text && text.All(letter => letter == '_');

    private static bool IsTitledBelow(string[] lines, int at) => lines.Skip(at + 1).FirstOrDefault(line => line.Trim().Length > 0)?.TrimStart().StartsWith(Title, StringComparison.OrdinalIgnoreCase) == true;

    private static bool HasOf(string line, string[] addresses) => addresses.Any(address => line.Contains(address, StringComparison.OrdinalIgnoreCase));
}
