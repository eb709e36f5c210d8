using NodaTime;
using Practice.Hx;
using ProviderBridge.Sync;

namespace CalDavServer.Web.Devices;

/// <summary>One thing that two sides say otherwise.</summary>
/// <param name="What">What it is, e.g. <c>When</c>.</param>
/// <param name="Practice">What the diary said.</param>
/// <param name="Outside">What the outside calendar said.</param>
/// <param name="PracticeCounts">Whether the diary's counts.</param>
internal sealed record ConflictRow(string What, string Practice, string Outside, bool PracticeCounts);

/// <summary>A conflict in words, both versions side by side.</summary>
/// <param name="Conflict">The conflict.</param>
/// <param name="Title">The appointment's title.</param>
/// <param name="Rows">What the versions say otherwise.</param>
internal sealed record ConflictView(Conflict Conflict, string Title, IReadOnlyList<ConflictRow> Rows)
{
    private const int MostRows = 12;

    public static ConflictView Of(Conflict conflict, DateTimeZone zone)
    {
        var (practice, outside) = (new VersionWords(conflict.ReadPractice(), zone), new VersionWords(conflict.ReadOutside(), zone));
        var rows =
            from one in ExternalPatch.Differences(practice.Content, outside.Content)
            orderby one.Occurrence, one.Group
            from said in practice.Say(one.Occurrence, one.Group).Zip(outside.Say(one.Occurrence, one.Group))
            where said.First.Words != said.Second.Words
            select new ConflictRow(one.Occurrence is { } key ? $"{said.First.What}, {DeviceWords.Full(key)}" : said.First.What, said.First.Words, said.Second.Words, conflict.PracticeGroups.Contains(one.Group));
        return new ConflictView(conflict, practice.Title, [.. rows.Take(MostRows)]);
    }
}
