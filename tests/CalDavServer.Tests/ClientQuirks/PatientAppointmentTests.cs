using System.Globalization;
using CalDavServer.Tests.Hosting;
using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using Practice.Groups;
using Xunit;
using static CalDavServer.Tests.Hosting.Xml;

namespace CalDavServer.Tests.ClientQuirks;

/// <summary>A patient appointment on a device that is shown initials only: an ETag, a length and every byte belong to what is shown.</summary>
public sealed class PatientAppointmentTests : IAsyncLifetime
{
    private TestServer _server = null!;
    private Principal _practitioner = null!;
    private DavClient _full = null!;
    private DavClient _initials = null!;
    private Diary _diary = null!;
    private string _path = "";

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        var directory = new PracticeDirectory(_server.Store, _server.Clock);
        var practice = await directory.CreatePracticeAsync("Harbour Physio", "Australia/Sydney");
        _practitioner = await directory.CreatePersonAsync("dana@example.com", "Dana", "dana@example.com", PrincipalRole.Practitioner, practice.Id);
        _full = _server.Client(await _server.AddPasswordAsync(_practitioner));
        _initials = _server.Client(await _server.AddPasswordAsync(_practitioner, level: PrivacyLevel.Initials));
        _diary = new Diary(_server.Store, _server.Clock, _practitioner.Id, new AuditActor("reception", ActorVia.Web, null, "session"));
        await _diary.BookAsync(new Booking([new Patient("P-1", "Wilhelmina", "Quartz")], "Massage", new LocalDateTime(2026, 6, 1, 9, 0), Duration.FromMinutes(30)));
        _path = (await _full.PropFindAsync(_full.Calendar("hx"), "1", D + "getetag")).Hrefs.Single(href => !href.EndsWith('/'));
    }

    public async ValueTask DisposeAsync()
    {
        _full.Dispose();
        _initials.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Length_ETag_and_bytes_are_those_of_what_is_shown()
    {
        foreach (var client in new[] { _full, _initials })
        {
            var got = await client.GetAsync(_path);
            var found = await client.PropFindAsync(_path, "0", D + "getcontentlength", D + "getetag");
            Assert.Equal(got.Bytes.Length.ToString(CultureInfo.InvariantCulture), found.Property(D + "getcontentlength")!.Value);
            Assert.Equal(got.Header("ETag"), found.Property(D + "getetag")!.Value);
            Assert.Equal(304, (await client.GetAsync(_path, ("If-None-Match", got.Header("ETag")!))).Status);
        }

        Assert.NotEqual((await _full.GetAsync(_path)).Header("ETag"), (await _initials.GetAsync(_path)).Header("ETag"));
        Assert.DoesNotContain("Wilhelmina", (await _initials.GetAsync(_path)).Text, StringComparison.Ordinal);
        Assert.Contains("Quartz", (await _full.GetAsync(_path)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_edit_of_what_the_patient_is_called_is_not_taken_and_gives_no_ETag()
    {
        var shown = await _initials.GetAsync(_path);
        var edited = shown.Text.Replace("SUMMARY:", "SUMMARY:Edited ", StringComparison.Ordinal);
        var put = await _initials.PutAsync(_path, edited, ("If-Match", shown.Header("ETag")!));
        Assert.Equal(204, put.Status);
        Assert.Null(put.Header("ETag"));
        Assert.DoesNotContain("Edited", (await _initials.GetAsync(_path)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_edit_with_return_representation_reads_back_what_is_shown()
    {
        var shown = await _initials.GetAsync(_path);
        var edited = shown.Text.Replace("SUMMARY:", "SUMMARY:Edited ", StringComparison.Ordinal);
        var put = await _initials.PutAsync(_path, edited, ("Prefer", "return=representation"));
        Assert.Equal(200, put.Status);
        var read = await _initials.GetAsync(_path);
        Assert.Equal(read.Text, put.Text);
        Assert.Equal(read.Header("ETag"), put.Header("ETag"));
    }

    [Fact]
    public async Task A_copy_into_an_ordinary_calendar_is_what_is_shown()
    {
        Assert.Equal(201, (await _initials.SendAsync("MKCALENDAR", _initials.Calendar("mine"))).Status);
        Assert.Equal(201, (await _initials.SendAsync("COPY", _path, null, ("Destination", _initials.Calendar("mine") + "c.ics"))).Status);
        Assert.Equal((await _initials.GetAsync(_path)).Text, (await _full.GetAsync(_full.Calendar("mine") + "c.ics")).Text);
    }

    [Fact]
    public async Task A_removal_cancels_and_the_appointment_is_gone_for_clients()
    {
        Assert.Equal(204, (await _initials.DeleteAsync(_path)).Status);
        Assert.Equal(404, (await _full.GetAsync(_path)).Status);
        var listed = await _diary.ListAsync(Instant.FromUtc(2026, 5, 1, 0, 0), Instant.FromUtc(2026, 7, 1, 0, 0));
        Assert.Equal(AppointmentStatus.Cancelled, Assert.Single(listed).Status);
    }
}
