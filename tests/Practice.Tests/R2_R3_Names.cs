using System.Xml.Linq;
using Calendaring.Store;
using Practice.Audit;
using Practice.Groups;
using Practice.People;

namespace Practice.Tests;

/// <summary>R2, R3, R9: which calendars there are, and what they are called.</summary>
public sealed class R2_R3_An_HX_calendar_is_named_after_its_practice_group : PracticeFixture
{
    [Fact]
    public async Task A_single_practitioners_calendar_has_the_name_of_the_practice_group() => Assert.Equal("HX_Riverbend", await NameAsync("maya"));

    [Fact]
    public async Task When_a_second_practitioner_joins_both_calendars_tell_apart()
    {
        await Directory.CreatePersonAsync("tom", "Tom <O'Kafor> & Co", null, PrincipalRole.Practitioner, Group.Id, "tom");
        Assert.Equal("HX_Riverbend (Maya Lindqvist)", await NameAsync("maya"));
        Assert.Equal("HX_Riverbend (Tom <O'Kafor> & Co)", await NameAsync("tom"));
    }

    [Fact]
    public async Task Namesakes_tell_apart_by_login()
    {
        await Directory.CreatePersonAsync("maya2", "Maya Lindqvist", null, PrincipalRole.Practitioner, Group.Id, "maya2");
        Assert.Equal("HX_Riverbend (Maya Lindqvist, maya2)", await NameAsync("maya2"));
    }

    [Fact]
    public async Task An_administrator_has_tasks_but_no_calendar_R9()
    {
        var ruth = await Directory.CreatePersonAsync("ruth", "Ruth", null, PrincipalRole.Administrator, Group.Id);
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["tasks"], (await snapshot.ListCollectionsAsync(ruth.Id)).Select(collection => collection.Name));
    }

    [Fact]
    public async Task A_user_has_a_calendar_and_tasks_but_no_HX_calendar()
    {
        var user = await Directory.CreatePersonAsync("ugo", "Ugo", null, PrincipalRole.User, null);
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["calendar", "tasks"], (await snapshot.ListCollectionsAsync(user.Id)).Select(collection => collection.Name));
    }

    [Fact]
    public async Task A_practitioner_has_tasks_from_the_start()
    {
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var collections = await snapshot.ListCollectionsAsync("maya");
        Assert.Equal([("hx", "VEVENT"), ("tasks", "VTODO")], collections.Select(collection => (collection.Name, collection.Components.Single())));
    }

    [Theory]
    [InlineData("Lead", "tom", "The login 'lead' is taken.")]
    [InlineData("tom", "maya", "The id 'maya' is taken.")]
    [InlineData("tom", "a/b", "An id is one path segment: it cannot have '/', '\\', '?', '#', '%' or control characters in it.")]
    public async Task What_is_taken_or_not_valid_is_said(string login, string id, string expected)
    {
        var error = await Assert.ThrowsAsync<PracticeDirectoryException>(
            () => Directory.CreatePersonAsync(login, "Tom", null, PrincipalRole.Practitioner, Group.Id, id));
        Assert.Equal(expected, error.Message);
    }

    [Theory]
    [InlineData("M\uffff")]
    [InlineData("\ufffeM")]
    [InlineData("M\u0001")]
    public async Task A_name_that_XML_cannot_write_is_refused_and_never_breaks_a_calendars_name(string name)
    {
        var by = AuditActor.OnPages(Practitioner, "session");
        foreach (var attempt in new Func<Task>[]
        {
            () => Directory.CreatePersonAsync("tom", name, null, PrincipalRole.Practitioner, Group.Id, "tom"),
            () => Directory.CreatePracticeAsync(name, "Europe/Vienna"),
            () => new PracticePeople(Store, Clock).EditAsync(Group.Id, by, "maya", name, null),
        })
            Assert.Equal(PracticeDirectory.NameNotWritable, (await Assert.ThrowsAsync<PracticeDirectoryException>(attempt)).Message);
        Assert.True(HxName.Properties(name).TryGet(new PropertyName("DAV:", "displayname"), out var element));
        Assert.Contains('\ufffd', XElement.Parse(element).Value);
    }

    [Fact]
    public async Task A_name_keeps_characters_beyond_the_first_plane()
    {
        await new PracticePeople(Store, Clock).EditAsync(Group.Id, AuditActor.OnPages(Practitioner, "session"), "maya", "Maya \U0001f33f", null);
        await Directory.CreatePersonAsync("tom", "Tom", null, PrincipalRole.Practitioner, Group.Id, "tom");
        Assert.Equal("HX_Riverbend (Maya \U0001f33f)", await NameAsync("maya"));
    }

    private async Task<string> NameAsync(string practitioner)
    {
        var hx = await HxOfAsync(practitioner);
        Assert.True(hx.Properties.TryGet(new PropertyName("DAV:", "displayname"), out var element));
        return XElement.Parse(element).Value;
    }
}
