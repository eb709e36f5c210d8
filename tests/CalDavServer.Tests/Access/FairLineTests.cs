using CalDavServer.Access;
using Xunit;

namespace CalDavServer.Tests.Access;

/// <summary>Whose turn it is.</summary>
public sealed class FairLineTests
{
    [Fact]
    public void Places_take_turns_whatever_each_has_waiting()
    {
        var line = new FairLine<string>(8, 100);
        foreach (var item in new[] { "a1", "a2", "a3", "b1", "c1", "c2" }) Assert.True(line.TryJoin(item[..1], item, out _));
        Assert.Equal(["a1", "b1", "c1", "a2", "c2", "a3"], All(line));
    }

    [Fact]
    public void A_place_has_so_many_and_no_more_and_a_full_line_makes_room_for_a_place_with_fewer()
    {
        var line = new FairLine<string>(3, 5);
        foreach (var item in new[] { "a1", "a2", "a3", "b1", "b2" }) Assert.True(line.TryJoin(item[..1], item, out _));
        Assert.False(line.TryJoin("a", "a4", out _));
        Assert.False(line.TryJoin("b", "b3", out _));
        Assert.True(line.TryJoin("c", "c1", out var displaced));
        Assert.Equal("a3", displaced);
        Assert.True(line.TryJoin("d", "d1", out displaced));
        Assert.True(displaced is "a2" or "b2");
        Assert.True(line.TryJoin("e", "e1", out _));
        Assert.False(line.TryJoin("f", "f1", out _));
        Assert.Equal(5, line.Count);
    }

    [Fact]
    public void Who_leaves_is_in_nobodys_way()
    {
        var line = new FairLine<string>(8, 100);
        foreach (var item in new[] { "a1", "a2", "b1" }) Assert.True(line.TryJoin(item[..1], item, out _));
        Assert.True(line.Leave("a", "a1"));
        Assert.False(line.Leave("a", "a1"));
        Assert.True(line.Leave("b", "b1"));
        Assert.True(line.TryJoin("b", "b2", out _));
        Assert.Equal(["a2", "b2"], All(line));
        Assert.Equal(0, line.Count);
    }

    private static List<string> All(FairLine<string> line)
    {
        var all = new List<string>();
        while (line.TryTake(out var item)) all.Add(item);
        return all;
    }
}
