using System.Globalization;
using System.Xml.Linq;
using CalDavServer.Tests.Hosting;
using Xunit;
using static CalDavServer.Tests.Hosting.Xml;

namespace CalDavServer.Tests.Rfc4918;

/// <summary>Properties that a device sets belong to its privacy level (docs/rules.md P7): a level below can neither read, name, count nor carry them away.</summary>
public sealed class PropertyLevelTests : LevelTest
{
    private static readonly XName Note = XName.Get("note", "urn:x");
    private static readonly XName Other = XName.Get("other", "urn:x");

    public static TheoryData<string> Resources() => ["principal", "", "inbox/", "outbox/", "hx/", "own/", "own/a.ics", "tasks/", "appointment"];

    [Theory]
    [MemberData(nameof(Resources))]
    public async Task A_property_set_at_one_level_is_not_there_below_it(string resource)
    {
        var path = await PathOfAsync(resource);
        var before = await SeenAsync(Busy, path);
        Assert.Equal(200, (await SetAsync(Full, path, Note, Secret)).PropertyStatus(Note));
        Assert.Equal(Secret, (await Full.PropFindAsync(path, "0", Note)).Property(Note)!.Value);
        Assert.Equal(before, await SeenAsync(Busy, path));
        Assert.Equal(404, (await Busy.PropFindAsync(path, "0", Note)).PropertyStatus(Note));

        // what is below is seen through, until the level says something else
        Assert.Equal(200, (await SetAsync(Busy, path, Other, "open")).PropertyStatus(Other));
        Assert.Equal(200, (await SetAsync(Busy, path, Note, "mine")).PropertyStatus(Note));
        Assert.Equal(("open", Secret), ((await Full.PropFindAsync(path, "0", Other)).Property(Other)!.Value, (await Full.PropFindAsync(path, "0", Note)).Property(Note)!.Value));
        Assert.Equal("mine", (await Busy.PropFindAsync(path, "0", Note)).Property(Note)!.Value);
        await Full.SendAsync("PROPPATCH", path, Remove(Note, Other));
        Assert.Equal((404, 404), ((await Full.PropFindAsync(path, "0", Note)).PropertyStatus(Note), (await Full.PropFindAsync(path, "0", Other)).PropertyStatus(Other)));
        Assert.Equal(("mine", "open"), ((await Busy.PropFindAsync(path, "0", Note)).Property(Note)!.Value, (await Busy.PropFindAsync(path, "0", Other)).Property(Other)!.Value));
    }

