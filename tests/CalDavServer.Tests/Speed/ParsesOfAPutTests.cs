using System.Diagnostics.Metrics;
using System.Text;
using CalDavServer.Tests.Hosting;
using Calendaring.ICalendar;
using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using Practice.Groups;
using Practice.Hx;
using Xunit;

namespace CalDavServer.Tests.Speed;

/// <summary>What a PUT has parsed and indexed once is not parsed or indexed again: by the whole server, up to the commit.</summary>
[Collection(Alone.Name)]
public sealed class ParsesOfAPutTests : ServerTest
{
    [Theory]
    [InlineData("hx")]
    [InlineData("home")]
    public async Task A_new_event_is_parsed_once_and_indexed_once(string calendar)
    {
        var (parses, indexings) = await CountAsync(async () => Assert.Equal(201, (await Client.PutAsync(Client.Calendar(calendar) + "a.ics", Events.Event("a"))).Status));
        Assert.Equal((1, 1), (parses, indexings));
    }

    [Fact]
    public async Task A_changed_event_of_the_practice_is_parsed_once_beside_what_is_stored_and_indexed_once()
    {
        var path = Client.Calendar("hx") + "a.ics";
        await Client.PutAsync(path, Events.Event("a"));
        var (parses, indexings) = await CountAsync(async () => Assert.Equal(204, (await Client.PutAsync(path, Events.Event("a", "Two"))).Status));
        Assert.Equal((2, 1), (parses, indexings));
    }

    [Fact]
    public async Task A_changed_event_of_an_ordinary_calendar_is_parsed_once_and_indexed_once()
    {
        var path = Client.Calendar("home") + "a.ics";
        await Client.PutAsync(path, Events.Event("a"));
        var (parses, indexings) = await CountAsync(async () => Assert.Equal(204, (await Client.PutAsync(path, Events.Event("a", "Two"))).Status));
        Assert.Equal((1, 1), (parses, indexings));
    }

    [Fact]
    public async Task A_refused_event_is_parsed_once_and_indexed_once()
    {
        var path = Client.Calendar("hx") + "a.ics";
        await Client.PutAsync(path, Events.Event("a"));
        var (parses, indexings) = await CountAsync(async () => Assert.Equal(403, (await Client.PutAsync(path, Events.Event("b"))).Status));
        Assert.Equal((1, 1), (parses, indexings));
    }

    [Fact]
    public async Task A_new_event_that_may_not_be_written_is_parsed_once_and_indexed_once()
    {
        using var reader = Server.Client(await Server.AddPasswordAsync(Alice.Principal, readOnly: true));
        var (parses, indexings) = await CountAsync(async () => Assert.Equal(403, (await reader.PutAsync(reader.Calendar("hx") + "a.ics", Events.Event("a"))).Status));
        Assert.Equal((1, 1), (parses, indexings));
    }

    [Fact]
    public async Task A_new_event_that_is_refused_as_it_is_decided_is_not_indexed_again()
    {
        var bytes = Encoding.UTF8.GetBytes(Events.Event("a"));
        var content = CalendarObject.Parse(bytes);
        var sending = new ExternalSending(bytes, content, "a") { Index = ObjectIndexer.Index(content) };
        await Server.Store.ApplyAsync(StoreBatch.Of(new HxAccess(HxState.Lapsed).Put(Alice.Principal.Id)), TestContext.Current.CancellationToken);
        var changes = new ExternalChanges(Server.Store, Server.Clock, PracticeGroup.MirrorsHalaxyAsync);
        var origin = new ExternalOrigin("link", "Link", PrivacyLevel.FullName);
        var (parses, indexings) = await CountAsync(async () =>
            Assert.IsType<ExternalRefused>(await changes.PutAsync(Alice.Principal.Id, "a.ics", origin, (_, _) => ValueTask.FromResult<ExternalSending?>(sending), cancellationToken: TestContext.Current.CancellationToken)));
        Assert.Equal((0, 0), (parses, indexings));
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        Assert.Equal("a", Assert.Single(Assert.Single(await RefusedChanges.ListAsync(snapshot, Alice.Principal.Id))).Change.AppointmentId);
    }

    /// <summary>Beside what is sent, what is stored is parsed; what it comes to is indexed.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("Edited ")]
    public async Task A_patients_appointment_that_a_device_below_full_names_puts_back_is_parsed_twice_and_indexed_twice(string edit)
    {
        var practice = await new PracticeDirectory(Server.Store, Server.Clock).CreatePracticeAsync("Harbour Physio", "Australia/Sydney");
        var dana = await new PracticeDirectory(Server.Store, Server.Clock).CreatePersonAsync("dana@example.com", "Dana", "dana@example.com", PrincipalRole.Practitioner, practice.Id);
        var diary = new Diary(Server.Store, Server.Clock, dana.Id, new AuditActor("reception", ActorVia.Web, null, "session"));
        var id = await diary.BookAsync(new Booking([new Patient("P-1", "Wilhelmina", "Quartz")], "Massage", new LocalDateTime(2026, 6, 1, 9, 0), Duration.FromMinutes(30)));
        using var phone = Server.Client(await Server.AddPasswordAsync(dana, level: PrivacyLevel.Initials));
        var path = phone.Calendar("hx") + $"{id}.ics";
        var shown = await phone.GetAsync(path);
        Assert.Contains("SUMMARY:", shown.Text, StringComparison.Ordinal);
        var back = shown.Text.Replace("SUMMARY:", "SUMMARY:" + edit, StringComparison.Ordinal);
        var (parses, indexings) = await CountAsync(async () => Assert.Equal(204, (await phone.PutAsync(path, back, ("If-Match", shown.Header("ETag")!))).Status));
        Assert.Equal((2, 2), (parses, indexings));
    }

    private static async Task<(int Parses, int Indexings)> CountAsync(Func<Task> act)
    {
        var (parses, indexings) = (0, 0);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, to) =>
        {
            if (instrument.Meter.Name == ReadingMetrics.MeterName) to.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, _, _) =>
        {
            if (instrument.Name == "calendarsync.objects.parsed") Interlocked.Increment(ref parses);
            else Interlocked.Increment(ref indexings);
        });
        listener.Start();
        await act();
        return (parses, indexings);
    }
}
