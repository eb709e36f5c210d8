using System.Globalization;
using System.Text;
using Calendaring.ICalendar;
using Calendaring.Store;
using Calendaring.Validation;
using NodaTime;
using Xunit;

namespace CalDavServer.Tests.Reports.Reference;

/// <summary>A test on random calendars, from a seed that is always the same and from one that never is. <c>FILTER_SEED</c> and <c>FILTER_ROUNDS</c> say it otherwise.</summary>
public abstract class RandomCalendarTest : ReportTest
{
    private protected const int Objects = 60;

    private static readonly string[] Components = ["VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY"];

    public static TheoryData<int> Seeds => [Known, Random.Shared.Next(1_000_000)];

    /// <summary>The seed of which it is known how much there is to look at: another one may have little, now and then.</summary>
    private protected static int Known => int.Parse(Environment.GetEnvironmentVariable("FILTER_SEED") ?? "4791", CultureInfo.InvariantCulture);

    private protected static int Rounds => int.Parse(Environment.GetEnvironmentVariable("FILTER_ROUNDS") ?? "3", CultureInfo.InvariantCulture);

    /// <summary>Makes a calendar full of random objects.</summary>
    private protected async Task<Dictionary<string, string>> FillAsync(string calendar, Random random)
    {
        var id = await MakeCalendarAsync(calendar, Components);
        var generator = new RandomObjects(random);
        var objects = new Dictionary<string, string>();
        for (var i = 0; i < Objects; i++) objects.Add($"o{i:00}", generator.Next($"o{i:00}"));
        var puts = objects.Select(pair =>
        {
            var bytes = Encoding.UTF8.GetBytes(pair.Value);
            var parsed = CalendarObject.Parse(bytes);
            Assert.True(CalendarObjectRules.Check(parsed, Components) is not { } problem, $"{CalendarObjectRules.Check(parsed, Components)}\n{pair.Value}");
            return (StoreOperation)new PutObject(id, pair.Key + ".ics", bytes, ObjectIndexer.Index(parsed));
        }).ToList();
        Assert.True((await Server.Store.ApplyAsync(new StoreBatch(puts))).Succeeded);
        return objects;
    }

    /// <summary>Where something begins, ends, is done, or goes off, by the component that does.</summary>
    private protected static ILookup<string, Instant> Moments(IEnumerable<PlainComponent> calendars)
    {
        var year = new PlainFilter.Range(Instant.FromUtc(2026, 1, 1, 0, 0), Instant.FromUtc(2027, 1, 1, 0, 0));
        var moments = new List<(string Component, Instant Moment)>();
        foreach (var calendar in calendars)
        {
            var filter = new PlainFilter(calendar, DateTimeZone.Utc);
            foreach (var component in calendar.Components.Where(component => Components.Contains(component.Name)))
            {
                var times = filter.Occurrences(component, year).Take(10).SelectMany(occurrence => new[] { occurrence.Start?.Instant, occurrence.End }).OfType<Instant>()
                    .Concat(component.Lines.Where(line => line.Name is "COMPLETED" or "CREATED").Select(line => PlainTime.Utc(line.Value)));
                moments.AddRange(times.Select(time => (component.Name, time)));
                foreach (var alarm in component.Components.Where(inner => inner.Name == "VALARM"))
                    moments.AddRange(filter.AlarmTimes(alarm, component, year).Take(30).Select(time => (alarm.Name, time)));
            }
        }

        return moments.ToLookup(moment => moment.Component, moment => moment.Moment);
    }
}
