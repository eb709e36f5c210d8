using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using NodaTime;
using static Microsoft.Playwright.Assertions;

namespace EndToEnd.Browser;

/// <summary>What a practitioner does on the pages of the calendar, by the words on them.</summary>
internal sealed class CalendarPages(Visitor visitor)
{
    /// <summary>Today in the demonstration practice.</summary>
    public static LocalDate Today => SystemClock.Instance.GetCurrentInstant().InZone(DateTimeZoneProviders.Tzdb["Australia/Melbourne"]).Date;

    /// <summary>A day to come on which nobody in the demonstration works.</summary>
    public static LocalDate FreeDay => Today.PlusDays(7).Next(IsoDayOfWeek.Saturday);

    private IPage Page => visitor.Page;

    /// <summary>Shows the week of a day.</summary>
    public Task ShowAsync(LocalDate date, string view = "week") => visitor.OpenAsync($"/calendar?view={view}&date={Iso(date)}");

    /// <summary>An appointment on the page that is shown.</summary>
    public ILocator Appointment(string title) => Page.Locator("a.appointment", new() { HasText = title });

    /// <summary>An appointment at a time on the page that is shown.</summary>
    public ILocator Appointment(string title, string time) => Appointment(title).Filter(new() { HasText = time });

    /// <summary>Adds a personal appointment, beginning on the week where it will stand; on so many weeks, and with a colleague, when that is said.</summary>
    public async Task AddPersonalAsync(string title, LocalDateTime start, int minutes = 30, int weeks = 1, string? with = null, string? look = null)
    {
        await NewAsync(start, minutes, "Personal");
        await Page.GetByLabel("Title").FillAsync(title);
        if (with is not null) await Page.GetByLabel(with).CheckAsync();
        if (weeks > 1)
        {
            await Page.Locator("summary", new() { HasText = "Repeat" }).ClickAsync();
            await Page.GetByLabel("How", new() { Exact = true }).SelectOptionAsync("week");
            await Page.GetByLabel("It ends").SelectOptionAsync("count");
            await Page.GetByLabel("Times", new() { Exact = true }).FillAsync(weeks.ToString(CultureInfo.InvariantCulture));
        }

        if (look is not null) await visitor.LookAsync(look);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Add appointment" }).ClickAsync();
        await Expect(Appointment(title).First).ToBeVisibleAsync();
    }

    /// <summary>Books a patient.</summary>
    public async Task BookAsync(string givenName, string familyName, LocalDateTime start, int minutes = 30)
    {
        await NewAsync(start, minutes, "Patient");
        await FillPatientAsync(givenName, familyName);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Book appointment" }).ClickAsync();
        await Expect(Appointment(familyName)).ToBeVisibleAsync();
    }

    /// <summary>Writes the patient and the type into the form that is open.</summary>
    public async Task FillPatientAsync(string givenName, string familyName)
    {
        await Page.GetByLabel("Given name").First.FillAsync(givenName);
        await Page.GetByLabel("Family name").First.FillAsync(familyName);
        await Page.GetByLabel("Reference").First.FillAsync("PT-" + familyName.Length);
        await Page.GetByLabel("Appointment type").FillAsync("Follow-up");
    }

    /// <summary>Opens an appointment from its week.</summary>
    public async Task OpenAsync(string title, LocalDate date)
    {
        await ShowAsync(date);
        await Appointment(title).First.ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync(title);
    }

    /// <summary>Edits fields of an appointment, each by its label.</summary>
    public async Task EditAsync(string title, LocalDate date, params (string Label, string Value)[] fields)
    {
        await OpenAsync(title, date);
        await Page.GetByRole(AriaRole.Link, new() { Name = "Edit", Exact = true }).ClickAsync();
        foreach (var (label, value) in fields) await Page.GetByLabel(label, new() { Exact = true }).FillAsync(value);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Status)).ToBeVisibleAsync();
    }

    /// <summary>Deletes a personal appointment.</summary>
    public async Task DeleteAsync(string title, LocalDate date)
    {
        await OpenAsync(title, date);
        await Page.GetByRole(AriaRole.Link, new() { Name = "Delete" }).ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Delete it" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Status)).ToBeVisibleAsync();
    }

    /// <summary>Cancels a patient's appointment, and keeps its record.</summary>
    public async Task CancelAsync(string title, LocalDate date)
    {
        await OpenAsync(title, date);
        await Page.GetByRole(AriaRole.Link, new() { Name = "Cancel appointment" }).ClickAsync();
        await Page.GetByText("It leaves your devices' calendar").ClickAsync();
        await Expect(Page.Locator("input[value=Cancel]")).ToBeCheckedAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Confirm", Exact = true }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Status)).ToBeVisibleAsync();
    }

    /// <summary>Links an invoice to an appointment.</summary>
    public async Task InvoiceAsync(string title, LocalDate date, string number)
    {
        await OpenAsync(title, date);
        await Page.GetByLabel("Invoice number").FillAsync(number);
        await Page.Locator("form", new() { Has = Page.GetByLabel("Invoice number") }).GetByRole(AriaRole.Button).ClickAsync();
        await Expect(Page.Locator("dd", new() { HasText = number })).ToBeVisibleAsync();
    }

    public static string Iso(LocalDate date) => date.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture);

    private async Task NewAsync(LocalDateTime start, int minutes, string kind)
    {
        await ShowAsync(start.Date);
        await Page.GetByRole(AriaRole.Link, new() { Name = "New appointment" }).ClickAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = kind, Exact = true }).ClickAsync();
        await Page.GetByLabel("Date", new() { Exact = true }).FillAsync(Iso(start.Date));
        await Page.GetByLabel("Start", new() { Exact = true }).FillAsync(start.ToString("HH:mm", CultureInfo.InvariantCulture));
        await Page.GetByLabel("Length in minutes", new() { Exact = true }).FillAsync(minutes.ToString(CultureInfo.InvariantCulture));
    }
}