    [Theory]
    [InlineData("hx/")]
    [InlineData("own/")]
    public async Task What_is_settable_on_a_calendar_belongs_to_the_level_too(string calendar)
    {
        var path = Full.Home + calendar;
        foreach (var name in new[] { D + "displayname", C + "calendar-description", A + "calendar-color" })
        {
            var before = await SeenAsync(Busy, path);
            await Full.SendAsync("PROPPATCH", path, Set(new XElement(name, new XAttribute("note", Secret), name.LocalName == "calendar-color" ? "red" : Secret)));
            var after = await SeenAsync(Busy, path);
            Assert.Equal(before, after);
            Assert.DoesNotContain(Secret, (await Busy.GetAsync(path)).Text + (await Busy.GetAsync(path, ("Accept", "text/html"))).Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_property_of_an_object_changes_neither_its_ETag_nor_that_of_its_calendar()
    {
        foreach (var path in new[] { Appointment, await PathOfAsync("own/a.ics") })
        {
            var calendar = path[..(path.LastIndexOf('/') + 1)];
            var (etag, whole) = ((await Busy.GetAsync(path)).Header("ETag"), (await Busy.GetAsync(calendar)).Header("ETag"));
            await SetAsync(Full, path, Note, Secret);
            Assert.Equal((etag, whole), ((await Busy.GetAsync(path)).Header("ETag"), (await Busy.GetAsync(calendar)).Header("ETag")));
        }
    }

    [Theory]
    [InlineData("hx")]
    [InlineData("own")]
    public async Task All_properties_and_all_names_of_what_was_written_above_are_answered(string calendar)
    {
        var path = Full.Calendar(calendar) + "above.ics";
        if (calendar == "own") await Full.SendAsync("MKCALENDAR", Full.Calendar("own"));
        Assert.Equal(201, (await Full.PutAsync(path, Events.Event("above", "Jane Brownlow"))).Status);
        foreach (var body in (string?[])[null, "<propfind xmlns='DAV:'><allprop/></propfind>", "<propfind xmlns='DAV:'><propname/></propfind>", "<propfind xmlns='DAV:'><allprop/><include><getcontentlength/></include></propfind>"])
        {
            foreach (var depth in (string[])["0", "1"])
            {
                var answer = await Busy.SendAsync("PROPFIND", path, body, ("Depth", depth));
                Assert.Equal(207, answer.Status);
                Assert.DoesNotContain("Brownlow", answer.Text, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("COPY", true)]
    [InlineData("COPY", false)]
    [InlineData("MOVE", true)]
    [InlineData("MOVE", false)]
    public async Task COPY_and_MOVE_carry_what_the_level_sees(string method, bool full)
    {
        var path = await PathOfAsync("own/a.ics");
        await SetAsync(Full, path, Note, Secret);
        await SetAsync(Busy, path, Other, "open");
        var target = Full.Calendar("tasks") + "b.ics";
        await Full.SendAsync("MKCALENDAR", Full.Calendar("second"));
        target = Full.Calendar("second") + "b.ics";
        Assert.Equal(201, (await (full ? Full : Busy).SendAsync(method, path, null, ("Destination", target))).Status);
        Assert.Equal("open", (await Busy.PropFindAsync(target, "0", Other)).Property(Other)!.Value);
        Assert.Equal(404, (await Busy.PropFindAsync(target, "0", Note)).PropertyStatus(Note));
        Assert.Equal(full ? 200 : 404, (await Full.PropFindAsync(target, "0", Note)).PropertyStatus(Note));
    }

    [Fact]
    public async Task A_calendar_that_a_lower_level_moves_and_an_appointment_that_it_renames_leave_behind_what_it_does_not_see()
    {
        await SetAsync(Full, Full.Calendar("own"), Note, Secret);
        await SetAsync(Busy, Full.Calendar("own"), Other, "open");
        Assert.Equal(201, (await Busy.SendAsync("MOVE", Full.Calendar("own"), null, ("Destination", Full.Calendar("moved")))).Status);
        var moved = await Full.PropFindAsync(Full.Calendar("moved"), "0", Note, Other);
        Assert.Equal((404, 200), (moved.PropertyStatus(Note), moved.PropertyStatus(Other)));

        await SetAsync(Full, Appointment, Note, Secret);
        await SetAsync(Busy, Appointment, Other, "open");
        Assert.Equal(201, (await Busy.SendAsync("MOVE", Appointment, null, ("Destination", Full.Calendar("hx") + "renamed.ics"))).Status);
        var renamed = await Full.PropFindAsync(Full.Calendar("hx") + "renamed.ics", "0", Note, Other);
        Assert.Equal((404, 200), (renamed.PropertyStatus(Note), renamed.PropertyStatus(Other)));
    }

    [Fact]
    public async Task An_object_that_was_removed_and_is_put_again_has_no_properties()
    {
        foreach (var path in new[] { Appointment, await PathOfAsync("own/a.ics") })
        {
            var text = (await Full.GetAsync(path)).Text;
            await SetAsync(Full, path, Note, Secret);
            Assert.Equal(204, (await Busy.DeleteAsync(path)).Status);
            Assert.Equal(201, (await Full.PutAsync(path, text)).Status);
            Assert.Equal(404, (await Full.PropFindAsync(path, "0", Note)).PropertyStatus(Note));
        }
    }

    [Theory]
    [MemberData(nameof(Resources))]
    public async Task Used_and_available_bytes_count_what_the_level_sees(string resource)
    {
        var path = await PathOfAsync(resource);
        var (busy, full) = (await UsedAsync(Busy), await UsedAsync(Full));
        await SetAsync(Full, path, Note, new string('x', 9_000));
        Assert.Equal(busy, await UsedAsync(Busy));
        var more = await UsedAsync(Full);
        Assert.InRange(more.Used - full.Used, 9_000, 9_100);
        Assert.Equal(full.Available - (more.Used - full.Used), more.Available);
        await SetAsync(Busy, path, Other, new string('x', 5_000));
        Assert.InRange((await UsedAsync(Busy)).Used - busy.Used, 5_000, 5_100);
    }

    [Fact]
    public async Task Used_bytes_do_not_tell_how_long_what_is_hidden_is()
    {
        async Task<(long, long)> AfterAsync(string name, int length)
        {
            var before = await UsedAsync(Busy);
            await Full.PutAsync(Full.Calendar("own") + name, Events.Event(name, new string('x', length)));
            var after = await UsedAsync(Busy);
            await Full.PutAsync(Full.Calendar("own") + name, Events.Event(name, new string('y', 3 * length)));
            Assert.Equal(after, await UsedAsync(Busy));
            return (after.Used - before.Used, after.Available - before.Available);
        }

        Assert.Equal(await AfterAsync("a.ics", 10), await AfterAsync("b.ics", 5_000));
    }

    private static async Task<(long Used, long Available)> UsedAsync(DavClient client)
    {
        var answer = await client.PropFindAsync(client.Home, "0", D + "quota-used-bytes", D + "quota-available-bytes");
        return (long.Parse(answer.Property(D + "quota-used-bytes")!.Value, CultureInfo.InvariantCulture), long.Parse(answer.Property(D + "quota-available-bytes")!.Value, CultureInfo.InvariantCulture));
    }

    private static Task<DavAnswer> SetAsync(DavClient client, string path, XName name, string value) => client.SendAsync("PROPPATCH", path, Set(new XElement(name, value)));

    // what is told of a resource, but for what says that something happened
    private static async Task<string> SeenAsync(DavClient client, string path)
    {
        var all = await client.SendAsync("PROPFIND", path, new XElement(D + "propfind", new XElement(D + "allprop")).ToString(), ("Depth", "0"));
        var names = await client.SendAsync("PROPFIND", path, new XElement(D + "propfind", new XElement(D + "propname")).ToString(), ("Depth", "0"));
        var settable = await client.PropFindAsync(path, "0", C + "calendar-description", C + "calendar-timezone", D + "quota-used-bytes", D + "quota-available-bytes", Note, Other);
        return all.Text + names.Text + settable.Text;
    }

    private async Task<string> PathOfAsync(string resource)
    {
        if (resource == "principal") return Full.Principal;
        if (resource == "appointment") return Appointment;
        if (resource == "own/a.ics") Assert.Equal(201, (await Busy.PutAsync(Full.Home + resource, Events.Event("a"))).Status);
        return Full.Home + resource;
    }
}
