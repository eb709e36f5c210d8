using System.Globalization;

namespace Sandbox.Tests.Halaxy;

/// <summary>Many histories, one after the other: the first five that fail are told with all that happened in them. BRIDGE_HISTORIES is how many, BRIDGE_SEED the only one.</summary>
internal static class PlayedHistories
{
    /// <param name="few">How many a run of the tests plays: always the same ones.</param>
    /// <param name="failed">Seeds that failed once.</param>
    /// <param name="isLinked">Whether Maya's calendar is linked to one outside.</param>
    public static async Task PlayAsync(int few, int[] failed, bool isLinked)
    {
        var count = int.Parse(Environment.GetEnvironmentVariable("BRIDGE_HISTORIES") ?? $"{few}", CultureInfo.InvariantCulture);
        int[] seeds = Environment.GetEnvironmentVariable("BRIDGE_SEED") is { } one
            ? [int.Parse(one, CultureInfo.InvariantCulture)]
            : [.. failed, .. Enumerable.Range(int.Parse(Environment.GetEnvironmentVariable("BRIDGE_FIRST") ?? "0", CultureInfo.InvariantCulture), count)];
        var (passes, cut, linkCut, looked) = (0, 0, 0, 0);
        List<string> failures = [];
        foreach (var seed in seeds)
        {
            await using var play = new HalaxyPlay(seed, isLinked);
            try
            {
                await play.RunAsync();
                (passes, cut, linkCut, looked) = (passes + play.Passes, cut + play.Cut, linkCut + (play.Linked?.Cut ?? 0), looked + (play.Linked?.Checked ?? 0));
            }
            catch (Exception broken) when (failures.Count < 50)
            {
                failures.Add($"{broken}\n{string.Join('\n', play.History)}");
            }
        }

        Assert.True(failures.Count == 0, string.Join("\n\n", failures));
        // one seed alone is played for what happens in it
        if (seeds.Length == 1) return;
        Assert.True(passes > count && cut > count / 4, $"{passes} passes, {cut} cut short");
        if (isLinked) Assert.True(linkCut > count && looked > count * 3, $"{linkCut} passes of the link cut short, {looked} edits looked at");
    }
}
