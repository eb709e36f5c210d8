using System.Net;
using CalDavServer.Tests.Hosting;
using Calendaring.Store;
using Practice;
using Practice.Audit;
using Practice.Groups;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>A practice group gets another name, and its HX_ calendars with it (R2, R3).</summary>
public sealed class R2_PracticeNameTests : PageTest
{
    private const string Page = "/settings/practice";

    [Fact]
    public async Task R2_The_calendars_follow_and_a_device_sees_it_by_sync_and_by_ctag()
    {
        using var device = Server.Client(await Server.AddPasswordAsync(Maya));
        using var other = Server.Client(await Server.AddPasswordAsync(Tom));
        var before = await StateAsync(device);
        using var ruth = await SignedInAsync("ruth");
        Assert.Contains("value=\"Riverbend\"", (await ruth.GetAsync(Page)).Text, StringComparison.Ordinal);
        var page = await ruth.PostAsync(Page, ("name", " Höhe & Tal "));
        Assert.Contains("The practice is now named Höhe & Tal.", WebUtility.HtmlDecode(page.Text), StringComparison.Ordinal);
        var after = await StateAsync(device);
        Assert.Equal("HX_Höhe & Tal (Maya Lindqvist)", after.Name);
        Assert.Equal("HX_Höhe & Tal (Tom Okafor)", (await StateAsync(other)).Name);
        Assert.NotEqual(before.Tag, after.Tag);
        var changes = await device.SendAsync("REPORT", device.Home, $"<D:sync-collection xmlns:D=\"DAV:\"><D:sync-token>{before.HomeToken}</D:sync-token><D:sync-level>1</D:sync-level><D:prop><D:displayname/></D:prop></D:sync-collection>");
        Assert.Equal("HX_Höhe & Tal (Maya Lindqvist)", changes.Property(Xml.D + "displayname", device.Calendar("hx"))!.Value);
        Assert.Contains(AuditAction.PracticeChanged, await AuditAsync());
    }

    [Fact]
    public async Task R3_Who_comes_after_it_gets_the_new_name()
    {
        await RenameAsync("Hillside");
        var late = await new PracticeDirectory(Server.Store, Server.Clock).CreatePersonAsync("ana", "Ana", null, PrincipalRole.Practitioner, Practice.Id);
        using var device = Server.Client(await Server.AddPasswordAsync(late));
        Assert.Equal("HX_Hillside (Ana)", (await StateAsync(device)).Name);
    }

    [Fact]
    public async Task At_one_time_with_new_people_every_calendar_ends_with_the_last_name()
    {
        var directory = new PracticeDirectory(Server.Store, Server.Clock);
        await Task.WhenAll(
            Task.Run(() => RenameAsync("First")),
            Task.Run(() => directory.CreatePersonAsync("a", "A", null, PrincipalRole.Practitioner, Practice.Id)),
            Task.Run(() => RenameAsync("Second")),
            Task.Run(() => directory.CreatePersonAsync("b", "B", null, PrincipalRole.Practitioner, Practice.Id)));
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var name = (await PracticeGroup.FindAsync(snapshot, Practice.Id))!.Name;
        foreach (var person in await snapshot.ListPrincipalsAsync(Practice.Id))
        {
            if (person.Role == PrincipalRole.Practitioner)
                Assert.Equal($"HX_{name} ({person.DisplayName})", global::Practice.Hx.HxCalendar.NameOf((await snapshot.FindCollectionAsync(person.Id, "hx"))!));
        }
    }

    [Theory]
    [InlineData("", "needs a name")]
    [InlineData("  ", "needs a name")]
    [InlineData("Hill\nside", "on one line")]
    [InlineData("hillside", "There is a practice group named 'hillside' already.")]
    [InlineData("a\ufffe", "cannot be shown")]
    public async Task What_is_no_name_is_refused_in_words_and_nothing_changes(string name, string sentence)
    {
        await new PracticeDirectory(Server.Store, Server.Clock).CreatePracticeAsync("Hillside", "Australia/Perth");
        using var ruth = await SignedInAsync("ruth");
        Assert.Contains(sentence, WebUtility.HtmlDecode((await ruth.PostAsync(Page, ("name", name))).Text), StringComparison.Ordinal);
        Assert.Contains("at most 200 characters", (await ruth.PostAsync(Page, ("name", new string('a', 201)))).Text, StringComparison.Ordinal);
        Assert.Contains("value=\"Riverbend\"", (await ruth.GetAsync(Page)).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(AuditAction.PracticeChanged, await AuditAsync());
    }

    [Fact]
    public async Task Only_an_administrator_renames_it()
    {
        using var maya = await SignedInAsync("maya");
        Assert.Equal(HttpStatusCode.Forbidden, (await maya.GetAsync(Page)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await maya.ForgeAsync("/settings", Page, ("name", "Mine"))).Status);
        Assert.DoesNotContain(AuditAction.PracticeChanged, await AuditAsync());
    }

    private Task RenameAsync(string name) => new PracticeNames(Server.Store, Server.Clock).RenameAsync(Practice.Id, name, AuditActor.Command);

    private static async Task<(string Name, string Tag, string HomeToken)> StateAsync(DavClient device)
    {
        var calendar = await device.PropFindAsync(device.Calendar("hx"), "0", Xml.D + "displayname", Xml.CS + "getctag");
        var home = await device.PropFindAsync(device.Home, "0", Xml.D + "sync-token");
        return (calendar.Property(Xml.D + "displayname")!.Value, calendar.Property(Xml.CS + "getctag")!.Value, home.Property(Xml.D + "sync-token")!.Value);
    }
}
