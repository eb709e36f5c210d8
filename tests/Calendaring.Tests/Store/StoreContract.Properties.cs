using Calendaring.Store;
using Xunit;

namespace Calendaring.Tests.Store;

public abstract partial class StoreContract
{
    private static readonly PropertyName Note = new("urn:example", "note");
    private static readonly PropertyName Other = new("urn:example", "other");

    [Fact]
    public async Task A_principal_its_home_inbox_and_outbox_have_properties_of_their_own()
    {
        foreach (var part in Enum.GetValues<PrincipalPart>()) await ApplyAsync(Set(PropertyTarget.Of("anna", part), 0, (Note, $"<note xmlns=\"urn:example\">{part}</note>")));
        await ReopenAsync();
        foreach (var part in Enum.GetValues<PrincipalPart>()) Assert.Equal($"<note xmlns=\"urn:example\">{part}</note>", (await ReadAsync(PropertyTarget.Of("anna", part), 4)).Values[Note]);
        await ApplyAsync(Set(PropertyTarget.Of("anna", PrincipalPart.Home), 0, (Note, null)));
        Assert.Empty((await ReadAsync(PropertyTarget.Of("anna", PrincipalPart.Home), 4)).Values);
        Assert.Single(await NotesAsync("anna"));
        Assert.Empty(await NotesAsync("bert"));
    }

    [Fact]
    public async Task Two_who_set_different_properties_never_meet()
    {
        var id = await CollectionAsync();
        var before = await GetCollectionAsync(id);
        var target = PropertyTarget.Of(before);
        await ApplyAsync(Set(target, 0, (Note, "<a/>")));
        await ApplyAsync(Set(target, 0, (Other, "<b/>")));
        await ReopenAsync();
        Assert.Equal(before.Change + 2, (await GetCollectionAsync(id)).DescribedAt);
        Assert.Equal(["<a/>", "<b/>"], (await ReadAsync(target, 0)).Values.Values.Order(StringComparer.Ordinal));
        Assert.Equal("<b/>", Assert.Single((await AskAsync(s => s.ReadPropertiesAsync(target, 0, [Other]))).Values).Value);
        Assert.Equal(StoreFailureKind.NotFound, (await FailAsync(Set(target with { CollectionId = id + 9 }, 0, (Note, "<a/>")))).Kind);
        Assert.Equal(StoreFailureKind.NotFound, (await FailAsync(Set(target with { PrincipalId = "bert" }, 0, (Note, "<a/>")))).Kind);
        Assert.Equal(StoreFailureKind.NotFound, (await FailAsync(Set(PropertyTarget.Of("nobody", PrincipalPart.Home), 0, (Note, "<a/>")))).Kind);
        Assert.Equal(StoreFailureKind.NotFound, (await FailAsync(Set(target with { Member = "absent" }, 0, (Note, "<a/>")))).Kind);
    }

    [Fact]
    public async Task Each_level_has_properties_of_its_own_over_those_of_the_levels_below()
    {
        var id = await CollectionAsync();
        await ApplyAsync(new UpdateCollection(id, Change(Other, "<server/>")));
        var target = PropertyTarget.Of(await GetCollectionAsync(id));
        await ApplyAsync(Set(target, 1, (Note, "<low/>")));
        await ApplyAsync(Set(target, 3, (Note, "<high/>")));
        Assert.Equal([null, "<low/>", "<low/>", "<high/>", "<high/>"], await ByLevelAsync(target));
        await ApplyAsync(Set(target, 1, (Note, "<later/>")));
        Assert.Equal([null, "<later/>", "<later/>", "<high/>", "<high/>"], await ByLevelAsync(target));
        await ApplyAsync(Set(target, 2, (Note, null)), Set(target, 2, (Other, null)));
        await ReopenAsync();
        Assert.Equal([null, "<later/>", null, "<high/>", "<high/>"], await ByLevelAsync(target));
        Assert.Equal(["<server/>", "<server/>", null, null, null], await ByLevelAsync(target, Other));
        Assert.Equal([(1, "<later/>"), (2, null)], (await AskAsync(s => s.ListPropertiesAsync(target, 2))).Where(one => one.Name == Note).Select(one => (one.Level, one.Element)));
        await ApplyAsync(Set(target, 1, (Note, null)));
        Assert.Equal([null, null, null, "<high/>", "<high/>"], await ByLevelAsync(target));
        Assert.Empty(await FaultsAsync(Store));
    }

