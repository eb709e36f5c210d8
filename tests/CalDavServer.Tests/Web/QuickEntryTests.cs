using System.Text.Json;
using CalDavServer.Tests.Hosting;
using NodaTime;
using Practice.Appointments;
using Practice.Diaries;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>What the quick entry and the form ask the server for, and what it sends.</summary>
public sealed class The_quick_entry : CalendarTest
{
    [Theory]
    [InlineData("brown", 1)]
    [InlineData("jane BROWN", 1)]
    [InlineData("pt-1", 1)]
    [InlineData("b", 0)]
    [InlineData("Room 2", 0)]
    [InlineData("nobody", 0)]
    [InlineData("%_'\"<", 0)]
    public async Task Finds_patients_of_earlier_appointments_by_name_or_reference(string text, int found)
    {
        await AddEarlierAsync();
        var answer = await AskAsync($"/calendar/new?handler=Patients&text={Uri.EscapeDataString(text)}");
        Assert.Equal(found, answer.GetProperty("patients").GetArrayLength());
        if (found == 0) return;
        var patient = answer.GetProperty("patients")[0].GetProperty("patient");
        Assert.Equal(("Brownlow", "PT-1"), (patient.GetProperty("familyName").GetString(), patient.GetProperty("reference").GetString()));
    }

    [Fact]
    public async Task Does_not_find_another_practitioners_patients()
    {
        await AddEarlierAsync();
        var other = await SignedInAsync("tom");
        var answer = await other.GetAsync("/calendar/new?handler=Patients&text=brown");
        Assert.DoesNotContain("Brownlow", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Brownlow", (await other.GetAsync($"/calendar/new?handler=Patients&who={Maya.Id}&text=brown")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_type_brings_the_length_and_the_fee_of_its_latest_appointment()
    {
        await AddEarlierAsync();
        var type = Assert.Single((await AskAsync("/calendar/new?handler=Types")).GetProperty("types").EnumerateArray());
        Assert.Equal(("Standard consultation", 45, "110.00"), (type.GetProperty("name").GetString(), type.GetProperty("minutes").GetInt32(), type.GetProperty("fee").GetString()));
        Assert.Contains("<option value=\"Standard consultation\" data-minutes=\"45\" data-fee=\"110.00\">", (await Browser.GetAsync("/calendar/new")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fee_has_the_currency_of_the_practice()
    {
        var id = await Diary.BookAsync(Session);
        AssertSays("110.00 AUD", await Browser.GetAsync(Address(id)));
        AssertSays("Fee (AUD)", await Browser.GetAsync("/calendar/new"));
    }

    [Fact]
    public async Task Goes_on_in_the_whole_form_with_what_was_typed_and_saves_nothing_yet()
    {
        var page = await Browser.PostAsync("/calendar/new", [.. Personal("Supervision", ("Form.Minutes", "75")), ("More", "true")]);
        Assert.Matches("id=\"Title\"[^>]*value=\"Supervision\"", page.Text);
        Assert.Matches("id=\"Minutes\"[^>]*value=\"75\"", page.Text);
        Assert.DoesNotContain("role=\"alert\"", page.Text, StringComparison.Ordinal);
        Assert.Empty(await ListAsync(Tuesday.Date, 1));
    }

    [Theory]
    [InlineData("day", "view=day")]
    [InlineData("week", "view=week")]
    public async Task Comes_back_to_the_view_that_it_was_opened_in(string view, string address)
    {
        var page = await Browser.PostAsync("/calendar/new", [.. Personal("Supervision"), ("View", view)]);
        Assert.Contains($"name=\"view\" value=\"{address.Split('=')[1]}\"", page.Text, StringComparison.Ordinal);
    }

    private async Task AddEarlierAsync()
    {
        var now = Server.Clock.GetCurrentInstant().InZone(Practice.Zone()).LocalDateTime.Date.At(new LocalTime(10, 0));
        await Diary.BookAsync(Session with { Start = now.PlusDays(-7) });
        await Diary.AddPersonalAsync(new PersonalEntry("Brown bag lunch", now, Duration.FromMinutes(30)));
    }

    private async Task<JsonElement> AskAsync(string path) => JsonDocument.Parse((await Browser.GetAsync(path)).Text).RootElement;
}
