using Microsoft.Playwright;
using NodaTime;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace EndToEnd.Browser;

/// <summary>Quick entry on the calendar page: by a click, by the keyboard, by dragging over empty time, by touch.</summary>
public sealed class Quick_entry(Chromium chromium, DemoServer server) : BrowserTest(chromium), IClassFixture<DemoServer>
{
    private static readonly LocalDate Day = CalendarPages.FreeDay.PlusWeeks(9);

    [Fact]
    public async Task A_click_on_a_slot_opens_a_small_form_that_adds_a_personal_appointment()
    {
        var (visitor, calendar, dialog) = await OpenAsync(Day);
        await Slot(visitor.Page, Day, "10:00").ClickAsync();
        await Expect(dialog).ToBeVisibleAsync();
        await visitor.LookAsync("quick-entry");
        await Expect(dialog.GetByLabel("Start")).ToHaveValueAsync("10:00");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add" }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("Write a title");
        await dialog.GetByLabel("Patient or title").FillAsync("Quick coffee");
        await dialog.GetByLabel("End").FillAsync("11:15");
        await Expect(dialog.GetByLabel("Minutes")).ToHaveValueAsync("75");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add" }).ClickAsync();
        await Expect(calendar.Appointment("Quick coffee", "10:00–11:15")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Dragging_over_empty_time_makes_an_appointment_of_that_length()
    {
        var day = Day.PlusWeeks(1);
        var (visitor, calendar, dialog) = await OpenAsync(day);
        var page = visitor.Page;
        var slot = Slot(page, day, "10:00");
        await slot.EvaluateAsync("element => element.scrollIntoView({ block: 'center' })");
        var box = (await slot.BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(box.X + 20, box.Y + 3);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(box.X + 20, box.Y + (box.Height * 2.4f), new() { Steps = 10 });
        await Expect(page.Locator(".picked")).ToHaveTextAsync("10:00–11:15");
        await page.Mouse.UpAsync();
        await Expect(dialog.GetByLabel("Minutes")).ToHaveValueAsync("75");
        await dialog.GetByLabel("Patient or title").FillAsync("Dragged");
        await page.Keyboard.PressAsync("Enter");
        await Expect(calendar.Appointment("Dragged", "10:00–11:15")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_patient_is_found_by_typing_and_the_type_brings_length_and_fee_with_the_keyboard_alone()
    {
        var day = Day.PlusWeeks(2);
        var (visitor, calendar, dialog) = await OpenAsync(day);
        var page = visitor.Page;
        var name = await KnownPatientAsync(visitor, day);
        await Slot(page, day, "14:00").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(dialog.GetByLabel("Patient or title")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync(name);
        await Expect(dialog.GetByRole(AriaRole.Option).First).ToContainTextAsync(name);
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        await Expect(dialog.GetByLabel("Appointment type")).Not.ToHaveValueAsync("");
        await Expect(dialog.GetByLabel("Fee (AUD)")).Not.ToHaveValueAsync("");
        await visitor.LookAsync("quick-entry-patient");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Book" }).ClickAsync();
        await Expect(calendar.Appointment(name, "14:00")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Escape_closes_first_the_list_and_then_the_form_and_gives_the_focus_back()
    {
        var day = Day.PlusWeeks(3);
        var (visitor, _, dialog) = await OpenAsync(day);
        var page = visitor.Page;
        var slot = Slot(page, day, "09:00");
        await slot.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.TypeAsync("xy");
        await Expect(dialog.GetByRole(AriaRole.Option)).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("Escape");
        await Expect(dialog.GetByRole(AriaRole.Option)).ToHaveCountAsync(0);
        await Expect(dialog).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(dialog).ToBeHiddenAsync();
        await Expect(slot).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Somebody_who_is_not_known_yet_goes_on_in_the_whole_form()
    {
        var day = Day.PlusWeeks(4);
        var (visitor, _, dialog) = await OpenAsync(day);
        await Slot(visitor.Page, day, "09:30").ClickAsync();
        await dialog.GetByLabel("Patient or title").PressSequentiallyAsync("Zora Newman");
        await dialog.GetByRole(AriaRole.Option, new() { Name = "New patient" }).ClickAsync();
        await Expect(visitor.Page.GetByLabel("Given name").First).ToHaveValueAsync("Zora");
        await Expect(visitor.Page.GetByLabel("Family name").First).ToHaveValueAsync("Newman");
        await Expect(visitor.Page.GetByLabel("Start", new() { Exact = true })).ToHaveValueAsync("09:30");
    }

    [Fact]
    public async Task A_name_that_is_typed_on_after_the_list_opened_is_the_new_patients_name()
    {
        var day = Day.PlusWeeks(6);
        var (visitor, _, dialog) = await OpenAsync(day);
        await Slot(visitor.Page, day, "09:30").ClickAsync();
        await dialog.GetByLabel("Patient or title").PressSequentiallyAsync("Zora");
        await Expect(dialog.GetByRole(AriaRole.Option, new() { Name = "New patient “Zora”" })).ToBeVisibleAsync();

        // before the list can follow
        await dialog.EvaluateAsync(
            """
            dialog => {
                const input = dialog.querySelector('#quick-what');
                input.value = 'Zora Newman';
                input.dispatchEvent(new Event('input', { bubbles: true }));
                dialog.querySelector('[role=option]').click();
            }
            """);
        await Expect(visitor.Page.GetByLabel("Given name").First).ToHaveValueAsync("Zora");
        await Expect(visitor.Page.GetByLabel("Family name").First).ToHaveValueAsync("Newman");
    }

    [Fact]
    public async Task Without_a_script_a_slot_leads_to_the_form()
    {
        var visitor = await SignInAsync(server.Url, server.Maya, scripts: false);
        await new CalendarPages(visitor).ShowAsync(Day.PlusWeeks(5));
        await Slot(visitor.Page, Day.PlusWeeks(5), "10:00").ClickAsync();
        await Expect(visitor.Page.GetByLabel("Start", new() { Exact = true })).ToHaveValueAsync("10:00");
    }

    private async Task<(Visitor Visitor, CalendarPages Calendar, ILocator Dialog)> OpenAsync(LocalDate day)
    {
        var visitor = await ReturnAsync(server, server.Maya);
        var calendar = new CalendarPages(visitor);
        await calendar.ShowAsync(day);
        return (visitor, calendar, visitor.Page.GetByRole(AriaRole.Dialog));
    }

    /// <summary>The family name of somebody who has an appointment already, of a type with a fee.</summary>
    private static async Task<string> KnownPatientAsync(Visitor visitor, LocalDate day)
    {
        await visitor.OpenAsync("/calendar/new?kind=patient");
        var answer = await visitor.Page.EvaluateAsync<string>("async () => { const known = await (await fetch('/calendar/new?handler=Types')).json(); return known.types.find(type => type.fee !== null).name; }");
        await visitor.Page.GetByLabel("Given name").First.FillAsync("Mina");
        await visitor.Page.GetByLabel("Family name").First.FillAsync("Searchable");
        await visitor.Page.GetByLabel("Reference").First.FillAsync("PT-77");
        await visitor.Page.GetByLabel("Appointment type").FillAsync(answer);
        await Expect(visitor.Page.GetByLabel("Fee (AUD)")).Not.ToHaveValueAsync("");
        await visitor.Page.GetByLabel("Start", new() { Exact = true }).FillAsync("06:00");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Book appointment" }).ClickAsync();
        await new CalendarPages(visitor).ShowAsync(day);
        return "Searchable";
    }

    private static ILocator Slot(IPage page, LocalDate day, string time) =>
        page.Locator($"section.column[data-date='{CalendarPages.Iso(day)}'] a.slot[aria-label='Add at {time}']");
}
