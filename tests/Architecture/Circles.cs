namespace Architecture;

/// <summary>Folders that depend on each other in a circle.</summary>
internal static class Circles
{
    /// <summary>The circles: groups of folders of which each can be reached from each other.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Of(IReadOnlyCollection<Arrow> arrows)
    {
        var reached = arrows.Select(arrow => arrow.From).Distinct().ToDictionary(folder => folder, folder => Reach(folder, arrows));
        return [.. reached.Keys.Where(folder => reached[folder].Contains(folder))
            .GroupBy(folder => string.Join(", ", reached[folder].Where(other => reached.GetValueOrDefault(other)?.Contains(folder) == true).Order(StringComparer.Ordinal)))
            .Select(circle => circle.Order(StringComparer.Ordinal).ToList())];
    }

    /// <summary>A circle in a sentence, with the two types of its arrow that has the fewest beside it: most often the newest one.</summary>
    public static string Sentence(IReadOnlyList<string> circle, IReadOnlyCollection<Arrow> arrows)
    {
        var inside = arrows.Where(arrow => circle.Contains(arrow.From) && circle.Contains(arrow.To)).GroupBy(arrow => (arrow.From, arrow.To)).OrderBy(group => group.Count()).ToList();
        return $"{string.Join(", ", circle)} depend on each other in a circle. What made it is most likely this: {inside[0].First().Sentence}.";
    }

    private static HashSet<string> Reach(string folder, IReadOnlyCollection<Arrow> arrows)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var open = new Queue<string>([folder]);
        while (open.TryDequeue(out var from))
        {
            foreach (var arrow in arrows)
            {
                if (arrow.From == from && reached.Add(arrow.To)) open.Enqueue(arrow.To);
            }
        }

        return reached;
    }
}
