using CalDavServer.Links;
using CalDavServer.Options;
using ProviderBridge.Sync;
using Xunit;

namespace CalDavServer.Tests.Links;

/// <summary>The links that are due, in their order.</summary>
public sealed class DueLinksTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private readonly DueLinks _due = new();

    [Fact]
    public void They_begin_in_the_order_in_which_they_have_become_due()
    {
        var links = Enumerable.Range(0, 100).Select(n => Link($"{n}")).ToList();
        foreach (var link in links.OrderBy(_ => Random.Shared.Next()))
        {
            link.Delay(-Hour + TimeSpan.FromSeconds(int.Parse(link.Link.LinkId, null)));
            _due.Add(link);
        }

        Assert.Equal(links, links.Select(_ => _due.Begin()));
        Assert.Null(_due.Begin());
        Assert.Null(_due.Wait);
    }

    [Fact]
    public void One_that_is_not_due_is_waited_for()
    {
        Add(Link("a"), Hour * 2);
        Add(Link("b"), Hour);
        Assert.Null(_due.Begin());
        Assert.InRange(_due.Wait!.Value, Hour - TimeSpan.FromMinutes(1), Hour);
    }

    [Fact]
    public void What_one_was_due_for_before_does_not_count()
    {
        var link = Link("a");
        Add(link, TimeSpan.Zero);
        Add(link, Hour);
        Assert.Null(_due.Begin());
        Add(link, TimeSpan.Zero);
        Assert.Same(link, _due.Begin());
    }

    [Fact]
    public void One_that_runs_does_not_begin_again_before_it_ends()
    {
        var link = Link("a");
        Add(link, TimeSpan.Zero);
        Assert.Same(link, _due.Begin());
        Assert.True(link.Touch(TimeSpan.FromDays(-1)));
        _due.Add(link);
        Assert.Null(_due.Begin());
        link.End(new PassEnd(PassResult.Done, null), new LinkTimes { Poll = Hour, Gather = TimeSpan.Zero });
        _due.Add(link);
        // it was touched while it ran
        Assert.Same(link, _due.Begin());
    }

    [Fact]
    public void One_whose_service_does_not_answer_is_not_due_sooner_by_a_change()
    {
        var link = Link("a");
        Add(link, TimeSpan.Zero);
        Assert.Same(link, _due.Begin());
        link.End(new PassEnd(PassResult.Later, null), new LinkTimes { FirstPause = Hour });
        Assert.False(link.Touch(TimeSpan.Zero));
        link.Ask();
        _due.Add(link);
        Assert.Same(link, _due.Begin());
    }

    private static ScheduledLink Link(string id) => new(new LinkKey("practitioner", id));

    private void Add(ScheduledLink link, TimeSpan wait)
    {
        link.Delay(wait);
        _due.Add(link);
    }
}
