using ProviderBridge.CalDav;

namespace ProviderBridge.Tests.CalDav;

/// <summary>What a server lists and does not give is counted by link and calendar, and the count has an end that keeps nobody waiting.</summary>
public sealed class What_is_listed_and_not_given
{
    private static readonly Uri Calendar = new("https://dav.example.com/calendars/me/one/");

    [Fact]
    public void Is_so_often_at_the_third_time_and_anew_once_it_was_given()
    {
        var missing = new MissingObjects();
        Assert.Equal([false, false, true, true], Enumerable.Range(0, 4).Select(_ => missing.IsOften("c", "a")));
        missing.Forget("c", "a");
        Assert.False(missing.Has("c", "a"));
        Assert.False(missing.IsOften("c", "a"));
    }

    [Fact]
    public void Waits_alone_at_once_where_there_are_too_many_to_count()
    {
        var missing = new MissingObjects();
        for (var n = 0; n < 10_000; n++) Assert.False(missing.IsOften("c", $"{n}"));
        Assert.True(missing.IsOften("c", "one more"));
        Assert.Equal([false, true], Enumerable.Range(0, 2).Select(_ => missing.IsOften("c", "7")));
        missing.Keep("c", []);
        Assert.False(missing.IsOften("c", "one more"));
    }

    /// <summary>Some servers have the same paths for all accounts.</summary>
    [Fact]
    public void Is_none_of_another_account_at_the_same_path()
    {
        var missing = new MissingObjects();
        missing.IsOften(new ObjectNames(new("maya", "l1"), Calendar).Of, "a");
        Assert.False(missing.Has(new ObjectNames(new("maya", "l2"), Calendar).Of, "a"));
        missing.Keep(new ObjectNames(new("maya", "l2"), Calendar).Of, []);
        Assert.True(missing.Has(new ObjectNames(new("maya", "l1"), new Uri("https://p12.example.com/calendars/me/one/")).Of, "a"));
    }
}
