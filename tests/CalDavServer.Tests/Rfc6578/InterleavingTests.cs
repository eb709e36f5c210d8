using CalDavServer.Tests.Hosting;
using Calendaring.Store;
using NodaTime;
using Xunit;

namespace CalDavServer.Tests.Rfc6578;

/// <summary>
/// Every sequence of changes between two syncs, from every state. What is told is the least: each name that was touched, once, as it is now. A name that came and went is told as gone
/// (RFC 6578 §3.5.2: a client that made it itself must hear of its end), one that went and came as changed (§3.5.1).
/// </summary>
public sealed class InterleavingTests : SyncTest
{
    private const string X = "home/x.ics";
    private const string Y = "home/y.ics";
    private const string Other = "other/";
    private const string Z = "other/z.ics";

    private static readonly Step[] ObjectSteps =
    [
        new("put", X), new("put", Y), new("delete", X), new("delete", Y), new("move", X, Y), new("move", Y, X), new("move", X, Z), new("move", Z, X),
    ];

    private static readonly Step[] AllSteps =
        [new("put", X), new("delete", X), new("move", X, Z), new("move", Z, X), new("put", Z), new("make", Other), new("delete", Other), new("describe", Other)];

    private readonly Dictionary<string, string> _uids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _ids = new(StringComparer.Ordinal);
    private int _made;

    [Fact]
    public async Task Every_sequence_of_four_changes_is_told_as_the_least_that_is_right()
    {
        await MakeAsync("other");
        using (var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken))
        {
            foreach (var name in new[] { "home", "other" }) _ids[name + "/"] = (await snapshot.FindCollectionAsync(Alice.Principal.Id, name))!.Id;
        }

        const int length = 4;
        var history = new List<(long Change, string State)> { (await ChangeAsync(), Other) };
        var steps = new List<Step>();
        foreach (var step in Walk.Every(Other, length, state => ObjectSteps.Where(step => step.IsPossible(state)), (state, step) => step.After(state)))
        {
            await ApplyToStoreAsync(step);
            steps.Add(step);
            using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
            var state = step.After(history[^1].State);
            history.Add(((await snapshot.GetHomeAsync(Alice.Principal.Id)).Change, state));
            for (var back = 1; back <= Math.Min(length, steps.Count); back++)
            {
                var touched = steps.TakeLast(back).SelectMany(each => each.Touched).Distinct().ToList();
                var after = history[^(back + 1)].Change;
                var told = (await snapshot.ListHomeChangesAsync(Alice.Principal.Id, after).ToListAsync(TestContext.Current.CancellationToken))
                    .Select(entry => TextOf(entry, _ids.Single(pair => pair.Value == entry.CollectionId).Key)).Order(StringComparer.Ordinal);
                Assert.Equal(touched.Select(name => (Has(state, name) ? "+" : "-") + name).Order(StringComparer.Ordinal), told);
                var toldOfHome = (await snapshot.ListChangesAsync(_ids["home/"], after).ToListAsync(TestContext.Current.CancellationToken)).Select(entry => TextOf(entry, "home/"));
                Assert.Equal(told.Where(text => text[1..].StartsWith("home/", StringComparison.Ordinal)), toldOfHome.Order(StringComparer.Ordinal));
            }
        }

