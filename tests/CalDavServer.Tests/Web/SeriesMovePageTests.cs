using System.Net;
using Calendaring.Recurrence;
using NodaTime;
using Practice.Appointments;
using Practice.Diaries;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>Moving all of a series on the pages: what cannot move stays, and the person is told.</summary>
public sealed class SeriesMovePageTests : CalendarTest
{
    [Fact]
    public async Task The_page_says_how_many_stayed()
    {
        var id = await Diary.BookAsync(Session with { Repeat = new RecurrenceRule(Frequency.Weekly) { Count = 5 } });
        await Diary.EditAsync(new AppointmentTarget(id, Tuesday), new AppointmentEdit { Status = AppointmentStatus.Attended }, SeriesScope.ThisOne);
        var seen = await GetAsync(id, Tuesday.PlusWeeks(2));
        var all = await Browser.PostAsync(Address(id, Tuesday.PlusWeeks(2), "/edit"), Filled(seen, ("Scope", "All"), ("Form.Start", "13:00")));
        AssertSays("One appointment of the series stayed where it was", all);
        await Diary.LinkNoteAsync(new AppointmentTarget(id, Tuesday.PlusWeeks(3).PlusHours(3)), "NOTE-1");
        seen = await GetAsync(id, Tuesday.PlusWeeks(2).PlusHours(3));
        AssertSays("2 appointments of the series stayed where they were", await Browser.PostAsync(Address(id, seen.Occurrence, "/edit"), Filled(seen, ("Scope", "All"), ("Form.Start", "15:00"))));
        Assert.Equal([10, 15, 15, 13, 15], (await ListAsync(Tuesday.Date, 60)).Select(one => one.Start.Hour));
    }

    [Fact]
    public async Task A_move_that_no_rule_says_is_refused_with_the_reason()
    {
        var id = await Diary.BookAsync(Session with { Start = new LocalDateTime(2027, 3, 31, 10, 0), Repeat = new RecurrenceRule(Frequency.Monthly) });
        var seen = await GetAsync(id, new LocalDateTime(2027, 3, 31, 10, 0));
        var refused = await Browser.PostAsync(Address(id, seen.Occurrence, "/edit"), Filled(seen, ("Scope", "All"), ("Form.Date", "2027-03-30")));
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        AssertSays("cannot be moved like this", refused);
        Assert.Equal(31, (await GetAsync(id)).Start.Day);
    }
}