    [Fact]
    public async Task Properties_of_a_member_stay_while_it_is_served_and_change_neither_its_row_nor_its_calendar()
    {
        var id = await CollectionAsync();
        await ApplyAsync(Samples.Put(id, "a"), Samples.Put(id, "b"));
        var before = await GetCollectionAsync(id);
        var row = (await FindAsync(id, "a"))!.Row;
        var target = PropertyTarget.Of(before, "a");
        await ApplyAsync(Set(target, 2, (Note, "<a/>")) with { Expected = Expectation.AtChange(row.Change) });
        Assert.Equal(before.Change, (await GetCollectionAsync(id)).Change);
        Assert.Equal(row, (await FindAsync(id, "a"))!.Row);
        Assert.Equal(["a"], await AskAsync(s => s.ListMembersWithPropertiesAsync(before, 2)));
        Assert.Empty(await AskAsync(s => s.ListMembersWithPropertiesAsync(before, 1)));
        await ApplyAsync(Samples.Put(id, "a", "new"));
        await ReopenAsync();
        Assert.Equal("<a/>", Assert.Single((await ReadAsync(target, 2)).Values).Value);
        Assert.Equal(StoreFailureKind.Precondition, (await FailAsync(Set(target, 2, (Note, "<b/>")) with { Expected = Expectation.AtChange(row.Change) })).Kind);

        await ApplyAsync(Samples.Put(id, "a") with { Published = false });
        Assert.Empty((await ReadAsync(target, 4)).Values);
        Assert.Equal(StoreFailureKind.NotFound, (await FailAsync(Set(target, 2, (Note, "<b/>")))).Kind);
        await ApplyAsync(Set(target with { Member = "b" }, 2, (Note, "<b/>")));
        await ApplyAsync(new DeleteObject(id, "b"));
        await ApplyAsync(Samples.Put(id, "b"));
        Assert.Empty((await ReadAsync(target with { Member = "b" }, 4)).Values);
        Assert.Empty(await FaultsAsync(Store));
    }

    [Fact]
    public async Task A_collection_is_made_with_its_properties_and_moves_with_those_that_the_mover_sees()
    {
        var made = Assert.Single((await ApplyAsync(Samples.Collection("anna", "x") with { Described = Set(default, 1, (Note, "<low/>"), (Other, "<other/>")) })).Collections);
        await ApplyAsync(Samples.Put(made.Id, "a"));
        await ApplyAsync(Set(PropertyTarget.Of(made), 3, (Note, "<high/>")), Set(PropertyTarget.Of(made, "a"), 3, (Note, "<high/>")), Set(PropertyTarget.Of(made, "a"), 0, (Other, "<open/>")));
        await ApplyAsync(new MoveCollection(made.Id, "y", Level: 2));
        await ReopenAsync();
        var moved = (await AskAsync(s => s.FindCollectionAsync("anna", "y")))!;
        Assert.Equal([null, "<low/>", "<low/>", "<low/>", "<low/>"], await ByLevelAsync(PropertyTarget.Of(moved)));
        Assert.Equal("<open/>", Assert.Single((await ReadAsync(PropertyTarget.Of(moved, "a"), 4)).Values).Value);
        Assert.Empty(await FaultsAsync(Store));
        await ApplyAsync(new DeleteCollection(moved.Id));
        Assert.Equal(0, await UsedAsync("anna"));
        Assert.Equal(StoreFailureKind.Quota, (await FailAsync(Samples.Collection("anna", "z") with { Described = Set(default, 1, (Note, "<low/>")) with { Room = new PropertyRoom(0, 100, 100) } })).Kind);
        Assert.Null(await AskAsync(s => s.FindCollectionAsync("anna", "z")));
        Assert.Empty(await FaultsAsync(Store));
    }

    [Fact]
    public async Task Properties_have_a_bounded_room_of_which_a_level_counts_what_it_sees_and_too_many_can_be_made_fewer()
    {
        var target = PropertyTarget.Of(await GetCollectionAsync(await CollectionAsync()));
        var room = new PropertyRoom(2, 20, 30);
        async Task<StoreLimit> LimitAsync(SetProperties set) => (await FailAsync(set with { Room = room })).Limit;
        await ApplyAsync(Set(target, 4, (new("h", "1"), new string('x', 500)), (new("h", "2"), "y"), (new("h", "3"), "z")));
        await ApplyAsync(Set(target, 1, (new("a", "1"), "12345"), (new("a", "2"), "12345")) with { Room = room });
        Assert.Equal(StoreLimit.PropertyCount, await LimitAsync(Set(target, 1, (new("a", "3"), "1"))));
        Assert.Equal(StoreLimit.PropertyBytes, await LimitAsync(Set(target, 1, (new("a", "1"), new string('x', 16)))));
        await ApplyAsync(Set(target, 1, (new("a", "1"), "123456789012345")) with { Room = room });
        Assert.Equal(StoreLimit.PropertyBytesOfHome, await LimitAsync(Set(PropertyTarget.Of("anna", PrincipalPart.Inbox), 1, (new("a", "1"), "12345678901"))));

        await ApplyAsync(Set(target, 4, (new("h", "1"), new string('x', 400))) with { Room = room });
        await ApplyAsync(Set(target, 4, (new("h", "2"), null)) with { Room = room });
        Assert.Equal(StoreLimit.PropertyCount, await LimitAsync(Set(target, 4, (new("h", "2"), "y"))));
        Assert.Empty(await FaultsAsync(Store));
    }

