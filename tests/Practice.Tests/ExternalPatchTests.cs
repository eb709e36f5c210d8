using System.Text;
using Calendaring.ICalendar;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using Practice.Hx;

namespace Practice.Tests;

/// <summary>
/// What a side that has an old copy sends is compared with that copy: it never undoes what another side changed meanwhile, and what it does not know stays as it is, byte for byte.
/// </summary>
public sealed class A_stale_copy_undoes_nothing
{
    private const int Occurrences = 6;
    private static readonly Instant At = Instant.FromUtc(2026, 3, 5, 0, 0);
    private static readonly string[] Texts = ["SUMMARY", "DESCRIPTION", "LOCATION", "STATUS", "TRANSP"];

    private const string Unknown = "X-PHONE;X-A=\"b:c\":keeps\\, this\r\nCATEGORIES:One,\r\n Two\r\n";
    private const string Alarm = "BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:Soon\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\n";

    [Fact]
    public void In_any_history_each_field_of_each_occurrence_is_that_of_whoever_changed_it()
    {
        var (histories, changed, both) = (0, 0, 0);
        foreach (var steps in Gen.Choose(0, 99_999).ListOf(8).Sample(1_500, 60))
        {
            var numbers = steps.ToList();
            var before = Numbers(numbers.Take(2)).Aggregate(Series(), Edit);
            var sent = Numbers(numbers.Skip(2).Take(3)).Aggregate(before.Clone(), Edit);
            var now = Numbers(numbers.Skip(5)).Aggregate(before.Clone(), Edit);
            var result = ExternalPatch.Apply(before, sent, now, At)!;
            // what is not taken changes nothing
            Assert.Equal(Write(now), Write(ExternalPatch.Apply(before, sent, now, At, static (_, _) => false)!));
            var differences = ExternalPatch.Differences(before, sent);
            var (had, has, is_, becomes) = (View(before), View(sent), View(now), View(result));
            histories++;
            for (var n = 0; n < Occurrences; n++)
            {
                // one of the sides took the occurrence out: there is nothing to compare
                if (Gone(had, n) || Gone(has, n) || Gone(is_, n))
                {
                    var gone = Gone(has, n) == Gone(had, n) ? Gone(is_, n) : Gone(has, n);
                    Assert.True(gone == Gone(becomes, n), Tell(n, "there", before, sent, now, result));
                    continue;
                }

                foreach (var field in (IEnumerable<string>)[.. Texts, "TIME"])
                {
                    var (b, s, i, r) = (had[n]![field], has[n]![field], is_[n]![field], becomes[n]![field]);
                    changed += Same(s, b) ? 0 : 1;
                    var key = Start(before).PlusWeeks(n);
                    if (!Same(s, b)) Assert.True(differences.Contains((null, GroupOf(field))) || differences.Contains((key, GroupOf(field))), Tell(n, $"difference of {field}", before, sent));
                    both += !Same(s, b) && !Same(i, b) ? 1 : 0;
                    var right = Same(s, b) ? Same(r, i) : Same(i, b) ? Same(r, s) : Same(r, s) || Same(r, i);
                    Assert.True(right, Tell(n, field, before, sent, now, result));
                }
            }

            Assert.Equal(Place(Place(sent) == Place(before) ? now : sent), Place(result));
            var text = Encoding.UTF8.GetString(result.ToBytes());
            Assert.Contains(Unknown, text, StringComparison.Ordinal);
            Assert.Contains(Alarm, text, StringComparison.Ordinal);
            Assert.Equal(Place(sent) != Place(before), differences.Contains((null, FieldGroup.Times)));
            if (Place(sent) == Place(before) && View(sent).SequenceEqual(View(before), Comparer)) Assert.Equal(Encoding.UTF8.GetString(now.ToBytes()), text);
        }

        Assert.Equal(1_500, histories);
        Assert.True(changed > 1_500 && both > 100, $"{changed} changes, {both} on both sides");
    }

    [Fact]
    public void A_repeat_that_was_changed_is_taken_and_what_it_does_not_have_any_more_goes()
    {
        var now = Changed(Series(), "SUMMARY:One\r\n", "SUMMARY:Two\r\nEXDATE;TZID=Australia/Melbourne:20260310T100000,20260317T100000\r\n");
        var sent = Changed(Series(), "FREQ=WEEKLY;COUNT=6", "FREQ=WEEKLY;INTERVAL=2;COUNT=3");
        var result = Write(ExternalPatch.Apply(Series(), sent, now, At)!);
        Assert.Contains("RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=3\r\n", result, StringComparison.Ordinal);
        Assert.Contains("SUMMARY:Two\r\n", result, StringComparison.Ordinal);
        Assert.Contains("EXDATE;TZID=Australia/Melbourne:20260317T100000\r\n", result, StringComparison.Ordinal);
        Assert.DoesNotContain("20260310T100000", result, StringComparison.Ordinal);
    }

