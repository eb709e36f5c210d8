using System.Net;
using System.Text.RegularExpressions;
using CalDavServer.Tests.Hosting;
using Calendaring.Recurrence;
using NodaTime;
using Practice.Appointments;
using Practice.Diaries;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>What each privacy level would show is previewed where a level is chosen.</summary>
public sealed class ConnectPreviewTests : ConnectTest
{
    [Fact]
    public async Task A_preview_shows_each_level_nothing_of_what_it_hides()
    {
        await DiaryOf(Maya).BookAsync(new Booking([new Patient("PT-9", "Marguerite", "Oyelaran", "03 5550 7788")], "Standard consultation", Tomorrow, Duration.FromMinutes(45))
        {
            Location = "Room 7",
            Comments = "Ankle, second visit",
        });
        using var browser = await SignedInAsync("maya");
        var page = await browser.GetAsync(AddApp);
        Assert.Contains("This is your next patient appointment", page.Text, StringComparison.Ordinal);
        Assert.Equal("<b>Busy</b>", PreviewOf(page, "Busy"));
        Assert.Equal("<b>Standard consultation</b><small>Room 7</small>", PreviewOf(page, "Type"));
        Assert.DoesNotContain("Marguerite", PreviewOf(page, "Initials"), StringComparison.Ordinal);
        Assert.Contains("Marguerite", PreviewOf(page, "FirstName"), StringComparison.Ordinal);
        foreach (var level in new[] { "Initials", "FirstName" })
        {
            Assert.DoesNotContain("Oyelaran", PreviewOf(page, level), StringComparison.Ordinal);
            Assert.DoesNotContain("Ankle", PreviewOf(page, level), StringComparison.Ordinal);
        }

        Assert.Contains("Marguerite Oyelaran", PreviewOf(page, "FullName"), StringComparison.Ordinal);
        Assert.Contains("Ankle, second visit", PreviewOf(page, "FullName"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_choice_of_a_level_previews_the_coming_occurrence_as_it_is_itself()
    {
        var booking = new Booking([new Patient("PT-9", "Marguerite", "Oyelaran")], "Standard consultation", Tomorrow, Duration.FromMinutes(45))
        {
            Location = "Room 7",
            Comments = "Ankle",
            Repeat = new RecurrenceRule(Frequency.Weekly) { Count = 4 },
        };
        var id = await DiaryOf(Maya).BookAsync(booking);
        var own = new AppointmentEdit { Location = "Gymnasium", Comments = "Bring trainers" };
        await DiaryOf(Maya).EditAsync(new AppointmentTarget(id, Tomorrow), own, SeriesScope.ThisOne);
        await DiaryOf(Maya).EditAsync(new AppointmentTarget(id, Tomorrow.PlusWeeks(2)), new AppointmentEdit { Location = "Pool" }, SeriesScope.ThisOne);
        using var browser = await SignedInAsync("maya");
        await AddAsync(browser);
        var device = Assert.Single(await DevicesOfAsync(Maya)).Id;
        var feed = await browser.GetAsync("/settings/integrations/feed");
        await browser.PostAsync("/settings/integrations/feed?handler=On", ("Level", "Type"));
        var feedOn = await browser.GetAsync("/settings/integrations/feed");
        foreach (var page in new[] { await browser.GetAsync(AddApp), await browser.GetAsync($"/settings/sync/devices/{device}"), feed, feedOn })
        {
            Assert.Contains("This is your next patient appointment", page.Text, StringComparison.Ordinal);
            Assert.Equal("<b>Busy</b>", PreviewOf(page, "Busy"));
            Assert.Equal("<b>Standard consultation</b><small>Gymnasium</small>", PreviewOf(page, "Type"));
            Assert.Contains("Bring trainers", PreviewOf(page, "FullName"), StringComparison.Ordinal);
        }

        Assert.Matches("value=\"Type\" checked", feedOn.Text);
        await DiaryOf(Maya).CancelAsync(new AppointmentTarget(id, Tomorrow), CancelChoice.Cancel, SeriesScope.ThisOne);
        Assert.Equal("<b>Standard consultation</b><small>Room 7</small>", PreviewOf(await browser.GetAsync(AddApp), "Type"));
    }

    [Fact]
    public async Task Without_an_appointment_the_preview_shows_an_invented_one()
    {
        using var browser = await SignedInAsync("tom");
        foreach (var path in new[] { AddApp, "/settings/integrations/feed" })
            Assert.Contains("so this shows an invented one", (await browser.GetAsync(path)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_form_of_a_device_still_previews_the_level_that_was_chosen()
    {
        using var browser = await SignedInAsync("maya");
        await AddAsync(browser);
        var page = await browser.PostAsync($"/settings/sync/devices/{Assert.Single(await DevicesOfAsync(Maya)).Id}", ("label", ""), ("level", "FirstName"));
        Assert.Contains("Give the device a name", page.Text, StringComparison.Ordinal);
        Assert.Matches("value=\"FirstName\" checked", page.Text);
        Assert.Equal("<b>Standard consultation · Alex</b><small>Room 1</small>", PreviewOf(page, "FirstName"));
    }

    private static string PreviewOf(PageAnswer page, string level)
    {
        var match = Regex.Match(page.Text, $"data-level=\"{level}\">(.*?)</span>", RegexOptions.Singleline);
        Assert.True(match.Success, $"There is no preview of {level}.");
        return WebUtility.HtmlDecode(match.Groups[1].Value);
    }
}
