using System.Text.Json;
using CalDavServer.Web.Calendar;
using CalDavServer.Web.SignIn;
using Calendaring.Recurrence;
using Calendaring.Store;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using NodaTime.Text;
using Practice.Appointments;
using Practice.Diaries;
using ProviderBridge.Halaxy;

namespace CalDavServer.Web.Pages.Calendar;

/// <summary>Books a patient appointment or adds a personal one.</summary>
internal sealed class NewModel(PracticeDiaries diaries, IClock clock, HalaxyConnections halaxy) : CalendarPage(diaries, clock)
{
    private const int MaxSought = 100;
    private const int MostSought = 8;
    private static readonly Duration Sought = Duration.FromDays(366);

    [BindProperty(SupportsGet = true)]
    public string? Who { get; set; }

    [BindProperty]
    public AppointmentForm Form { get; set; } = new();

    /// <summary>Colleagues who have a personal appointment too.</summary>
    [BindProperty]
    public List<string> With { get; set; } = [];

    /// <summary>The view of the calendar that it was added from, which is shown again.</summary>
    [BindProperty]
    public string? View { get; set; }

    /// <summary>Whether the quick entry wants the whole form, with what was typed so far.</summary>
    [BindProperty]
    public bool More { get; set; }

    public Principal Practitioner { get; private set; } = null!;

    public string? Problem { get; private set; }

    private bool IsAnothers => Practitioner.Id != Me.Principal.Id;

    /// <summary>Whether the practitioner's diary mirrors that in Halaxy.</summary>
    public bool IsConnected => Group.IsConnectedFor(Practitioner.Id);

    /// <summary>Whether a personal appointment can be turned into a patient appointment, in a diary that mirrors Halaxy: the boxes are ticked that this needs.</summary>
    public bool MayBook { get; private set; }