    [Fact]
    public void A_repeat_that_was_written_in_another_way_is_no_change()
    {
        var sent = Changed(Series(), "FREQ=WEEKLY;COUNT=6", "FREQ=WEEKLY;WKST=MO;BYDAY=TU;UNTIL=20260406T235959Z");
        Assert.Contains("UNTIL", Write(sent), StringComparison.Ordinal);
        var now = Changed(Series(), "COUNT=6", "COUNT=20");
        var same = Changed(Series(), "FREQ=WEEKLY;COUNT=6", "COUNT=6;FREQ=WEEKLY;INTERVAL=1;BYDAY=TU;WKST=SU");
        Assert.Equal(Write(now), Write(ExternalPatch.Apply(Series(), same, now, At)!));
        Assert.Contains("UNTIL=20260406T235959Z", Write(ExternalPatch.Apply(Series(), sent, now, At)!), StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_repeats_now_and_one_that_does_not_any_more()
    {
        var single = Changed(Series(), $"RRULE:FREQ=WEEKLY;COUNT={Occurrences}\r\n", "");
        var moved = Changed(single, "T104500", "T110000");
        var repeats = Write(ExternalPatch.Apply(single, Series(), moved, At)!);
        Assert.Contains("RRULE:FREQ=WEEKLY;COUNT=6\r\n", repeats, StringComparison.Ordinal);
        Assert.DoesNotContain("RRULE", Write(ExternalPatch.Apply(Series(), single, Series(), At)!), StringComparison.Ordinal);
    }

    [Fact]
    public void An_all_day_event_made_of_a_timed_one_keeps_what_is_said_of_it()
    {
        var single = Changed(Series(), $"RRULE:FREQ=WEEKLY;COUNT={Occurrences}\r\n", "");
        var allDay = Changed(single, "DTSTART;TZID=Australia/Melbourne:20260303T100000\r\nDTEND;TZID=Australia/Melbourne:20260303T104500", "DTSTART;VALUE=DATE:20260304\r\nDTEND;VALUE=DATE:20260306");
        var result = Write(ExternalPatch.Apply(single, allDay, Changed(single, "SUMMARY:One", "SUMMARY:Two"), At)!);
        Assert.Contains("DTSTART;VALUE=DATE:20260304\r\nDTEND;VALUE=DATE:20260306\r\n", result, StringComparison.Ordinal);
        Assert.Contains("SUMMARY:Two\r\n", result, StringComparison.Ordinal);
    }

    [Fact]
    public void Dates_besides_the_rule_are_added_and_taken_out_one_by_one()
    {
        var before = Changed(Series(), "SUMMARY", "RDATE;TZID=Australia/Melbourne:20260305T100000,20260306T100000\r\nSUMMARY");
        var sent = Changed(before, "20260305T100000,20260306T100000", "20260306T100000,20260307T100000");
        var now = Changed(before, "SUMMARY", "RDATE;TZID=Australia/Melbourne:20260308T100000\r\nSUMMARY");
        var result = Hx.Series.Of(ExternalPatch.Apply(before, sent, now, At)!)!;
        var days = result.Between(Instant.FromUtc(2026, 3, 4, 0, 0), Instant.FromUtc(2026, 3, 9, 0, 0)).Select(occurrence => occurrence.StartTime.Local.Day).Order();
        Assert.Equal([6, 7, 8], days);
    }

    [Fact]
    public void A_date_besides_the_rule_that_the_rule_has_by_now_takes_place()
    {
        var before = Changed(Changed(Series(), "COUNT=6", "COUNT=2"), "SUMMARY", "RDATE;TZID=Australia/Melbourne:20260317T100000\r\nSUMMARY");
        var result = Hx.Series.Of(ExternalPatch.Apply(before, Series(), before, At)!)!;
        var days = result.Between(Instant.FromUtc(2026, 3, 1, 0, 0), Instant.FromUtc(2026, 4, 30, 0, 0)).Select(occurrence => occurrence.StartTime.Local.DayOfYear).Order();
        Assert.Equal(Enumerable.Range(0, 6).Select(week => new LocalDate(2026, 3, 3).PlusWeeks(week).DayOfYear), days);
    }

    [Fact]
    public void An_occurrence_with_a_length_of_its_own_stays_where_it_was_left_when_its_series_is_moved()
    {
        const string Zone = "TZID=Australia/Melbourne";
        static CalendarObject With(CalendarObject series, string key) => Changed(series, "END:VCALENDAR", $"BEGIN:VEVENT\r\nUID:a\r\nDTSTAMP:20260301T000000Z\r\nRECURRENCE-ID;{Zone}:{key}\r\nDTSTART;{Zone}:20260317T100000\r\nDTEND;{Zone}:20260317T170000\r\nSUMMARY:One\r\nEND:VEVENT\r\nEND:VCALENDAR");
        var before = With(Series(), "20260317T100000");
        var sent = With(Changed(Changed(Series(), "20260303T100000", "20260304T140000"), "20260303T104500", "20260304T144500"), "20260318T140000");
        var result = ExternalPatch.Apply(before, sent, before, At)!;
        Assert.Empty(ExternalPatch.Differences(result, sent));
        Assert.Contains($"DTSTART;{Zone}:20260317T100000\r\nDTEND;{Zone}:20260317T170000\r\n", Write(result), StringComparison.Ordinal);
    }

    /// <summary>Both when it is sent from outside, and when it is to be written there.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_occurrence_that_keeps_the_length_that_its_series_had_has_that_when_the_series_is_made_longer(bool isOurs)
    {
        const string Zone = "TZID=Australia/Melbourne";
        static CalendarObject With(CalendarObject series) => Changed(series, "END:VCALENDAR", $"BEGIN:VEVENT\r\nUID:a\r\nDTSTAMP:20260301T000000Z\r\nRECURRENCE-ID;{Zone}:20260317T100000\r\nDTSTART;{Zone}:20260317T100000\r\nDTEND;{Zone}:20260317T104500\r\nSUMMARY:Other\r\nEND:VEVENT\r\nEND:VCALENDAR");
        var (before, sent) = (With(Series()), With(Changed(Series(), "20260303T104500", "20260303T113000")));
        var result = ExternalPatch.Apply(before, sent, before, At, isOurs: isOurs)!;
        Assert.Empty(ExternalPatch.Differences(result, sent, isOurs));
        Assert.Contains($"DTEND;{Zone}:20260317T104500", Write(result), StringComparison.Ordinal);
    }

    [Fact]
    public void A_length_of_its_own_that_was_taken_back_does_not_come_back_when_the_series_is_moved()
    {
        const string Zone = "TZID=Australia/Melbourne";
        static CalendarObject With(CalendarObject series, string day, string from, string until) => Changed(series, "END:VCALENDAR", $"BEGIN:VEVENT\r\nUID:a\r\nDTSTAMP:20260301T000000Z\r\nRECURRENCE-ID;{Zone}:{day}{from}\r\nDTSTART;{Zone}:{day}{from}\r\nDTEND;{Zone}:{day}{until}\r\nSUMMARY:One\r\n{Unknown}{Alarm}END:VEVENT\r\nEND:VCALENDAR");
        var before = With(Series(), "20260317T", "100000", "101500");
        var sent = With(Changed(Changed(Series(), "20260303T100000", "20260303T140000"), "20260303T104500", "20260303T144500"), "20260317T", "140000", "141500");
        Assert.Equal([(null, FieldGroup.Times)], ExternalPatch.Differences(before, sent));
        Assert.DoesNotContain("RECURRENCE-ID", Write(ExternalPatch.Apply(before, sent, Series(), At)!), StringComparison.Ordinal);
    }

    /// <summary>RFC 5545 §3.8.4.4 lets an occurrence be described that its series does not have: only its description puts it there.</summary>
    [Theory]
    [InlineData("20260305T120000")]
    [InlineData("20260421T100000")]
    public void An_occurrence_that_only_its_own_description_puts_there_goes_with_that(string start)
    {
        const string Key = "20260421T100000";
        const string Zone = "TZID=Australia/Melbourne";
        var own = Changed(Series(), "END:VCALENDAR", $"BEGIN:VEVENT\r\nUID:a\r\nDTSTAMP:20260301T000000Z\r\nRECURRENCE-ID;{Zone}:{Key}\r\nDTSTART;{Zone}:{start}\r\nDTEND;{Zone}:{start[..9]}123000\r\nSUMMARY:One\r\nX-OWN:1\r\nEND:VEVENT\r\nEND:VCALENDAR");
        var result = ExternalPatch.Apply(own, Series(), own, At)!;
        Assert.DoesNotContain("RECURRENCE-ID", Write(result), StringComparison.Ordinal);
        Assert.Contains((new LocalDateTime(2026, 4, 21, 10, 0), FieldGroup.Times), ExternalPatch.Differences(own, Series()));
        Assert.Empty(ExternalPatch.Differences(result, Series()));
        // one that the series has stays with what it says besides
        var has = Changed(own, "COUNT=6", "COUNT=8");
        Assert.Contains("X-OWN:1", Write(ExternalPatch.Apply(has, Changed(Series(), "COUNT=6", "COUNT=8"), has, At)!), StringComparison.Ordinal);
    }

    [Fact]
    public void An_occurrence_that_only_its_own_description_puts_there_comes_with_that()
    {
        const string Zone = "TZID=Australia/Melbourne";
        var sent = Changed(Series(), "END:VCALENDAR", $"BEGIN:VEVENT\r\nUID:a\r\nDTSTAMP:20260301T000000Z\r\nRECURRENCE-ID;{Zone}:20260421T100000\r\nDTSTART;{Zone}:20260421T100000\r\nDTEND;{Zone}:20260421T104500\r\nSUMMARY:One\r\nEND:VEVENT\r\nEND:VCALENDAR");
        Assert.Equal([(new LocalDateTime(2026, 4, 21, 10, 0), FieldGroup.Times)], ExternalPatch.Differences(Series(), sent));
        var result = ExternalPatch.Apply(Series(), sent, Series(), At)!;
        Assert.Contains($"RECURRENCE-ID;{Zone}:20260421T100000", Write(result), StringComparison.Ordinal);
        Assert.Empty(ExternalPatch.Differences(result, sent));
    }

    [Fact]
    public void An_object_without_an_event_of_its_own_cannot_be_patched()
    {
        var single = CalendarObject.Parse(Encoding.UTF8.GetBytes(Text.Replace("SUMMARY", "RECURRENCE-ID;TZID=Australia/Melbourne:20260303T100000\r\nSUMMARY", StringComparison.Ordinal)));
        Assert.Null(ExternalPatch.Apply(Series(), single, Series(), At));
    }

    private static CalendarObject Changed(CalendarObject calendar, string from, string to)
    {
        var text = Write(calendar);
        Assert.Contains(from, text, StringComparison.Ordinal);
        return CalendarObject.Parse(Encoding.UTF8.GetBytes(text.Replace(from, to, StringComparison.Ordinal)));
    }

    private static string Write(CalendarObject calendar) => Encoding.UTF8.GetString(calendar.ToBytes());

    private static IEnumerable<Random> Numbers(IEnumerable<int> steps) => steps.Select(step => new Random(step));

    private static string Text =>
        $"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Side//EN\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTAMP:20260301T000000Z\r\nDTSTART;TZID=Australia/Melbourne:20260303T100000\r\nDTEND;TZID=Australia/Melbourne:20260303T104500\r\nRRULE:FREQ=WEEKLY;COUNT={Occurrences}\r\nSUMMARY:One\r\n{Unknown}{Alarm}END:VEVENT\r\nEND:VCALENDAR\r\n";

    private static CalendarObject Series() => CalendarObject.Parse(Encoding.UTF8.GetBytes(Text));

    /// <summary>One edit, as a calendar app makes it.</summary>
    private static CalendarObject Edit(CalendarObject calendar, Random random)
    {
        var series = Hx.Series.Of(calendar)!;
        var key = series.Start.Local.PlusWeeks(random.Next(Occurrences));
        var field = Texts[random.Next(Texts.Length)];
        var value = field switch
        {
            "STATUS" => random.Next(2) == 0 ? "TENTATIVE" : "CONFIRMED",
            "TRANSP" => random.Next(2) == 0 ? "TRANSPARENT" : "OPAQUE",
            _ => $"{field} {random.Next(1_000)}",
        };
        switch (random.Next(6))
        {
            case 0:
                series.Master.Set(ContentLine.Create(field, value));
                break;
            case 1 when !series.Exclusions.Contains(key):
                OverrideOf(series, key).Set(ContentLine.Create(field, value));
                break;
            case 2 when !series.Exclusions.Contains(key):
                series.SetTimes(OverrideOf(series, key), series.TimeOf(key.PlusMinutes(5 + random.Next(200))), Duration.FromMinutes(30));
                break;
            case 3:
                series.RemoveOverride(key);
                series.Exclude(key);
                break;
            case 4:
                var start = series.Start with { Local = series.Start.Local.PlusMinutes(15 * (1 + random.Next(20))) };
                var lines = new List<ContentLine> { ContentLine.CreateTime("DTSTART", start), ContentLine.CreateTime("DTEND", start with { Local = start.Local.PlusMinutes(45) }) };
                series.Move(SeriesMove.To(series, start, series.Zone)!, lines, calendar.Calendar);
                break;
            default:
                series.RemoveOverride(key);
                break;
        }

        return calendar;
    }

    private static Component OverrideOf(Series series, LocalDateTime key)
    {
        if (series.Overrides.TryGetValue(key, out var component)) return component;
        component = series.MakeOverride(key);
        series.AddOverride(component);
        return component;
    }

    /// <summary>What somebody sees of each occurrence, by its number; null when it is not there. Read from the lines alone.</summary>
    private static List<Dictionary<string, string>?> View(CalendarObject calendar)
    {
        var events = calendar.Calendar.Components.Where(component => component.Name == "VEVENT").ToList();
        var master = events.Single(component => component.Find("RECURRENCE-ID") is null);
        var start = Time(master, "DTSTART");
        var length = Time(master, "DTEND") - start;
        var excluded = master.FindAll("EXDATE").SelectMany(line => line.RawValue.Split(',')).Select(Read).ToHashSet();
        var result = new List<Dictionary<string, string>?>();
        for (var n = 0; n < Occurrences; n++)
        {
            var key = start.PlusWeeks(n);
            var single = events.SingleOrDefault(component => component.Find("RECURRENCE-ID") is { } id && Read(id.RawValue) == key);
            var shown = single ?? master;
            var from = single is null ? key : Time(single, "DTSTART");
            var until = single is null ? key + length : Time(single, "DTEND");
            var fields = Texts.ToDictionary(name => name, name => shown.Find(name)?.Text ?? (name == "STATUS" ? "CONFIRMED" : name == "TRANSP" ? "OPAQUE" : ""));
            // what is where the series puts it goes with the series
            // what begins when its series does moves with it, at its own length
            fields["TIME"] = $"{(from != key ? "own" : until == key + length ? "follows" : $"follows for {until - from}")}|{from}-{until}";
            result.Add(excluded.Contains(key) ? null : fields);
        }

        return result;
    }

    /// <summary>Whether two values are the same; times are where they both go with their series, or where both are at the same time.</summary>
    private static bool Same(string one, string other)
    {
        if (one == other || !one.Contains('|', StringComparison.Ordinal)) return one == other;
        var ((how, when), (otherHow, otherWhen)) = (Parts(one), Parts(other));
        return when == otherWhen || (how == otherHow && how != "own");

        static (string How, string When) Parts(string text) => (text[..text.IndexOf('|', StringComparison.Ordinal)], text[(text.IndexOf('|', StringComparison.Ordinal) + 1)..]);
    }

    private static FieldGroup GroupOf(string field) => field switch
    {
        "SUMMARY" or "DESCRIPTION" => FieldGroup.Text,
        "LOCATION" => FieldGroup.Place,
        "STATUS" => FieldGroup.Status,
        "TRANSP" => FieldGroup.Transparency,
        _ => FieldGroup.Times,
    };

    private static LocalDateTime Start(CalendarObject calendar) =>
        Time(calendar.Calendar.Components.Single(component => component.Name == "VEVENT" && component.Find("RECURRENCE-ID") is null), "DTSTART");

    /// <summary>When the series begins.</summary>
    private static string Place(CalendarObject calendar)
    {
        var master = calendar.Calendar.Components.Single(component => component.Name == "VEVENT" && component.Find("RECURRENCE-ID") is null);
        return $"{Time(master, "DTSTART")}-{Time(master, "DTEND")}";
    }

    private static bool Gone(List<Dictionary<string, string>?> view, int n) => view[n] is null;

    private static LocalDateTime Time(Component component, string name) => Read(component.Find(name)!.RawValue);

    private static LocalDateTime Read(string value) => NodaTime.Text.LocalDateTimePattern.CreateWithInvariantCulture("uuuuMMdd'T'HHmmss").Parse(value).Value;

    private static IEqualityComparer<Dictionary<string, string>?> Comparer { get; } = EqualityComparer<Dictionary<string, string>?>.Create(
        (left, right) => left is null ? right is null : right is not null && left.OrderBy(pair => pair.Key).SequenceEqual(right.OrderBy(pair => pair.Key)));

    private static string Tell(int n, string what, params CalendarObject[] objects) =>
        $"{what} of occurrence {n}\n" + string.Join("\n", objects.Select(one => Encoding.UTF8.GetString(one.ToBytes())));
}
