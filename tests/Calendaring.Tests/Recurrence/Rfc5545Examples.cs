using Calendaring.Recurrence;
using NodaTime;
using Xunit;
using static Calendaring.Tests.Recurrence.Expansion;

namespace Calendaring.Tests.Recurrence;

/// <summary>Every example of RFC 5545 §3.8.5.3, with DTSTART in America/New_York as there.</summary>
public class Rfc5545Examples
{
    /// <summary>Examples that end, with their whole expected list.</summary>
    public static TheoryData<string, string, string> Finite => new()
    {
        { "19970902T090000", "FREQ=DAILY;COUNT=10", "1997-09: 2-11" },
        { "19970902T090000", "FREQ=DAILY;UNTIL=19971224T000000Z", "1997-09: 2-30; 1997-10: 1-31; 1997-11: 1-30; 1997-12: 1-23" },
        { "19970902T090000", "FREQ=DAILY;INTERVAL=10;COUNT=5", "1997-09: 2 12 22; 1997-10: 2 12" },
        { "19980101T090000", "FREQ=YEARLY;UNTIL=20000131T140000Z;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA", "1998-01: 1-31; 1999-01: 1-31; 2000-01: 1-31" },
        { "19980101T090000", "FREQ=DAILY;UNTIL=20000131T140000Z;BYMONTH=1", "1998-01: 1-31; 1999-01: 1-31; 2000-01: 1-31" },
        { "19970902T090000", "FREQ=WEEKLY;COUNT=10", "1997-09: 2 9 16 23 30; 1997-10: 7 14 21 28; 1997-11: 4" },
        { "19970902T090000", "FREQ=WEEKLY;UNTIL=19971224T000000Z", "1997-09: 2 9 16 23 30; 1997-10: 7 14 21 28; 1997-11: 4 11 18 25; 1997-12: 2 9 16 23" },
        { "19970902T090000", "FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH", "1997-09: 2 4 9 11 16 18 23 25 30; 1997-10: 2" },
        { "19970902T090000", "FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH", "1997-09: 2 4 9 11 16 18 23 25 30; 1997-10: 2" },
        {
            "19970901T090000", "FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR",
            "1997-09: 1 3 5 15 17 19 29; 1997-10: 1 3 13 15 17 27 29 31; 1997-11: 10 12 14 24 26 28; 1997-12: 8 10 12 22"
        },
        { "19970902T090000", "FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH", "1997-09: 2 4 16 18 30; 1997-10: 2 14 16" },
        {
            "19970905T090000", "FREQ=MONTHLY;COUNT=10;BYDAY=1FR",
            "1997-09: 5; 1997-10: 3; 1997-11: 7; 1997-12: 5; 1998-01: 2; 1998-02: 6; 1998-03: 6; 1998-04: 3; 1998-05: 1; 1998-06: 5"
        },
        { "19970905T090000", "FREQ=MONTHLY;UNTIL=19971224T000000Z;BYDAY=1FR", "1997-09: 5; 1997-10: 3; 1997-11: 7; 1997-12: 5" },
        { "19970907T090000", "FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU", "1997-09: 7 28; 1997-11: 2 30; 1998-01: 4 25; 1998-03: 1 29; 1998-05: 3 31" },
        { "19970922T090000", "FREQ=MONTHLY;COUNT=6;BYDAY=-2MO", "1997-09: 22; 1997-10: 20; 1997-11: 17; 1997-12: 22; 1998-01: 19; 1998-02: 16" },
        { "19970902T090000", "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15", "1997-09: 2 15; 1997-10: 2 15; 1997-11: 2 15; 1997-12: 2 15; 1998-01: 2 15" },
        { "19970930T090000", "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1", "1997-09: 30; 1997-10: 1 31; 1997-11: 1 30; 1997-12: 1 31; 1998-01: 1 31; 1998-02: 1" },
        { "19970910T090000", "FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15", "1997-09: 10-15; 1999-03: 10-13" },
        {
            "19970610T090000", "FREQ=YEARLY;COUNT=10;BYMONTH=6,7",
            "1997-06: 10; 1997-07: 10; 1998-06: 10; 1998-07: 10; 1999-06: 10; 1999-07: 10; 2000-06: 10; 2000-07: 10; 2001-06: 10; 2001-07: 10"
        },
        {
            "19970310T090000", "FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3",
            "1997-03: 10; 1999-01: 10; 1999-02: 10; 1999-03: 10; 2001-01: 10; 2001-02: 10; 2001-03: 10; 2003-01: 10; 2003-02: 10; 2003-03: 10"
        },
        {
            "19970101T090000", "FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200",
            "1997-01: 1; 1997-04: 10; 1997-07: 19; 2000-01: 1; 2000-04: 9; 2000-07: 18; 2003-01: 1; 2003-04: 10; 2003-07: 19; 2006-01: 1"
        },
        { "19970904T090000", "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", "1997-09: 4; 1997-10: 7; 1997-11: 6" },
        { "19970805T090000", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "1997-08: 5 10 19 24" },
        { "19970805T090000", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "1997-08: 5 17 19 31" },
        { "20070115T090000", "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5", "2007-01: 15 30; 2007-02: 15; 2007-03: 15 30" },
    };

