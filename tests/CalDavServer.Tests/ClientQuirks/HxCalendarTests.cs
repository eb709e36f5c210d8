using System.Xml.Linq;
using CalDavServer.Tests.Hosting;
using Calendaring.Store;
using Practice.Hx;
using Xunit;
using static CalDavServer.Tests.Hosting.Xml;

namespace CalDavServer.Tests.ClientQuirks;

/// <summary>The practitioner's HX_ calendar as a client meets it.</summary>
public sealed class HxCalendarTests : ServerTest
{
    private string Path => Client.Calendar("hx") + "a.ics";

    [Fact]
    public async Task It_can_be_neither_removed_nor_replaced()
    {
        await Client.PutAsync(Path, Events.Event("a"));
        var answer = await Client.DeleteAsync(Client.Calendar("hx"));
        Assert.Equal(403, answer.Status);
        Assert.Contains("diary", answer.Text, StringComparison.Ordinal);
        Assert.Equal(200, (await Client.GetAsync(Path)).Status);
    }

    [Fact]
    public async Task A_personal_appointment_is_added_edited_and_removed()
    {
        var added = await Client.PutAsync(Path, Events.Event("a"), ("If-None-Match", "*"));
        Assert.Equal(201, added.Status);
        Assert.Equal(Events.Event("a"), (await Client.GetAsync(Path)).Text);
        var edited = await Client.PutAsync(Path, Events.Event("a", "Two"), ("If-Match", added.Header("ETag")!));
        Assert.Equal(204, edited.Status);
        Assert.Equal(edited.Header("ETag"), (await Client.GetAsync(Path)).Header("ETag"));
        Assert.Equal(204, (await Client.DeleteAsync(Path, ("If-Match", edited.Header("ETag")!))).Status);
        Assert.Equal(404, (await Client.GetAsync(Path)).Status);
    }

    [Fact]
    public async Task What_is_kept_in_the_diary_only_does_not_exist()
    {
        await Client.PutAsync(Path, Events.Event("a"));
        await HideAsync("a.ics");
        Assert.Equal(404, (await Client.GetAsync(Path)).Status);
        Assert.Equal(404, (await Client.DeleteAsync(Path)).Status);
        Assert.Equal(404, (await Client.SendAsync("MOVE", Path, null, ("Destination", Client.Calendar("home") + "a.ics"))).Status);
        Assert.DoesNotContain(Path, (await Client.PropFindAsync(Client.Calendar("hx"), "1", D + "getetag")).Hrefs);
        Assert.Equal(412, (await Client.PutAsync(Path, Events.Event("a"), ("If-Match", "*"))).Status);
        Assert.Equal(201, (await Client.PutAsync(Path, Events.Event("a"), ("If-None-Match", "*"))).Status);
        Assert.Equal(200, (await Client.GetAsync(Path)).Status);
    }

    [Fact]
    public async Task A_UID_that_is_kept_in_the_diary_comes_back_under_a_new_name()
    {
        await Client.PutAsync(Path, Events.Event("a"));
        await HideAsync("a.ics");
        Assert.Equal(201, (await Client.PutAsync(Client.Calendar("hx") + "b.ics", Events.Event("a"))).Status);
        Assert.Equal(200, (await Client.GetAsync(Client.Calendar("hx") + "b.ics")).Status);
    }

    [Fact]
    public async Task A_move_to_where_the_UID_is_already_names_what_has_it_there()
    {
        await Client.PutAsync(Path, Events.Event("a"));
        Assert.Equal(201, (await Client.SendAsync("COPY", Path, null, ("Destination", Client.Calendar("home") + "c.ics"))).Status);
        var answer = await Client.SendAsync("MOVE", Path, null, ("Destination", Client.Calendar("home") + "b.ics"));
        Assert.True(answer.HasCondition(C + "no-uid-conflict"));
        Assert.Equal(Client.Calendar("home") + "c.ics", answer.Root.Descendants(D + "href").Single().Value);
        Assert.Equal(200, (await Client.GetAsync(Path)).Status);
    }

    [Fact]
    public async Task A_published_UID_is_a_conflict_with_its_href()
    {
        await Client.PutAsync(Path, Events.Event("a"));
        var answer = await Client.PutAsync(Client.Calendar("hx") + "b.ics", Events.Event("a"));
        Assert.True(answer.HasCondition(C + "no-uid-conflict"));
        Assert.Equal(Path, answer.Root.Descendants(D + "href").Single().Value);
    }

    [Fact]
    public async Task An_appointment_moves_out_in_and_gets_another_name()
    {
        await Client.PutAsync(Path, Events.Event("a"));
        Assert.Equal(201, (await Client.SendAsync("MOVE", Path, null, ("Destination", Client.Calendar("hx") + "b.ics"))).Status);
        var details = (await RowAsync("b.ics"))!.Details;
        Assert.NotNull(details);
        Assert.Equal(201, (await Client.SendAsync("MOVE", Client.Calendar("hx") + "b.ics", null, ("Destination", Client.Calendar("home") + "c.ics"))).Status);
        Assert.Equal(404, (await Client.GetAsync(Client.Calendar("hx") + "b.ics")).Status);
        Assert.Equal(Events.Event("a"), (await Client.GetAsync(Client.Calendar("home") + "c.ics")).Text);
        Assert.Equal(201, (await Client.SendAsync("MOVE", Client.Calendar("home") + "c.ics", null, ("Destination", Client.Calendar("hx") + "d.ics"))).Status);
        Assert.Equal(404, (await Client.GetAsync(Client.Calendar("home") + "c.ics")).Status);
        Assert.NotNull((await RowAsync("d.ics"))!.Details);
        await Client.PutAsync(Client.Calendar("home") + "e.ics", Events.Event("e"));
        Assert.Equal(403, (await Client.SendAsync("MOVE", Client.Calendar("home") + "e.ics", null, ("Destination", Client.Calendar("hx") + "d.ics"))).Status);
    }

