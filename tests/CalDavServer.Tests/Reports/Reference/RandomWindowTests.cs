using System.Xml.Linq;
using CalDavServer.Tests.Hosting;
using NodaTime;
using Xunit;

namespace CalDavServer.Tests.Reports.Reference;

/// <summary>Random calendars in random windows: what the server expands, limits and calls busy is what walking from occurrence to occurrence finds.</summary>
public sealed class RandomWindowTests : RandomCalendarTest
{
    private const int Windows = 12;

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Random_windows_are_expanded_limited_and_busy_as_a_plain_walk_finds(int seed)
    {
        var random = new Random(seed);
        var (expanded, left, busy) = (0, 0, 0);
        for (var round = 0; round < Rounds; round++)
        {
            var calendars = (await FillAsync($"w{round}", random)).ToDictionary(pair => pair.Key, pair => PlainComponent.Parse(pair.Value));
            var zone = round % 2 == 0 ? DateTimeZone.Utc : DateTimeZoneProviders.Tzdb["America/Los_Angeles"];
            if (round % 2 == 1) await Client.SendAsync("PROPPATCH", Client.Calendar($"w{round}"), Xml.Set(new XElement(Xml.C + "calendar-timezone-id", zone.Id)));
            var filters = new RandomFilters(random, Moments(calendars.Values));
            for (var i = 0; i < Windows; i++)
            {
                var range = filters.Range("VEVENT", closed: true);
                var window = PlainFilter.Range.Of(range);
                foreach (var (name, data) in await DataAsync(range, "expand", round, calendars.Keys))
                {
                    var expected = Described(calendars[name], zone, window);
                    var actual = Described(data, zone, null);
                    Assert.True(expected.SequenceEqual(actual), $"seed {seed} {zone.Id} {range}\nexpected {string.Join("; ", expected)}\nactual {string.Join("; ", actual)}\n{Write(calendars[name])}");
                    Assert.DoesNotContain(data.Components, component => component.Name == "VTIMEZONE" || component.Lines.Any(line => line.Name is "RRULE" or "RDATE" or "EXDATE" || line.Parameter("TZID") is not null));
                    expanded += actual.Count;
                }

                foreach (var (name, data) in await DataAsync(range, "limit-recurrence-set", round, calendars.Keys))
                {
                    var expected = Limited(calendars[name], zone, window);
                    var actual = data.Components.Select(component => component["RECURRENCE-ID"]?.Value).OfType<string>().ToList();
                    Assert.True(expected.SequenceEqual(actual), $"seed {seed} {zone.Id} {range}\nexpected {string.Join("; ", expected)}\nactual {string.Join("; ", actual)}\n{Write(calendars[name])}");
                    left += actual.Count;
                }

                var answer = await ReportAsync($"<C:free-busy-query {CalDav}>{range}</C:free-busy-query>", Client.Calendar($"w{round}"));
                var told = answer.Text.Split("\r\n").Where(line => line.StartsWith("FREEBUSY", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
                var known = PlainBusyTimes.Of(calendars.Values, zone, window).Order(StringComparer.Ordinal).ToList();
                Assert.True(known.SequenceEqual(told), $"seed {seed} {zone.Id} {range}\nexpected {string.Join("; ", known)}\nactual {string.Join("; ", told)}");
                busy += told.Count;
            }
        }

        Assert.True(seed != Known || (expanded > Rounds * 20 && left > Rounds && busy > Rounds * Windows / 2), $"{expanded} expanded, {left} overrides left, {busy} busy times");
    }

    private async Task<List<(string Name, PlainComponent Data)>> DataAsync(XElement range, string element, int round, IEnumerable<string> names)
    {
        var hrefs = string.Concat(names.Select(name => $"<D:href>{Client.Calendar($"w{round}")}{name}.ics</D:href>"));
        var limits = $"<C:{element} start=\"{range.Attribute("start")!.Value}\" end=\"{range.Attribute("end")!.Value}\"/>";
        var answer = await ReportAsync($"<C:calendar-multiget {CalDav}><D:prop><C:calendar-data>{limits}</C:calendar-data></D:prop>{hrefs}</C:calendar-multiget>", Client.Calendar($"w{round}"));
        return [.. answer.Hrefs.Select(href => (Path.GetFileNameWithoutExtension(href), PlainComponent.Parse(answer.Property(Xml.C + "calendar-data", href)!.Value.Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal))))];
    }

    // each occurrence in the window, or all of them, by its times: those that have no zone of their own as they are written
    private static List<string> Described(PlainComponent calendar, DateTimeZone zone, PlainFilter.Range? window)
    {
        var filter = new PlainFilter(calendar, zone);
        var all = new PlainFilter.Range(Instant.MinValue, Instant.MaxValue);
        return calendar.Components.Where(component => component.Name is "VEVENT" or "VTODO" or "VJOURNAL")
            .SelectMany(component => filter.Occurrences(component, window ?? all).Where(occurrence => window is null || filter.Overlaps(occurrence, window)))
            .Select(occurrence => $"{occurrence.Start?.Instant}/{occurrence.End} of {occurrence.RecurrenceId?.Instant}")
            .Order(StringComparer.Ordinal).ToList();
    }

    // the overrides that are in the window, or whose occurrence was there before
    private static List<string> Limited(PlainComponent calendar, DateTimeZone zone, PlainFilter.Range window)
    {
        var filter = new PlainFilter(calendar, zone);
        var before = new PlainComponent("VCALENDAR");
        before.Components.AddRange(calendar.Components.Where(component => component["RECURRENCE-ID"] is null));
        var originals = before.Components.Where(component => component.Name is "VEVENT" or "VTODO" or "VJOURNAL")
            .SelectMany(component => new PlainFilter(before, zone).Occurrences(component, window).Where(occurrence => filter.Overlaps(occurrence, window))).Select(occurrence => occurrence.RecurrenceId?.Instant).ToHashSet();
        return calendar.Components.Where(component => component["RECURRENCE-ID"] is not null)
            .Where(component => filter.Occurrences(component, window).Any(occurrence => filter.Overlaps(occurrence, window) || originals.Contains(occurrence.RecurrenceId!.Instant)
                || window.Contains(occurrence.RecurrenceId.Instant)) || (PlainOccurrences.IsForAllThatFollow(component) && PlainTime.Of(component["RECURRENCE-ID"], zone)!.Instant < window.End))
            .Select(component => component["RECURRENCE-ID"]!.Value).ToList();
    }

    private static string Write(PlainComponent component) =>
        $"BEGIN:{component.Name}\n{string.Concat(component.Lines.Select(line => $"{line.Name}{string.Concat(line.Parameters.Select(parameter => $";{parameter.Name}={parameter.Value}"))}:{line.Value}\n"))}{string.Concat(component.Components.Select(Write))}END:{component.Name}\n";
}