    /// <summary>Examples without an end, with the occurrences the RFC lists before its dots.</summary>
    public static TheoryData<string, string, string> Endless => new()
    {
        { "19970902T090000", "FREQ=DAILY;INTERVAL=2", "1997-09: 2 4 6 8 10 12 14 16 18 20 22 24 26 28 30; 1997-10: 2 4 6 8 10 12 14 16 18 20 22 24 26 28 30; 1997-11: 1 3 5" },
        { "19970902T090000", "FREQ=WEEKLY;INTERVAL=2;WKST=SU", "1997-09: 2 16 30; 1997-10: 14 28; 1997-11: 11 25; 1997-12: 9 23; 1998-01: 6 20; 1998-02: 3 17" },
        { "19970928T090000", "FREQ=MONTHLY;BYMONTHDAY=-3", "1997-09: 28; 1997-10: 29; 1997-11: 28; 1997-12: 29; 1998-01: 29; 1998-02: 26" },
        { "19970902T090000", "FREQ=MONTHLY;INTERVAL=2;BYDAY=TU", "1997-09: 2 9 16 23 30; 1997-11: 4 11 18 25; 1998-01: 6 13 20 27; 1998-03: 3 10 17 24 31" },
        { "19970519T090000", "FREQ=YEARLY;BYDAY=20MO", "1997-05: 19; 1998-05: 18; 1999-05: 17" },
        { "19970512T090000", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "1997-05: 12; 1998-05: 11; 1999-05: 17" },
        { "19970313T090000", "FREQ=YEARLY;BYMONTH=3;BYDAY=TH", "1997-03: 13 20 27; 1998-03: 5 12 19 26; 1999-03: 4 11 18 25" },
        {
            "19970605T090000", "FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8",
            "1997-06: 5 12 19 26; 1997-07: 3 10 17 24 31; 1997-08: 7 14 21 28; 1998-06: 4 11 18 25; 1998-07: 2 9 16 23 30; 1998-08: 6 13 20 27; "
            + "1999-06: 3 10 17 24; 1999-07: 1 8 15 22 29; 1999-08: 5 12 19 26"
        },
        {
            "19970913T090000", "FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13",
            "1997-09: 13; 1997-10: 11; 1997-11: 8; 1997-12: 13; 1998-01: 10; 1998-02: 7; 1998-03: 7; 1998-04: 11; 1998-05: 9; 1998-06: 13"
        },
        { "19961105T090000", "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8", "1996-11: 5; 2000-11: 7; 2004-11: 2" },
        {
            "19970929T090000", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2",
            "1997-09: 29; 1997-10: 30; 1997-11: 27; 1997-12: 30; 1998-01: 29; 1998-02: 26; 1998-03: 30"
        },
        // DTSTART is an occurrence that the example removes with an EXDATE
        { "19970902T090000", "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "1997-09: 2; 1998-02: 13; 1998-03: 13; 1998-11: 13; 1999-08: 13; 2000-10: 13" },
    };

    [Theory]
    [MemberData(nameof(Finite))]
    public void An_example_that_ends_has_exactly_the_occurrences_listed(string start, string rule, string expected) =>
        Assert.Equal(Days(expected), Expand(start, rule, 10_000, zone: NewYork));

    [Theory]
    [MemberData(nameof(Endless))]
    public void An_endless_example_starts_with_the_occurrences_listed(string start, string rule, string expected)
    {
        var days = Days(expected);
        Assert.Equal(days, Expand(start, rule, days.Count, zone: NewYork));
    }

    [Fact]
    public void Every_three_hours_from_nine_to_five()
    {
        LocalDateTime At(int hour) => new(1997, 9, 2, hour, 0);
        // the RFC writes UNTIL=19970902T170000Z, which is 13:00 in New York, and lists 15:00 all the same: its erratum 3883 has 21:00Z
        Assert.Equal([At(9), At(12), At(15)], Expand("19970902T090000", "FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T210000Z", 100, zone: NewYork));
        Assert.Equal([At(9), At(12)], Expand("19970902T090000", "FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T170000Z", 100, zone: NewYork));
    }

    [Fact]
    public void Every_fifteen_minutes_for_six_occurrences()
    {
        var expected = Enumerable.Range(0, 6).Select(i => new LocalDateTime(1997, 9, 2, 9, 0).PlusMinutes(15 * i));
        Assert.Equal(expected, Expand("19970902T090000", "FREQ=MINUTELY;INTERVAL=15;COUNT=6", 100));
    }

    [Fact]
    public void Every_hour_and_a_half_for_four_occurrences()
    {
        var expected = Enumerable.Range(0, 4).Select(i => new LocalDateTime(1997, 9, 2, 9, 0).PlusMinutes(90 * i));
        Assert.Equal(expected, Expand("19970902T090000", "FREQ=MINUTELY;INTERVAL=90;COUNT=4", 100));
    }

    [Theory]
    [InlineData("FREQ=DAILY;BYHOUR=9,10,11,12,13,14,15,16;BYMINUTE=0,20,40")]
    [InlineData("FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10,11,12,13,14,15,16")]
    public void Every_twenty_minutes_from_nine_to_twenty_to_five(string rule)
    {
        var expected = Enumerable.Range(0, 72).Select(i => new LocalDateTime(1997, 9, 2 + (i / 24), 9, 0).PlusMinutes(20 * (i % 24)));
        Assert.Equal(expected, Expand("19970902T090000", rule, 72));
    }
}