    [Fact]
    public async Task When_the_subscription_has_ended_it_is_read_and_not_changed()
    {
        await Client.PutAsync(Path, Events.Event("a"));
        await Server.Store.ApplyAsync(StoreBatch.Of(new HxAccess(HxState.Lapsed).Put(Alice.Principal.Id)));
        Assert.Equal(200, (await Client.GetAsync(Path)).Status);
        Assert.Equal(403, (await Client.PutAsync(Path, Events.Event("a", "Two"))).Status);
        Assert.Equal(403, (await Client.DeleteAsync(Path)).Status);
        Assert.Equal(403, (await Client.SendAsync("MOVE", Path, null, ("Destination", Client.Calendar("hx") + "b.ics"))).Status);
        Assert.Equal(403, (await Client.SendAsync("MOVE", Path, null, ("Destination", Client.Calendar("home") + "b.ics"))).Status);
        Assert.Equal(Events.Event("a"), (await Client.GetAsync(Path)).Text);
    }

    [Fact]
    public async Task When_the_subscription_has_ended_the_privileges_say_what_is_enforced()
    {
        XName[] writing = [D + "all", D + "write", D + "write-content", D + "write-properties", D + "bind", D + "unbind"];
        await Client.PutAsync(Path, Events.Event("a"));
        await Client.PutAsync(Client.Calendar("home") + "b.ics", Events.Event("b"));
        Assert.Contains(D + "bind", await PrivilegesAsync(Client.Home, Client.Calendar("hx")));
        await Server.Store.ApplyAsync(StoreBatch.Of(new HxAccess(HxState.Lapsed).Put(Alice.Principal.Id)));

        foreach (var (listed, href) in new[] { (Client.Home, Client.Calendar("hx")), (Client.Calendar("hx"), Client.Calendar("hx")), (Client.Calendar("hx"), Path) })
        {
            var privileges = await PrivilegesAsync(listed, href);
            Assert.Contains(D + "read", privileges);
            Assert.DoesNotContain(privileges, writing.Contains);
        }

        Assert.Contains(D + "all", await PrivilegesAsync(Client.Home, Client.Calendar("home")));
        Assert.Contains(D + "all", await PrivilegesAsync(Client.Home, Client.Home));
        var acl = await Client.PropFindAsync(Client.Home, "1", D + "acl");
        Assert.Single(acl.Property(D + "acl", Client.Calendar("hx"))!.Descendants(D + "read"));
        Assert.Single(acl.Property(D + "acl", Client.Calendar("home"))!.Descendants(D + "all"));
        (string Method, string Path, string? Body, string Destination)[] refused =
        [
            ("PUT", Path, Events.Event("a", "Two"), ""), ("PUT", Client.Calendar("hx") + "new.ics", Events.Event("new"), ""), ("DELETE", Path, null, ""),
            ("PROPPATCH", Path, Set(new XElement(A + "calendar-color", "#112233")), ""), ("PROPPATCH", Client.Calendar("hx"), Set(new XElement(A + "calendar-color", "#112233")), ""),
            ("MOVE", Path, null, Client.Calendar("home") + "a.ics"), ("COPY", Client.Calendar("home") + "b.ics", null, Client.Calendar("hx") + "b.ics"),
            ("MOVE", Client.Calendar("home") + "b.ics", null, Client.Calendar("hx") + "b.ics"),
        ];
        foreach (var (method, path, body, destination) in refused)
        {
            var answer = await Client.SendAsync(method, path, body, ("Destination", destination));
            Assert.True(answer.HasCondition(D + "need-privileges"), $"{method} {path}: {answer.Status}");
            Assert.Contains("subscription", answer.Root.Element(D + "responsedescription")!.Value, StringComparison.Ordinal);
        }

        Assert.Equal(201, (await Client.SendAsync("COPY", Path, null, ("Destination", Client.Calendar("home") + "a.ics"))).Status);
        Assert.Equal(Events.Event("a"), (await Client.GetAsync(Path)).Text);
        await Server.Store.ApplyAsync(StoreBatch.Of(new HxAccess(HxState.Active).Put(Alice.Principal.Id)));
        Assert.Contains(D + "bind", await PrivilegesAsync(Client.Home, Client.Calendar("hx")));
        Assert.Equal(204, (await Client.PutAsync(Path, Events.Event("a", "Two"))).Status);
    }

    private async Task<IReadOnlyList<XName>> PrivilegesAsync(string listed, string href)
    {
        var answer = await Client.PropFindAsync(listed, "1", D + "current-user-privilege-set");
        return [.. answer.Property(D + "current-user-privilege-set", href)!.Elements(D + "privilege").Elements().Select(element => element.Name)];
    }

    private async Task<ObjectRow?> RowAsync(string name) => (await FindAsync(name))?.Row;

    private async Task<StoredObject?> FindAsync(string name)
    {
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var collection = await snapshot.FindCollectionAsync(Alice.Principal.Id, "hx");
        return await snapshot.FindObjectAsync(collection!.Id, name);
    }

    // what the diary does when an appointment is removed outside and kept inside
    private async Task HideAsync(string name)
    {
        var stored = (await FindAsync(name))!;
        var row = stored.Row;
        var outcome = await Server.Store.ApplyAsync(StoreBatch.Of(new PutObject(
            row.CollectionId, row.Name, stored.Bytes, row.Index, Expectation.AtChange(row.Change), Published: false, row.Details)));
        Assert.True(outcome.Succeeded);
    }
}
