using System.Xml.Linq;
using CalDavServer.Tests.Hosting;
using Xunit;
using static CalDavServer.Tests.Hosting.Xml;

namespace CalDavServer.Tests.Rfc4918;

/// <summary>Conditional requests: RFC 9110 §13 and the If header of RFC 4918 §10.4.</summary>
public sealed class ConditionTests : ServerTest
{
    private string Path => Client.Calendar("home") + "a.ics";

    [Fact]
    public async Task GET_and_HEAD_answer_304_for_what_the_client_has()
    {
        var etag = (await Client.PutAsync(Path, Events.Event("a"))).Header("ETag")!;
        var got = await Client.GetAsync(Path);
        Assert.Equal(Events.Event("a"), got.Text);
        Assert.Equal(etag, got.Header("ETag"));
        Assert.Equal(304, (await Client.GetAsync(Path, ("If-None-Match", $"\"other\", {etag}"))).Status);
        Assert.Equal(304, (await Client.GetAsync(Path, ("If-None-Match", "*"))).Status);
        Assert.Equal(304, (await Client.GetAsync(Path, ("If-Modified-Since", got.Header("Last-Modified")!))).Status);
        Assert.Equal(200, (await Client.GetAsync(Path, ("If-None-Match", "\"other\""), ("If-Modified-Since", got.Header("Last-Modified")!))).Status);
        Assert.Equal(412, (await Client.GetAsync(Path, ("If-Match", "\"other\""))).Status);
        var head = await Client.SendAsync("HEAD", Path);
        Assert.Equal(200, head.Status);
        Assert.Empty(head.Bytes);
        Assert.Equal(got.Header("Content-Length"), head.Header("Content-Length"));
    }

    [Fact]
    public async Task If_Match_protects_against_a_lost_update()
    {
        var first = (await Client.PutAsync(Path, Events.Event("a"))).Header("ETag")!;
        Assert.Equal(204, (await Client.PutAsync(Path, Events.Event("a", "Two"), ("If-Match", first))).Status);
        Assert.Equal(412, (await Client.PutAsync(Path, Events.Event("a", "Three"), ("If-Match", first))).Status);
        Assert.Equal(412, (await Client.DeleteAsync(Path, ("If-Match", first))).Status);
        Assert.Equal(412, (await Client.PutAsync(Client.Calendar("home") + "b.ics", Events.Event("b"), ("If-Match", "*"))).Status);
        Assert.Equal(204, (await Client.DeleteAsync(Path, ("If-Match", $"\"x,y\", {(await Client.GetAsync(Path)).Header("ETag")}"))).Status);
    }

    [Fact]
    public async Task A_weak_ETag_is_good_for_reading_and_not_for_writing()
    {
        var etag = (await Client.PutAsync(Path, Events.Event("a"))).Header("ETag")!;
        Assert.Equal(304, (await Client.GetAsync(Path, ("If-None-Match", "W/" + etag))).Status);
        Assert.Equal(412, (await Client.PutAsync(Path, Events.Event("a", "Two"), ("If-None-Match", "W/" + etag))).Status);
        Assert.Equal(412, (await Client.GetAsync(Path, ("If-Match", "W/" + etag))).Status);
        Assert.Equal(412, (await Client.PutAsync(Path, Events.Event("a", "Two"), ("If-Match", "W/" + etag))).Status);
        Assert.Equal(412, (await Client.DeleteAsync(Path, ("If-Match", $"W/{etag}, \"other\""))).Status);
        Assert.Equal(412, (await Client.PutAsync(Path, Events.Event("a", "Two"), ("If", $"([W/{etag}])"))).Status);
        Assert.Equal(204, (await Client.PutAsync(Path, Events.Event("a", "Two"), ("If-Match", $"W/{etag}, {etag}"))).Status);
    }

    [Fact]
    public async Task If_None_Match_star_makes_and_never_replaces()
    {
        Assert.Equal(201, (await Client.PutAsync(Path, Events.Event("a"), ("If-None-Match", "*"))).Status);
        Assert.Equal(412, (await Client.PutAsync(Path, Events.Event("a", "Two"), ("If-None-Match", "*"))).Status);
    }

