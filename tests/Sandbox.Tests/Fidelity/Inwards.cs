using System.Text.RegularExpressions;
using Calendaring.ICalendar;
using Calendaring.Store;
using NodaTime;
using Practice.Diaries;
using ProviderBridge.Sync;

namespace Sandbox.Tests.Fidelity;

/// <summary>What the diary has of what a person made outside, and whether the rest is still there when the diary has changed it.</summary>
/// <param name="theirs">The calendar outside.</param>
/// <param name="floating">The practice's zone.</param>
internal sealed partial class Inwards(TheirCalendar theirs, DateTimeZone floating)
{
    private const string OtherTitle = "Said here";
    private readonly List<(MadeThere Made, IReadOnlyList<string> Ids)> _made = [];

    /// <summary>What became of each thing, in words. All are made first, and taken in by one pass.</summary>
    public async Task<Dictionary<MadeThere, string>> AskAsync(IEnumerable<MadeThere> all)
    {
        foreach (var one in all.Where(theirs.Has)) _made.Add((one, await theirs.MakeAsync(one)));
        await theirs.PassAsync();
        Dictionary<MadeThere, string> answers = [];
        foreach (var (made, ids) in _made)
        {
            List<string> each = [];
            foreach (var (sample, id) in made.Objects.Zip(ids)) each.Add(await AnswerAsync(sample, id));
            answers[made] = Comparison.OfAll(each);
        }

        foreach (var (made, lost) in await LostByAWriteAsync()) answers[made] += $"; **lost there when we write**: `{lost}`";
        return answers;
    }

    private async Task<string> AnswerAsync(Sample sample, string id)
    {
        if (await FindAsync(id) is not { } item) return "not taken";
        if (item.IsRejected) return "not taken; said on the link's page";
        var hx = await theirs.HxAsync();
        using var snapshot = await theirs.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var has = CalendarObject.Parse((await snapshot.FindObjectAsync(hx.Id, item.HxName))!.Bytes);
        return Comparison.TakenIn(sample, has, floating);
    }

    private async Task<LinkItem?> FindAsync(string id)
    {
        using var snapshot = await theirs.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return await LinkItem.FindUidByOutsideIdAsync(snapshot, theirs.Key, id) is { } uid ? await LinkItem.FindAsync(snapshot, theirs.Key, uid) : null;
    }

    /// <summary>Gives everything another title in the diary, and says what is different outside then beside that.</summary>
    private async Task<IReadOnlyList<(MadeThere Made, string Lost)>> LostByAWriteAsync()
    {
        List<(MadeThere Made, string Id, IReadOnlyList<string> Before)> written = [];
        foreach (var (made, id) in _made.SelectMany(static one => one.Ids.Select(id => (one.Made, id))))
        {
            if (await FindAsync(id) is not { IsRejected: false } item) continue;
            written.Add((made, id, await theirs.ReadAsync(id)));
            await theirs.Diary.EditAsync(new AppointmentTarget(item.Uid), new AppointmentEdit { Title = OtherTitle });
        }

        await theirs.PassAsync();
        List<(MadeThere, string)> lost = [];
        foreach (var (made, id, before) in written)
        {
            if (await FindAsync(id) is not { } item)
            {
                // another has taken its place
                lost.Add((made, "the event itself"));
                continue;
            }

            var after = await theirs.ReadAsync(id);
            if (!after.Any(static line => line.Contains(OtherTitle, StringComparison.Ordinal))) lost.Add((made, $"our title ({item.Quarantine})"));
            var missing = before.Except(after).FirstOrDefault(static line => !MayChange().IsMatch(line));
            if (missing is not null) lost.Add((made, missing));
        }

        return lost;
    }

    /// <summary>The title, and what says of which version it is.</summary>
    [GeneratedRegex(@"^(SUMMARY|DTSTAMP|LAST-MODIFIED|SEQUENCE|CREATED|[^:]*\.(summary|subject|etag|updated|sequence|changeKey|lastModifiedDateTime|@odata\.etag|@odata\.context))[:;]")]
    private static partial Regex MayChange();
}