        Assert.True(steps.Count > 2_000, $"{steps.Count} steps are not every sequence.");
    }

    [Fact]
    public async Task Every_pair_of_changes_to_objects_and_calendars_is_told_so_over_the_wire_at_each_level()
    {
        var tokens = new List<(string Home, string Calendar)> { await TokensAsync() };
        var steps = new List<Step>();
        var state = "";
        // none onto another object: that has another UID (RFC 4791 §5.3.2.1)
        foreach (var step in Walk.Every(state, 2, now => AllSteps.Where(each => each.IsPossible(now) && (each.To is null || !Has(now, each.To))), (now, each) => each.After(now)))
        {
            await ApplyAsync(step);
            steps.Add(step);
            state = step.After(state);
            for (var back = 1; back <= Math.Min(3, steps.Count); back++)
            {
                var past = steps.TakeLast(back).ToList();
                var (home, calendar) = tokens[^back];
                Assert.Equal(ExpectedOf(state, past.SelectMany(each => each.Touched).Where(name => name == X)), WithPrefix(await SyncAsync(Client.Calendar("home"), calendar), "home/"));
                Assert.Equal(ExpectedAtLevel1(state, past), (await SyncAsync(Client.Home, home)).ToString());
                var all = await SyncAsync(Client.Home, home, infinite: true);
                if (Has(state, Other) && WasMadeAnew(past)) Assert.True(all.IsRefused);
                else Assert.Equal(ExpectedOf(state, past.SelectMany(each => each.Touched).Where(name => name != Z || Has(state, Other))), all.ToString());
            }

            tokens.Add(await TokensAsync());
        }

        Assert.True(steps.Count > 60, $"{steps.Count} steps are not every pair.");
    }

    private static bool Has(string state, string name) => state.Split(' ').Contains(name);

    private static bool WasMadeAnew(List<Step> past) => past.SkipWhile(step => step is not ("delete", Other, _)).Any(step => step is ("make", Other, _));

    private static string ExpectedOf(string state, IEnumerable<string> touched) =>
        string.Join(' ', touched.Distinct().Select(name => (Has(state, name) ? "+" : "-") + name).Order(StringComparer.Ordinal));

    // a calendar with all that is in it
    private static string ExpectedAtLevel1(string state, List<Step> past) =>
        ExpectedOf(state + " home/", past.SelectMany(step => step.Touched).Select(name => name[..(name.IndexOf('/', StringComparison.Ordinal) + 1)]));

    private static string TextOf(ChangeEntry entry, string calendar) => (entry.Row is null ? "-" : "+") + calendar + entry.Name;

    private static string WithPrefix(SyncAnswer answer, string prefix) =>
        string.Join(' ', answer.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(entry => entry[..1] + prefix + entry[1..]));

    private async Task<(string Home, string Calendar)> TokensAsync() =>
        (await TokenOfAsync(Client.Home), await TokenOfAsync(Client.Calendar("home")));

    private async Task<string> TokenOfAsync(string path) => (await Client.PropFindAsync(path, "0", Xml.D + "sync-token")).Property(Xml.D + "sync-token")!.Value;

    private async Task<long> ChangeAsync()
    {
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return (await snapshot.GetHomeAsync(Alice.Principal.Id)).Change;
    }

    /// <summary>The batch that the server makes of the step.</summary>
    private async Task ApplyToStoreAsync(Step step)
    {
        var (collection, name) = PlaceOf(step.Name);
        List<StoreOperation> operations = [];
        if (step.Verb == "put")
        {
            operations.Add(PutOf(collection, name, UidAt(step.Name)));
        }
        else
        {
            operations.Add(new DeleteObject(collection, name));
            _uids.Remove(step.Name, out var uid);
            if (step.To is { } to)
            {
                var (target, newName) = PlaceOf(to);
                if (_uids.Remove(to)) operations.Add(new DeleteObject(target, newName));
                operations.Add(PutOf(target, newName, _uids[to] = uid!));
            }
        }

        Assert.Null((await Server.Store.ApplyAsync(new StoreBatch(operations))).Failure);
    }

    private (long Collection, string Name) PlaceOf(string path)
    {
        var slash = path.IndexOf('/', StringComparison.Ordinal) + 1;
        return (_ids[path[..slash]], path[slash..]);
    }

    private string UidAt(string path) => _uids.TryGetValue(path, out var uid) ? uid : _uids[path] = $"u{_made++}";

    private PutObject PutOf(long collection, string name, string uid)
    {
        var now = Instant.FromUtc(2026, 6, 1, 9, 0);
        var bytes = System.Text.Encoding.UTF8.GetBytes($"text {_made++}");
        return new PutObject(collection, name, bytes, new ObjectIndex(uid, "VEVENT", now, now, false));
    }

    private async Task ApplyAsync(Step step)
    {
        switch (step.Verb)
        {
            case "put":
                await PutAsync(step.Name, UidAt(step.Name), $"text {_made++}");
                break;
            case "move":
                await MoveAsync(step.Name, step.To!);
                _uids.Remove(step.Name, out var uid);
                _uids[step.To!] = uid!;
                break;
            case "make":
                await MakeAsync("other");
                break;
            case "describe":
                var name = new System.Xml.Linq.XElement(Xml.D + "displayname", $"name {_made++}");
                Assert.Equal(207, (await Client.SendAsync("PROPPATCH", Client.Home + step.Name, Xml.Set(name))).Status);
                break;
            default:
                Assert.Equal(204, (await Client.DeleteAsync(Client.Home + step.Name)).Status);
                _uids.Remove(step.Name);
                if (step.Name == Other) _uids.Remove(Z);
                break;
        }
    }

    /// <summary>A change. States are the names that are there, in order, with a space between.</summary>
    private sealed record Step(string Verb, string Name, string? To = null)
    {
        public IEnumerable<string> Touched => To is null ? [Name] : [Name, To];

        public bool IsPossible(string state) => Verb switch
        {
            "make" => !Has(state, Other),
            "put" => Name != Z || Has(state, Other),
            _ => Has(state, Name) && (To != Z || Has(state, Other)),
        };

        public string After(string state)
        {
            var names = new SortedSet<string>(state.Split(' ', StringSplitOptions.RemoveEmptyEntries), StringComparer.Ordinal);
            if (Verb is "delete" or "move") names.Remove(Name);
            if (Verb == "delete" && Name == Other) names.Remove(Z);
            if (Verb is "put" or "make") names.Add(Name);
            if (To is not null) names.Add(To);
            return string.Join(' ', names);
        }

        public override string ToString() => $"{Verb} {Name} {To}";
    }
}