    [Fact]
    public async Task If_lists_are_evaluated()
    {
        var etag = (await Client.PutAsync(Path, Events.Event("a"))).Header("ETag")!;
        Assert.Equal(412, (await Client.PutAsync(Path, Events.Event("a"), ("If", "(<urn:uuid:lock>)"))).Status);
        Assert.Equal(412, (await Client.PutAsync(Path, Events.Event("a"), ("If", "([\"other\"])"))).Status);
        Assert.Equal(400, (await Client.PutAsync(Path, Events.Event("a"), ("If", "([\"other\""))).Status);
        Assert.Equal(204, (await Client.PutAsync(Path, Events.Event("a"), ("If", $"(<urn:uuid:lock>) ([{etag}] Not <DAV:no-lock>)"))).Status);
        Assert.Equal(204, (await Client.DeleteAsync(Path, ("If", $"<{Client.Calendar("none")}> ([\"x\"]) <{Server.Address.GetLeftPart(UriPartial.Authority)}{Path}> ([{etag}])"))).Status);
    }

    [Fact]
    public async Task A_sync_token_is_a_state_token()
    {
        await Client.PutAsync(Path, Events.Event("a"));
        var token = (await Client.PropFindAsync(Client.Calendar("home"), "0", D + "sync-token")).Property(D + "sync-token")!.Value;
        Assert.Equal(204, (await Client.PutAsync(Path, Events.Event("a", "Two"), ("If", $"<{Client.Calendar("home")}> (<{token}>)"))).Status);
        Assert.Equal(412, (await Client.PutAsync(Path, Events.Event("a", "Three"), ("If", $"<{Client.Calendar("home")}> (<{token}>)"))).Status);
    }

    [Fact]
    public async Task Of_concurrent_conditional_writes_one_wins_and_unconditional_ones_all_do()
    {
        var etag = (await Client.PutAsync(Path, Events.Event("a"))).Header("ETag")!;
        var conditional = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => Client.PutAsync(Path, Events.Event("a", $"C{n}"), ("If-Match", etag))));
        Assert.Equal(1, conditional.Count(answer => answer.Status == 204));
        Assert.Equal(7, conditional.Count(answer => answer.Status == 412));
        var free = await Task.WhenAll(Enumerable.Range(0, 4).Select(n => Client.PutAsync(Path, Events.Event("a", $"U{n}"))));
        Assert.All(free, answer => Assert.Equal(204, answer.Status));
    }

    [Fact]
    public async Task A_collection_that_is_there_is_matched_by_a_star_and_by_no_ETag()
    {
        var calendar = Client.Calendar("home");
        var note = Set(new XElement(XName.Get("note", "urn:example"), "x"));
        Assert.Equal(207, (await Client.SendAsync("PROPPATCH", calendar, note, ("If-Match", "*"))).Status);
        Assert.Equal(412, (await Client.SendAsync("PROPPATCH", calendar, note, ("If-Match", "\"x\""))).Status);
        Assert.Equal(207, (await Client.SendAsync("PROPPATCH", calendar, note, ("If-None-Match", "\"x\""))).Status);
        Assert.Equal(412, (await Client.SendAsync("PROPPATCH", calendar, note, ("If-None-Match", "*"))).Status);
        Assert.Equal(412, (await Client.SendAsync("MKCALENDAR", Client.Calendar("new"), null, ("If-Match", "*"))).Status);
    }

    [Fact]
    public async Task One_of_many_conditional_PUTs_at_once_succeeds()
    {
        var etag = (await Client.PutAsync(Path, Events.Event("a"))).Header("ETag")!;
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(n => Client.PutAsync(Path, Events.Event("a", $"Number {n}"), ("If-Match", etag))));
        Assert.Equal(1, answers.Count(answer => answer.Status == 204));
        Assert.Equal(11, answers.Count(answer => answer.Status == 412));
    }
}