    [Fact]
    public async Task What_a_home_holds_is_kept_by_level_and_counts_what_is_served()
    {
        var work = await CollectionAsync();
        var home = await CollectionAsync(name: "home");
        await ApplyAsync(Samples.Put(work, "a", "12345") with { Level = 0 }, Samples.Put(home, "b", "123") with { Level = 3 }, Samples.Put(work, "c", "1"), Samples.Put(home, "hidden", "1234") with { Published = false });
        await ApplyAsync(Set(PropertyTarget.Of("anna", PrincipalPart.Home), 2, (Note, "123456")));
        var pieces = HomeUsage.Piece;
        Assert.Equal([5L + (4 * pieces), 5 + (4 * pieces), 11 + (4 * pieces), 14 + (3 * pieces), 15 + (2 * pieces)], await UsedByLevelAsync());
        await ApplyAsync(Samples.Put(work, "a", "12") with { Level = 4 }, new DeleteObject(work, "c"), Samples.Put(home, "hidden", "12") with { Level = 0 });
        await ReopenAsync();
        Assert.Equal([2L + (4 * pieces), 2 + (4 * pieces), 8 + (4 * pieces), 11 + (3 * pieces), 13 + (2 * pieces)], await UsedByLevelAsync());
        Assert.Equal(0, await UsedAsync("bert"));
        await ApplyAsync(new DeleteCollection(home));
        Assert.Equal(8 + pieces, await UsedAsync("anna"));
        Assert.Empty(await FaultsAsync(Store));

        async Task<long[]> UsedByLevelAsync()
        {
            var usage = await AskAsync(s => s.GetUsageAsync("anna"));
            return [.. Enumerable.Range(0, StoreLevels.Count).Select(usage.SeenAt)];
        }
    }

    [Fact]
    public async Task A_batch_that_makes_a_home_or_a_group_hold_too_much_fails_and_one_that_makes_it_less_does_not()
    {
        await ApplyAsync(new CreatePrincipal(Samples.Principal("p1").Principal with { GroupId = "one" }), new CreatePrincipal(Samples.Principal("p2").Principal with { GroupId = "one" }));
        var (first, second) = (await CollectionAsync("p1"), await CollectionAsync("p2"));
        var piece = HomeUsage.Piece;
        KeepWithin Keep(string id, long home, long group) => new(id, 4, piece + home, (2 * piece) + group);
        await ApplyAsync(Samples.Put(first, "a", "12345"), Keep("p1", 5, 9));
        Assert.Equal(StoreLimit.Home, (await FailAsync(Samples.Put(first, "b", "1"), Keep("p1", 5, 9))).Limit);
        Assert.Equal(StoreLimit.Group, (await FailAsync(Samples.Put(second, "b", "12345"), Keep("p2", 5, 9))).Limit);
        await ApplyAsync(Samples.Put(second, "b", "1234"), Keep("p2", 5, 9));
        await ApplyAsync(Samples.Put(first, "a", "1234"), Keep("p1", 1, 1));
        await ApplyAsync(new DeleteObject(first, "a"), Samples.Put(first, "c", "1234"), Keep("p1", 1, 1));
        Assert.Equal(StoreFailureKind.Quota, (await FailAsync(new SetProperties(PropertyTarget.Of("p1", PrincipalPart.Home), 4, Change(Note, "<a/>")), Keep("p1", 1, 1))).Kind);
        Assert.Equal(StoreFailureKind.NotFound, (await FailAsync(Keep("nobody", 1, 1))).Kind);
        Assert.Equal(8 + (2 * piece), await AskAsync(s => s.GroupUsageAsync("one", 4)));
        Assert.Equal(0, await AskAsync(s => s.GroupUsageAsync("none", 4)));
    }

    private static SetProperties Set(PropertyTarget target, int level, params (PropertyName Name, string? Element)[] properties) =>
        new(target, level, properties.ToDictionary(property => property.Name, property => property.Element));

    private static SetProperties SetNote(string id) => Set(PropertyTarget.Of(id, PrincipalPart.Principal), 0, (Note, "<note xmlns=\"urn:example\">x</note>"));

    private Task<PropertyBag> ReadAsync(PropertyTarget target, int level) => AskAsync(s => s.ReadPropertiesAsync(target, level));

    private async Task<IReadOnlyDictionary<PropertyName, string>> NotesAsync(string id) => (await ReadAsync(PropertyTarget.Of(id, PrincipalPart.Principal), 0)).Values;

    private async Task<long> UsedAsync(string id) => (await AskAsync(s => s.GetUsageAsync(id))).SeenAt(StoreLevels.Highest);

    private async Task<List<string?>> ByLevelAsync(PropertyTarget target, PropertyName? name = null)
    {
        List<string?> values = [];
        for (var level = 0; level < StoreLevels.Count; level++) values.Add((await ReadAsync(target, level)).Values.GetValueOrDefault(name ?? Note));
        return values;
    }
}
