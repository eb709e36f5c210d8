using System.Xml.Linq;
using CalDavServer.Tests.Hosting;
using NodaTime;
using Xunit;

namespace CalDavServer.Tests.Reports.Reference;

/// <summary>
/// Random calendars asked by random filters: the server must find what <see cref="PlainFilter"/> finds, which knows no index. <c>FILTER_SEED</c> and <c>FILTER_ROUNDS</c> run it with a seed
/// of one's own, and for longer.
/// </summary>
public sealed class RandomFilterTests : RandomCalendarTest
{
    private const int Filters = 150;

    private static readonly (string Xml, string? Zone)[] Zones =
        [("", null), ("<C:timezone-id>America/Los_Angeles</C:timezone-id>", "America/Los_Angeles"), ("<C:timezone-id>Australia/Sydney</C:timezone-id>", "Australia/Sydney")];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Random_filters_find_what_a_plain_reading_of_the_RFC_finds(int seed)
    {
        var random = new Random(seed);
        var (matches, narrowed) = (0, 0);
        for (var round = 0; round < Rounds; round++)
        {
            var objects = await FillAsync($"round{round}", random);
            var calendars = objects.ToDictionary(pair => pair.Key, pair => PlainComponent.Parse(pair.Value));
            // a calendar has a zone of its own in every other round
            var own = round % 2 == 0 ? DateTimeZone.Utc : DateTimeZoneProviders.Tzdb["Asia/Tokyo"];
            if (round % 2 == 1) await Client.SendAsync("PROPPATCH", Client.Calendar($"round{round}"), Xml.Set(new XElement(Xml.C + "calendar-timezone-id", "Asia/Tokyo")));
            var filters = new RandomFilters(random, Moments(calendars.Values));
            for (var i = 0; i < Filters; i++)
            {
                var filter = filters.Next();
                var (zoneXml, zoneId) = Zones[random.Next(Zones.Length)];
                var zone = zoneId is null ? own : DateTimeZoneProviders.Tzdb[zoneId];
                var answer = await ReportAsync(
                    $"<C:calendar-query {CalDav}><D:prop><D:getetag/></D:prop><C:filter>{filter}</C:filter>{zoneXml}</C:calendar-query>", Client.Calendar($"round{round}"));
                var found = NamesOf(answer).Split(' ', StringSplitOptions.RemoveEmptyEntries);
                var expected = calendars.Where(pair => new PlainFilter(pair.Value, zone).Matches(filter)).Select(pair => pair.Key).Order(StringComparer.Ordinal).ToList();
                matches += expected.Count;
                narrowed += expected.Count is > 0 and < Objects ? 1 : 0;
                if (expected.SequenceEqual(found)) continue;
                var differing = expected.Except(found).Concat(found.Except(expected)).Order(StringComparer.Ordinal).First();
                Assert.Fail($"seed {seed}, zone {zone.Id}\n{filter}\n{(expected.Contains(differing) ? "lost" : "found too much")}: {objects[differing]}");
            }
        }

        // a check that never finds anything, or always everything, would check nothing
        Assert.True(seed != Known || (matches > Rounds * Filters && narrowed > Rounds * Filters / 4), $"{matches} matches, {narrowed} filters that chose");
    }
}
