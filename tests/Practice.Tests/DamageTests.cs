using System.Text;
using Calendaring.Store;
using Practice.Diaries;
using Practice.Hx;

namespace Practice.Tests;

public sealed class A_damaged_appointment_does_not_take_others_with_it : PracticeFixture
{
    [Fact]
    public async Task The_diary_shows_that_it_is_there_and_lists_the_rest()
    {
        var (broken, whole) = (await Diary.BookAsync(Session), await Diary.BookAsync(Session));
        var stored = (await FindAsync(broken))!;
        var damage = new PutObject(Hx.Id, stored.Row.Name, stored.Bytes, stored.Row.Index, Details: new ObjectDetails(1, Encoding.UTF8.GetBytes("{\"kind\":\"Patient\",\"pat")));
        Assert.True((await Store.ApplyAsync(StoreBatch.Of(damage), TestContext.Current.CancellationToken)).Succeeded);
        var all = await ListAsync();
        Assert.Equal(2, all.Count);
        Assert.StartsWith("This appointment is damaged", all.Single(appointment => appointment.Id == broken).Title, StringComparison.Ordinal);
        Assert.Equal("Standard consultation · Jane Brownlow", all.Single(appointment => appointment.Id == whole).Title);
    }

    [Fact]
    public async Task Nothing_of_it_leaves_below_full_name()
    {
        var id = await Diary.BookAsync(Session);
        var stored = (await FindAsync(id))!;
        var damaged = stored with { Row = stored.Row with { Details = new ObjectDetails(1, Encoding.UTF8.GetBytes("{\"kind\":\"Patient\",\"pat")) } };
        Assert.Throws<CorruptObjectException>(() => HxCalendar.Represent(damaged, PrivacyLevel.Initials));
    }
}
