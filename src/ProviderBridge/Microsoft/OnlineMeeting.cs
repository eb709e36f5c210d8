namespace ProviderBridge.Microsoft;

/// <summary>What Exchange adds to the words of an event that is an online meeting: how one joins it, between two long lines. A person may have drawn lines of their own, and what is between or below those stays.</summary>
internal static class OnlineMeeting
{
    private const int ShortestLine = 20;
    private const string Title = "Microsoft Teams";
    private static readonly string[] Addresses = ["teams.microsoft.com", "teams.live.com", "aka.ms/JoinTeamsMeeting"];

    /// <summary>The words without that.</summary>
    public static string Without(string words)
    {
        var lines = words.Split('\n');
        var drawn = Enumerable.Range(0, lines.Length).Where(at => IsLine(lines[at])).ToList();
        return (FindClosed(lines, drawn) ?? FindOpen(lines, drawn)) is var (first, last) ? string.Join('\n', [.. lines[..first], .. lines[(last + 1)..]]).Trim('\n', ' ') : words;
    }

    /// <summary>The nearest two lines around the address. Exchange may draw one more between how to join and how to dial in: then it is from the title on.</summary>
    private static (int First, int Last)? FindClosed(string[] lines, List<int> drawn)
    {
        bool Has(int part, Func<string, bool> what) => lines[drawn[part]..drawn[part + 1]].Any(what);
        var last = Enumerable.Range(0, Math.Max(0, drawn.Count - 1)).LastOrDefault(part => Has(part, HasAddress), -1);
        if (last < 0) return null;
        var first = last;
        while (first > 0 && !Has(first, HasTitle) && Has(first - 1, HasAddress)) first--;
        return (drawn[Has(first, HasTitle) ? first : last], drawn[last + 1]);
    }

    /// <summary>One whose end is missing: from a line with the title right below it to the last address. What follows may be anybody's.</summary>
    private static (int First, int Last)? FindOpen(string[] lines, List<int> drawn)
    {
        if (drawn is not [.., var first] || lines.Skip(first + 1).FirstOrDefault(line => line.Trim().Length > 0) is not { } below || !HasTitle(below)) return null;
        var last = Array.FindLastIndex(lines, HasAddress);
        return last > first ? (first, last) : null;
    }

    private static bool IsLine(string line) => line.Trim() is { Length: >= ShortestLine } text && text.All(letter => letter == '_');

    private static bool HasTitle(string line) => line.Contains(Title, StringComparison.OrdinalIgnoreCase);

    private static bool HasAddress(string line) => Addresses.Any(address => line.Contains(address, StringComparison.OrdinalIgnoreCase));
}
