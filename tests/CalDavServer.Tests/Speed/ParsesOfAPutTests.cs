using System.Diagnostics.Metrics;
using CalDavServer.Tests.Hosting;
using Calendaring.ICalendar;
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
    public async Task A_refused_event_is_parsed_once()
    {
        var path = Client.Calendar("hx") + "a.ics";
        await Client.PutAsync(path, Events.Event("a"));
        var (parses, _) = await CountAsync(async () => Assert.Equal(403, (await Client.PutAsync(path, Events.Event("b"))).Status));
        Assert.Equal(1, parses);
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
