using System.IO.Compression;
using System.Text;
using CalDavServer.Feeds;
using CalDavServer.Tests.Hosting;
using Calendaring.ICalendar;
using Calendaring.Recurrence;
using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using Practice.Feeds;
using Practice.Hx;
using Xunit;

namespace CalDavServer.Tests.Feeds;

/// <summary><c>/feeds/{secret}.ics</c> over a real socket (R12).</summary>
public sealed class FeedTests : IAsyncLifetime
{
    private readonly SteppingClock _clock = new(Instant.FromUtc(2026, 3, 2, 9, 0));
    private TestServer _server = null!;
    private Person _maya = null!;
    private DavClient _device = null!;
    private DavClient _app = null!;
    private Diary _diary = null!;
    private string _path = "";

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(_clock);
        var directory = new Practice.Groups.PracticeDirectory(_server.Store, _clock);
        var practice = await directory.CreatePracticeAsync("River & Bend, Melbourne", "Australia/Melbourne");
        var principal = await directory.CreatePersonAsync("maya", "Maya Lindqvist", null, PrincipalRole.Practitioner, practice.Id, "maya");
        _maya = await _server.AddPasswordAsync(principal);
        _device = _server.Client(_maya);
        _app = _server.Anonymous();
        _diary = new Diary(_server.Store, _clock, "maya", new AuditActor("reception", ActorVia.Web, null, "session"));
        _path = await OpenAsync(PrivacyLevel.Initials);
        _clock.Now += Duration.FromMinutes(1);
    }

    public async ValueTask DisposeAsync()
    {
        _device.Dispose();
        _app.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task R12_The_whole_feed_is_one_calendar_with_a_name_and_how_often_to_look_again()
    {
        await BookAsync(9);
        var feed = await _app.GetAsync(_path);
        Assert.Equal((200, "text/calendar; charset=utf-8"), (feed.Status, feed.Header("Content-Type")!));
        Assert.Equal("attachment; filename=\"calendar.ics\"", feed.Header("Content-Disposition")!);
        Assert.Equal("private, no-cache", feed.Header("Cache-Control")!.Replace("no-cache, private", "private, no-cache", StringComparison.Ordinal));
        Assert.Equal("no-referrer", feed.Header("Referrer-Policy")!);
        var calendar = Parse(feed.Bytes);
        Assert.Equal("HX_River & Bend, Melbourne", calendar.Find("NAME")!.Text);
        Assert.Equal("HX_River & Bend, Melbourne", calendar.Find("X-WR-CALNAME")!.Text);
        Assert.Equal("DURATION", calendar.Find("REFRESH-INTERVAL")!.Parameter("VALUE"));
        Assert.Equal("PT15M", calendar.Find("REFRESH-INTERVAL")!.RawValue);
        Assert.Equal("PT15M", calendar.Find("X-PUBLISHED-TTL")!.RawValue);
        Assert.Equal("Massage · WQ", Assert.Single(Events(calendar)).Find("SUMMARY")!.Text);
    }

    [Fact]
    public async Task R12_An_empty_diary_is_an_empty_calendar() => Assert.Empty(Parse((await _app.GetAsync(_path)).Bytes).Components);

    [Fact]
    public async Task R12_Everything_that_is_not_cancelled_is_in_it_from_before_the_link_or_not()
    {
        await _server.Store.ApplyAsync(StoreBatch.Of(new HxAccess(HxState.NotStarted).Put("maya")), TestContext.Current.CancellationToken);
        var before = await BookAsync(8);
        var cancelled = await BookAsync(9);
        var missed = await BookAsync(10);
        var series = await BookAsync(11, new RecurrenceRule(Frequency.Weekly) { Count = 4 });
        await _diary.CancelAsync(new AppointmentTarget(cancelled), CancelChoice.Cancel);
        await _diary.CancelAsync(new AppointmentTarget(missed), CancelChoice.NonAttendance);
        await _diary.CancelAsync(new AppointmentTarget(series, new LocalDateTime(2026, 6, 8, 11, 0)), CancelChoice.Cancel, SeriesScope.ThisOne);
        var personal = await _diary.AddPersonalAsync(new PersonalEntry("Dentist", new LocalDateTime(2026, 6, 2, 9, 0), Duration.FromHours(1)));
        var calendar = Parse((await _app.GetAsync(_path)).Bytes);
        Assert.Equal(new[] { before, missed, series, personal }.Order(), Events(calendar).Select(UidOf).Order());
        Assert.Contains("20260608T110000", Events(calendar).Single(component => UidOf(component) == series).Find("EXDATE")!.RawValue, StringComparison.Ordinal);
    }

    [Fact]
    public async Task R12_Each_time_zone_is_defined_once_and_two_that_share_a_name_keep_apart()
    {
        await BookAsync(9);
        await BookAsync(10, day: 400);
        await PutAsync("a", Zone("Australia/Melbourne", "+0100"), "DTSTART;TZID=Australia/Melbourne:20260601T100000");
        await PutAsync("b", Zone("Ours", "+0500"), "DTSTART;TZID=Ours:20260601T100000\r\nDTEND;TZID=Ours:20260601T110000");
        await PutAsync("c", Zone("Ours", "+0600"), "DTSTART;TZID=Ours:20260601T100000\r\nDTEND;TZID=Ours:20260601T110000");
        await PutAsync("d", Zone("Ours", "+0500"), "DTSTART;TZID=Ours:20260602T100000");
        var calendar = Parse((await _app.GetAsync(_path)).Bytes);
        var zones = calendar.Components.Where(component => component.Name == "VTIMEZONE").ToList();
        // the feed is below the level that wrote them: what somebody calls a zone is not shown
        Assert.Equal(["Australia/Melbourne", "Zone-1", "Zone-1 2"], zones.Select(component => component.Find("TZID")!.Text).Order());
        Assert.All(Events(calendar).SelectMany(component => component.Properties).Select(line => line.Parameter("TZID")).OfType<string>(), id =>
            Assert.Contains(zones, component => component.Find("TZID")!.Text == id));
        var c = Events(calendar).Single(component => UidOf(component) == "c");
        Assert.Equal("Zone-1 2", c.Find("DTSTART")!.Parameter("TZID"));
        Assert.Equal("Zone-1 2", c.Find("DTEND")!.Parameter("TZID"));
        Assert.Equal("+0600", OffsetOf(zones.Single(component => component.Find("TZID")!.Text == "Zone-1 2")));
        Assert.Equal("Zone-1", Events(calendar).Single(component => UidOf(component) == "d").Find("DTSTART")!.Parameter("TZID"));
    }

    [Fact]
    public async Task R12_What_has_not_changed_is_answered_304_and_any_change_is_another_ETag()
    {
        var id = await BookAsync(9);
        _clock.Now += Duration.FromMinutes(1);
        var first = await _app.GetAsync(_path);
        var (etag, modified) = (first.Header("ETag")!, first.Header("Last-Modified")!);
        Assert.Matches("^\"[^\"]+\"$", etag);
        Assert.Equal("Mon, 02 Mar 2026 09:01:00 GMT", modified);
        var same = await _app.GetAsync(_path, ("If-None-Match", etag));
        Assert.Equal((304, 0, etag), (same.Status, same.Bytes.Length, same.Header("ETag")!));
        Assert.Equal(304, (await _app.GetAsync(_path, ("If-Modified-Since", modified))).Status);
        Assert.Equal(200, (await _app.GetAsync(_path, ("If-None-Match", "\"other\""), ("If-Modified-Since", modified))).Status);

        await _diary.CancelAsync(new AppointmentTarget(id), CancelChoice.Delete);
        var now = await _app.GetAsync(_path, ("If-None-Match", etag), ("If-Modified-Since", modified));
        Assert.Equal(200, now.Status);
        Assert.NotEqual(etag, now.Header("ETag")!);
        Assert.False(now.Headers.ContainsKey("Last-Modified"), "what was changed in this second may change in it again");
        _clock.Now += Duration.FromMinutes(1);
        Assert.Equal("Mon, 02 Mar 2026 09:02:00 GMT", (await _app.GetAsync(_path, ("If-Modified-Since", modified))).Header("Last-Modified")!);
        Assert.Equal(200, (await _app.GetAsync(_path, ("If-Modified-Since", modified))).Status);

        var book = new FeedBook(_server.Store, _clock);
        Assert.True(await book.SetLevelAsync(_maya.Principal, PrivacyLevel.Busy, AuditActor.Server));
        Assert.NotEqual(now.Header("ETag")!, (await _app.GetAsync(_path)).Header("ETag")!);
    }

    [Fact]
    public async Task R12_The_feed_is_compressed_for_who_takes_that_under_an_ETag_of_its_own()
    {
        for (var hour = 0; hour < 20; hour++) await BookAsync(hour);
        var plain = await _app.GetAsync(_path);
        var packed = await _app.GetAsync(_path, ("Accept-Encoding", "br;q=1, gzip;q=0.5"));
        Assert.Equal("gzip", packed.Header("Content-Encoding")!);
        Assert.Equal("Accept-Encoding", packed.Header("Vary")!);
        Assert.Equal("Accept-Encoding", plain.Header("Vary")!);
        Assert.NotEqual(plain.Header("ETag")!, packed.Header("ETag")!);
        Assert.True(packed.Bytes.Length < plain.Bytes.Length / 2);
        await using var unpacking = new GZipStream(new MemoryStream(packed.Bytes), CompressionMode.Decompress);
        using var unpacked = new MemoryStream();
        await unpacking.CopyToAsync(unpacked, TestContext.Current.CancellationToken);
        Assert.Equal(plain.Bytes, unpacked.ToArray());
        Assert.Equal(304, (await _app.GetAsync(_path, ("Accept-Encoding", "gzip"), ("If-None-Match", packed.Header("ETag")!))).Status);
        Assert.Equal(200, (await _app.GetAsync(_path, ("Accept-Encoding", "gzip"), ("If-None-Match", plain.Header("ETag")!))).Status);
        Assert.False((await _app.GetAsync(_path, ("Accept-Encoding", "gzip;q=0, *"))).Headers.ContainsKey("Content-Encoding"));
    }

    [Fact]
    public async Task R12_HEAD_has_the_headers_of_GET_and_nothing_can_be_written()
    {
        await BookAsync(9);
        _clock.Now += Duration.FromMinutes(1);
        var get = await _app.GetAsync(_path);
        var head = await _app.SendAsync("HEAD", _path);
        Assert.Equal((200, 0), (head.Status, head.Bytes.Length));
        foreach (var name in (string[])["ETag", "Last-Modified", "Content-Type", "Cache-Control", "Vary"]) Assert.Equal(get.Header(name)!, head.Header(name)!);
        foreach (var method in (string[])["PUT", "DELETE", "POST", "PROPFIND", "OPTIONS"])
        {
            var refused = await _app.SendAsync(method, _path);
            Assert.Equal((405, "GET, HEAD"), (refused.Status, refused.Header("Allow")!));
        }
    }

    [Fact]
    public async Task R12_One_damaged_appointment_does_not_take_the_feed_down()
    {
        var first = await BookAsync(9);
        var damaged = await BookAsync(10);
        var last = await BookAsync(11);
        await _server.DamageAsync($"{damaged}.ics");
        _server = await _server.RestartAsync();
        var log = _server.KeepLog();
        using (var app = _server.Anonymous())
        {
            var feed = await app.GetAsync(_path);
            Assert.Equal(200, feed.Status);
            Assert.Equal(new[] { first, last }.Order(), Events(Parse(feed.Bytes)).Select(UidOf).Order());
        }

        var line = Assert.Single(log, text => text.Contains("damaged", StringComparison.Ordinal));
        Assert.DoesNotContain(damaged, line, StringComparison.Ordinal);
        Assert.DoesNotContain(_path, string.Join('\n', log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task R12_Wrong_addresses_are_slowed_down_as_failed_logins_are_and_the_right_one_never_waits()
    {
        var statuses = new List<int>();
        for (var n = 0; n < 30; n++) statuses.Add((await _app.GetAsync($"/feeds/{FeedSecret.Generate()}.ics")).Status);
        Assert.Equal(404, statuses[0]);
        Assert.Equal(429, statuses[^1]);
        Assert.True((await _app.GetAsync("/feeds/x.ics")).Headers.ContainsKey("Retry-After"));
        Assert.Equal(200, (await _app.GetAsync(_path)).Status);
        _clock.Now += Duration.FromHours(1);
        foreach (var path in (string[])["/feeds", "/feeds/", "/feeds/../feeds/x", _path + "/", _path.Replace(".ics", "", StringComparison.Ordinal), _path.ToUpperInvariant()])
            Assert.Equal(404, (await _app.GetAsync(path)).Status);
    }

    [Fact]
    public async Task R12_The_feed_of_a_practitioner_whose_access_was_taken_away_is_closed_until_they_have_it_back()
    {
        await ApplyAsync(new SetDeactivated("maya", _clock.Now));
        Assert.Equal(404, (await _app.GetAsync(_path)).Status);
        await ApplyAsync(new SetDeactivated("maya", null));
        Assert.Equal(200, (await _app.GetAsync(_path)).Status);
    }

    [Fact]
    public async Task R12_A_large_diary_is_sent_whole()
    {
        var bytes = Encoding.UTF8.GetBytes("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\nBEGIN:VEVENT\r\nUID:UIDUID\r\nDTSTAMP:20260301T000000Z\r\nDTSTART:20260601T100000Z\r\nSUMMARY:Meeting\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
        using var snapshot = await _server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var hx = (await snapshot.FindCollectionAsync("maya", HxCalendar.CollectionName))!;
        var puts = Enumerable.Range(0, 5_000).Select(n =>
        {
            var own = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes).Replace("UIDUID", $"uid-{n}", StringComparison.Ordinal));
            return (StoreOperation)new PutObject(hx.Id, $"{n}.ics", own, ObjectIndexer.Index(CalendarObject.Parse(own)));
        });
        Assert.True((await _server.Store.ApplyAsync(new StoreBatch([.. puts]), TestContext.Current.CancellationToken)).Succeeded);
        Assert.Equal(5_000, Events(Parse((await _app.GetAsync(_path)).Bytes)).Select(UidOf).Distinct().Count());
    }

    private async Task ApplyAsync(params StoreOperation[] operations) =>
        Assert.True((await _server.Store.ApplyAsync(new StoreBatch(operations), TestContext.Current.CancellationToken)).Succeeded);

    private async Task<string> OpenAsync(PrivacyLevel level)
    {
        var secret = FeedSecret.Generate();
        Assert.True(await new FeedBook(_server.Store, _clock).SetAddressAsync(_maya.Principal, null, FeedSecret.Hash(secret), "not shown", level, AuditActor.Server));
        return $"/feeds/{secret}.ics";
    }

    private Task<string> BookAsync(int hour, RecurrenceRule? repeat = null, int day = 0) => _diary.BookAsync(
        new Booking([new Patient("P-1", "Wilhelmina", "Quartz")], "Massage", new LocalDateTime(2026, 6, 1, hour, 0).PlusDays(day), Duration.FromMinutes(30)) { Repeat = repeat });

    private async Task PutAsync(string uid, string zone, string times)
    {
        var text = $"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\n{zone}BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260301T000000Z\r\n{times}\r\nSUMMARY:{uid}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        Assert.Equal(201, (await _device.PutAsync($"{_device.Calendar("hx")}{uid}.ics", text)).Status);
    }

    private static string Zone(string id, string offset) =>
        $"BEGIN:VTIMEZONE\r\nTZID:{id}\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:{offset}\r\nTZOFFSETTO:{offset}\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n";

    private static Component Parse(byte[] bytes)
    {
        Assert.True(CalendarObject.TryParse(bytes, out var parsed, out var error, new ICalendarLimits(50_000_000, 1_000_000, 8, 524_288, 100)), error?.Reason);
        return parsed.Calendar;
    }

    private static IEnumerable<Component> Events(Component calendar) => calendar.Components.Where(component => component.Name == "VEVENT");

    private static string UidOf(Component component) => component.Find("UID")!.Text;

    private static string OffsetOf(Component zone) => zone.Components[0].Find("TZOFFSETTO")!.RawValue;

    private sealed class SteppingClock(Instant now) : IClock
    {
        public Instant Now { get; set; } = now;

        public Instant GetCurrentInstant() => Now;
    }
}
