using System.Text;
using CalDavServer.Tests.Hosting;
using Xunit;
using static CalDavServer.Tests.Hosting.Xml;

namespace CalDavServer.Tests.Rfc4791;

/// <summary>PUT of calendar objects (RFC 4791 §5.3.2).</summary>
public sealed class PutTests : ServerTest
{
    private string Path => Client.Calendar("home") + "a.ics";

    [Fact]
    public async Task An_object_is_served_byte_for_byte_as_it_was_sent()
    {
        var sent = Events.Event("a", "Zoë — 会議\\, x", "X-ODD;P=\"q\":  v  ").Replace("\r\n", "\n", StringComparison.Ordinal);
        var put = await Client.PutAsync(Path, sent);
        Assert.Equal(201, put.Status);
        var got = await Client.GetAsync(Path);
        Assert.Equal(Encoding.UTF8.GetBytes(sent), got.Bytes);
        Assert.Equal(put.Header("ETag"), got.Header("ETag"));
        Assert.Equal("text/calendar; charset=utf-8; component=vevent", got.Header("Content-Type"));
        Assert.Equal(204, (await Client.PutAsync(Path, Events.Event("a"))).Status);
    }

    [Theory]
    [InlineData("valid-calendar-data", "not a calendar")]
    [InlineData("valid-calendar-data", "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:a\r\nEND:VCALENDAR\r\n")]
    [InlineData("valid-calendar-object-resource", "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260101T000000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")]
    public async Task What_is_no_calendar_object_is_refused(string condition, string body)
    {
        var answer = await Client.PutAsync(Path, body);
        Assert.Equal(403, answer.Status);
        Assert.True(answer.HasCondition(C + condition), answer.Text);
        Assert.Equal(404, (await Client.GetAsync(Path)).Status);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("text/calendar; charset=iso-8859-1")]
    [InlineData("application/json")]
    public async Task Another_media_type_is_refused_with_supported_calendar_data(string type)
    {
        var answer = await Client.PutAsync(Path, Events.Event("a"), ("Content-Type", type));
        Assert.Equal(403, answer.Status);
        Assert.True(answer.HasCondition(C + "supported-calendar-data"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("text/calendar")]
    [InlineData("text/calendar; charset=\"UTF-8\"; component=VEVENT")]
    public async Task The_media_type_may_be_left_out_or_say_more(string type) =>
        Assert.Equal(201, (await Client.PutAsync(Path, Events.Event("a"), ("Content-Type", type))).Status);

    [Fact]
    public async Task A_calendar_takes_only_its_components()
    {
        Assert.True((await Client.PutAsync(Client.Calendar("tasks") + "a.ics", Events.Event("a"))).HasCondition(C + "supported-calendar-component"));
        Assert.Equal(201, (await Client.PutAsync(Client.Calendar("tasks") + "a.ics", Events.Task("a"))).Status);
    }

    [Fact]
    public async Task A_UID_is_in_a_calendar_once()
    {
        await Client.PutAsync(Path, Events.Event("a"));
        var answer = await Client.PutAsync(Client.Calendar("home") + "b.ics", Events.Event("a"));
        Assert.Equal(403, answer.Status);
        Assert.True(answer.HasCondition(C + "no-uid-conflict"));
        Assert.Equal(Path, answer.Root.Descendants(D + "href").Single().Value);
        await Client.SendAsync("MKCALENDAR", Client.Calendar("other"));
        Assert.Equal(201, (await Client.PutAsync(Client.Calendar("other") + "b.ics", Events.Event("a"))).Status);
    }

    [Fact]
    public async Task An_object_keeps_its_UID()
    {
        await Client.PutAsync(Path, Events.Event("a"));
        Assert.True((await Client.PutAsync(Path, Events.Event("other"))).HasCondition(C + "no-uid-conflict"));
    }

    [Fact]
    public async Task An_object_that_is_too_large_is_refused_with_max_resource_size()
    {
        var large = Events.Event("a", "x", "DESCRIPTION:" + new string('x', 1_100_000));
        Assert.True((await Client.PutAsync(Path, large)).HasCondition(C + "max-resource-size"));
        var limit = (await Client.PropFindAsync(Client.Calendar("home"), "0", C + "max-resource-size")).Property(C + "max-resource-size")!.Value;
        Assert.Equal("1048576", limit);
    }

    [Fact]
    public async Task Too_many_attendees_are_refused_with_their_precondition()
    {
        var attendees = Enumerable.Range(0, 501).Select(n => $"ATTENDEE:mailto:a{n}@example.com").ToArray();
        var answer = await Client.PutAsync(Path, Events.Event("a", "x", [.. attendees, "ORGANIZER:mailto:o@example.com"]));
        Assert.True(answer.HasCondition(C + "max-attendees-per-instance"), answer.Text);
        var limit = (await Client.PropFindAsync(Client.Calendar("home"), "0", C + "max-attendees-per-instance")).Property(C + "max-attendees-per-instance")!.Value;
        Assert.Equal("500", limit);
    }

    [Theory]
    [InlineData("DTSTART:00010101T000000Z", "min-date-time")]
    [InlineData("DTSTART:99981231T000000Z", "max-date-time")]
    public async Task Times_beyond_the_advertised_ones_are_refused(string start, string condition)
    {
        var answer = await Client.PutAsync(Path, Events.Component("VEVENT", "a", start));
        Assert.True(answer.HasCondition(C + condition), answer.Text);
        Assert.Equal(200, (await Client.PropFindAsync(Client.Calendar("home"), "0", C + condition)).PropertyStatus(C + condition));
    }

    [Fact]
    public async Task Outside_of_a_calendar_no_object_is_stored()
    {
        Assert.Equal(409, (await Client.PutAsync(Client.Home + "a.ics", Events.Event("a"))).Status);
        Assert.Equal(409, (await Client.PutAsync(Client.Calendar("none") + "a.ics", Events.Event("a"))).Status);
        Assert.Equal(403, (await Client.PutAsync(Client.Calendar("inbox") + "a.ics", Events.Event("a"))).Status);
        Assert.Equal(405, (await Client.PutAsync(Client.Calendar("home"), Events.Event("a"))).Status);
    }

    [Theory]
    [InlineData("a b@x+é.ics", "a%20b@x+%C3%A9.ics")]
    [InlineData("50%.ics", "50%25.ics")]
    [InlineData("a;b,c(d)!'*.ics", "a;b,c(d)!'*.ics")]
    public async Task A_name_is_the_one_that_the_client_gave(string name, string encoded)
    {
        var path = Client.Calendar("home") + Uri.EscapeDataString(name);
        Assert.Equal(201, (await Client.PutAsync(path, Events.Event("a"))).Status);
        Assert.Contains(Client.Calendar("home") + encoded, (await Client.PropFindAsync(Client.Calendar("home"), "1", D + "getetag")).Hrefs);
        Assert.Equal(200, (await Client.GetAsync(Client.Calendar("home") + encoded)).Status);
    }

    [Fact]
    public async Task Prefer_return_representation_spares_the_second_request()
    {
        var answer = await Client.PutAsync(Path, Events.Event("a"), ("Prefer", "return=representation"));
        Assert.Equal(201, answer.Status);
        Assert.Equal(Events.Event("a"), answer.Text);
        Assert.Equal("return=representation", answer.Header("Preference-Applied"));
        Assert.NotNull(answer.Header("ETag"));
    }

    [Fact]
    public async Task A_part_is_not_taken_for_the_whole()
    {
        var path = Client.Calendar("home") + "part.ics";
        Assert.Equal(400, (await Client.PutAsync(path, Events.Event("part"), ("Content-Range", "bytes 0-9/100"))).Status);
        Assert.Equal(404, (await Client.GetAsync(path)).Status);
    }
}
