using CalDavServer.Web.Calendar;
using Calendaring.Store;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using NodaTime.Text;
using Practice.Diaries;

namespace CalDavServer.Web.Pages.Calendar;

/// <summary>Books a patient appointment or adds a personal one.</summary>
internal sealed class NewModel(ICalendarStore store, IClock clock) : CalendarPage(store, clock)
{
    [BindProperty(SupportsGet = true)]
    public string? Who { get; set; }

    [BindProperty]
    public AppointmentForm Form { get; set; } = new();

    /// <summary>Colleagues who have a personal appointment too.</summary>
    [BindProperty]
    public List<string> With { get; set; } = [];

    public Principal Practitioner { get; private set; } = null!;

    public string? Problem { get; private set; }

    protected override Task<IActionResult?> LoadAsync()
    {
        if (FindPractitioner(Who) is not { } practitioner || With.Any(id => FindPractitioner(id) is null)) return Task.FromResult<IActionResult?>(NotFound());
        Practitioner = practitioner;
        return Task.FromResult<IActionResult?>(null);
    }

    public async Task OnGetAsync(string? kind, string? date, string? start, string? minutes)
    {
        var next = Now.LocalDateTime.PlusMinutes(30 - (Now.Minute % 30));
        Form = new AppointmentForm
        {
            Kind = kind == AppointmentForm.Personal ? AppointmentForm.Personal : AppointmentForm.Patient,
            Date = date ?? LocalDatePattern.Iso.Format(Now.Date),
            Start = start ?? Words.Time(next.TimeOfDay),
            Minutes = minutes ?? (kind == AppointmentForm.Personal ? "60" : "45"),
            Types = await TypesAsync(Open(Practitioner.Id)),
        };
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var diary = Open(Practitioner.Id);
        if (Form.IsPatient) Form.AllDay = false;
        var (start, length, repeat) = (Form.ReadStart(Zone), Form.ReadLength(), Form.ReadRepeat());
        var add = Form.IsPatient ? Book(start, length, repeat) : Personal(start, length, repeat);
        try
        {
            if (Form.Problems.Count == 0 && !Form.Anyway)
            {
                var starts = repeat?.Starts(start!.Value, Foreseen(start.Value), Zone, Form.IsAllDay) ?? [start!.Value];
                Form.Clashes = await ClashesAsync(starts, length!.Value);
                Form.NotAllCompared = Compares.Exceeded;
            }

            if (Form.Problems.Count == 0 && !Form.Asks)
            {
                await add(diary);
                var (what, verb) = repeat is null ? ("appointment", "is") : ("appointments", "are");
                TempData["Notice"] = Meeting.Count == 1 ? $"The {what} {verb} in the calendar." : $"The {what} {verb} in the calendars of {Words.List([.. Meeting.Select(person => person.DisplayName)])}.";
                return LocalRedirect(Meeting.Count == 1 ? Back : DayAddress(start!.Value.Date, Meeting.Select(person => person.Id)));
            }
        }
        catch (DiaryException fault)
        {
            Problem = fault.Message;
        }

        Form.Types = await TypesAsync(diary);
        return Page();
    }

    public string Tab(string kind) =>
        $"/calendar/new?kind={kind}&who={Uri.EscapeDataString(Practitioner.Id)}&date={Uri.EscapeDataString(Form.Date ?? "")}&start={Uri.EscapeDataString(Form.Start ?? "")}";

    /// <summary>The week of the appointment.</summary>
    public string Back => LocalDatePattern.Iso.Parse(Form.Date ?? "") is { Success: true } date
        ? WeekAddress(date.Value, Practitioner.Id)
        : "/calendar";

    /// <summary>Whose appointment it is: the practitioner's, and of a staff meeting the colleagues'.</summary>
    private IReadOnlyList<Principal> Meeting =>
        Form.IsPatient ? [Practitioner] : [Practitioner, .. Practitioners.Where(other => other != Practitioner && With.Contains(other.Id))];

    /// <summary>What else there is, of each whose appointment it is: of several the first three.</summary>
    private async Task<IReadOnlyList<Clash>> ClashesAsync(IReadOnlyList<LocalDateTime> starts, Duration length)
    {
        if (Meeting.Count == 1) return [.. (await ClashesAsync(Open(Practitioner.Id), starts, length, Form.IsAllDay)).Select(other => new Clash(other))];
        Form.MostClashes = int.MaxValue;
        List<Clash> clashes = [];
        foreach (var person in Meeting)
            clashes.AddRange((await ClashesAsync(Open(person.Id), starts, length, Form.IsAllDay)).Take(3).Select(other => new Clash(other, person.DisplayName)));
        return clashes;
    }

    private Func<Diary, Task<string>> Book(LocalDateTime? start, Duration? length, Repeat? repeat)
    {
        var (patients, type, fee) = (Form.ReadPatients(), Form.ReadType(), Form.ReadFee());
        return diary => diary.BookAsync(new Booking(patients, type, start!.Value, length!.Value)
        {
            Location = Form.Location?.Trim(),
            Comments = Form.Comments?.ReplaceLineEndings("\n").Trim(),
            Fee = fee,
            Repeat = repeat,
        });
    }

    private Func<Diary, Task<string>> Personal(LocalDateTime? start, Duration? length, Repeat? repeat)
    {
        var title = Form.ReadTitle();
        return diary => diary.AddPersonalAsync(new PersonalEntry(title, start!.Value, length!.Value)
        {
            AllDay = Form.IsAllDay,
            Location = Form.Location?.Trim(),
            Comments = Form.Comments?.ReplaceLineEndings("\n").Trim(),
            Colour = Form.Colour,
            Repeat = repeat,
        }, [.. Meeting.Select(person => person.Id)]);
    }
}