    protected override async Task<IActionResult?> LoadAsync()
    {
        if (FindPractitioner(Who) is not { } practitioner || With.Any(id => FindPractitioner(id) is null)) return NotFound();
        Practitioner = practitioner;
        MayBook = IsConnected && await halaxy.FindAsync(Group.Id, HttpContext.RequestAborted) is { } connection && !connection.BookingScopes.Any();
        return null;
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
            IsAnothers = IsAnothers,
        };
        await PrepareAsync(Form, Open(Practitioner.Id));
    }

    /// <summary>What a script asks for while a patient is typed: patients of the practitioner's appointments by name or reference, the latest first.</summary>
    public async Task<IActionResult> OnGetPatientsAsync(string? text) => Answer(new KnownAnswer(await FindPatientsAsync(text ?? ""), []));

    /// <summary>What a script asks for when a quick entry opens.</summary>
    public async Task<IActionResult> OnGetTypesAsync() => Answer(new KnownAnswer([], await TypesAsync(Open(Practitioner.Id))));

    [LastingAccess(LastingAccess.None)]
    public async Task<IActionResult> OnPostAsync()
    {
        var diary = Open(Practitioner.Id);
        Form.IsAnothers = IsAnothers;
        if (Form.IsPatient) Form.AllDay = false;
        if (More)
        {
            await PrepareAsync(Form, diary);
            return Page();
        }

        var (start, length, repeat) = (Form.ReadStart(Zone), Form.ReadLength(), Form.ReadRepeat());
        var add = Form.IsPatient ? Book(start, length, repeat) : Personal(start, length, repeat);
        try
        {
            if (Form.Problems.Count == 0 && !Form.Anyway)
            {
                var starts = repeat is null ? [start!.Value] : Repeating.Starts(repeat, start!.Value, Clashing.ComparedUntil(start.Value), Zone, Form.IsAllDay);
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

        await PrepareAsync(Form, diary);
        return Page();
    }

    public string Tab(string kind) =>
        $"/calendar/new?kind={kind}&who={Uri.EscapeDataString(Practitioner.Id)}&date={Uri.EscapeDataString(Form.Date ?? "")}&start={Uri.EscapeDataString(Form.Start ?? "")}";

    /// <summary>The week of the appointment, or the view that it was added from.</summary>
    public string Back => LocalDatePattern.Iso.Parse(Form.Date ?? "") is not { Success: true } date ? "/calendar"
        : View == "day" ? DayAddress(date.Value, Practitioner.Id)
        : View == "week" ? $"{WeekAddress(date.Value, Practitioner.Id)}&view=week"
        : WeekAddress(date.Value, Practitioner.Id);

    /// <summary>Whose appointment it is: the practitioner's, and of a staff meeting the colleagues'.</summary>
    private IReadOnlyList<Principal> Meeting =>
        Form.IsPatient ? [Practitioner] : [Practitioner, .. Practitioners.Where(other => other != Practitioner && With.Contains(other.Id))];

    /// <summary>What else there is, of each whose appointment it is: of several the first three.</summary>
    private async Task<IReadOnlyList<Clash>> ClashesAsync(IReadOnlyList<LocalDateTime> starts, Duration length)
    {
        if (Meeting.Count == 1) return [.. (await ClashesAsync(Practitioner, starts, length)).Select(other => new Clash(other))];
        Form.MostClashes = int.MaxValue;
        List<Clash> clashes = [];
        foreach (var person in Meeting)
            clashes.AddRange((await ClashesAsync(person, starts, length)).Take(3).Select(other => new Clash(other, person.DisplayName)));
        return clashes;
    }

    private Task<IReadOnlyList<Appointment>> ClashesAsync(Principal person, IReadOnlyList<LocalDateTime> starts, Duration length) =>
        Open(person.Id).ClashesAsync(starts, length, Zone, Compares, Form.IsAllDay);

    private async Task<IReadOnlyList<KnownPatient>> FindPatientsAsync(string text)
    {
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (text.Trim().Length < 2 || text.Length > MaxSought) return [];
        bool Is(Patient patient) => words.All(word => $"{patient.FullName} {patient.Reference}".Contains(word, StringComparison.CurrentCultureIgnoreCase));
        var now = Now.ToInstant();
        var found = await Open(Practitioner.Id).SearchAsync(text, now - Sought, now + Sought, int.MaxValue, latestFirst: true, DiaryBudget.OfPage(HttpContext.RequestAborted));
        var patients = found.SelectMany(appointment => appointment.Patients.Where(Is).Select(patient => new KnownPatient(patient, appointment.Type)));
        return [.. patients.DistinctBy(known => (known.Patient.Reference, known.Patient.FullName)).Take(MostSought)];
    }

    private static ContentResult Answer(KnownAnswer answer) =>
        new() { ContentType = "application/json", Content = JsonSerializer.Serialize(answer, CalendarJson.Default.KnownAnswer) };

    private Func<Diary, Task<string>> Book(LocalDateTime? start, Duration? length, RecurrenceRule? repeat)
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

    private Func<Diary, Task<string>> Personal(LocalDateTime? start, Duration? length, RecurrenceRule? repeat)
    {
        var title = Form.ReadTitle();
        return diary => diary.AddPersonalAsync(new PersonalEntry(title, start!.Value, length!.Value)
        {
            AllDay = Form.IsAllDay,
            Location = Form.Location?.Trim(),
            Comments = Form.Comments?.ReplaceLineEndings("\n").Trim(),
            Colour = Form.Colour,
            Private = Form.Private == true,
            Repeat = repeat,
        }, [.. Meeting.Select(person => person.Id)]);
    }
}

/// <summary>A patient of an earlier appointment.</summary>
/// <param name="Patient">Who.</param>
/// <param name="Type">The type of the latest appointment.</param>
internal sealed record KnownPatient(Patient Patient, string? Type);

/// <summary>What a form is helped with.</summary>
/// <param name="Patients">Patients that were found.</param>
/// <param name="Types">Appointment types that are used.</param>
internal sealed record KnownAnswer(IReadOnlyList<KnownPatient> Patients, IReadOnlyList<KnownType> Types);
