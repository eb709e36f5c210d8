using CalDavServer.Links.Halaxy;
using CalDavServer.Web.Calendar;
using CalDavServer.Web.Pages.Settings.Halaxy;
using CalDavServer.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using NodaTime.Text;
using Practice;
using Practice.Appointments;
using Practice.Diaries;
using ProviderBridge.Halaxy;

namespace CalDavServer.Web.Pages.Calendar;

/// <summary>Books a personal appointment of a connected practice in Halaxy, with a patient, a type and a clinic from Halaxy's own lists (R4).</summary>
internal sealed class BookModel(PracticeDiaries diaries, IClock clock, HalaxyBooking booking, HalaxyConnections connections, HalaxyRunner runner) : AppointmentPage(diaries, clock)
{
    private const int LeastText = 2;
    private const int MostText = 100;
    private const int MostLooks = 15;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(200);

    /// <summary>What is typed of a patient's name.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Text { get; set; }

    [BindProperty]
    public string? Patient { get; set; }

    [BindProperty]
    public string? Service { get; set; }

    [BindProperty]
    public string? Role { get; set; }

    /// <summary>Another time at which it is to be booked, one of those that were offered; null to leave it where it is.</summary>
    [BindProperty]
    public string? At { get; set; }

    /// <summary>The times of that day that Halaxy offers after it refused one.</summary>
    public IReadOnlyList<LocalDateTime> Times { get; private set; } = [];

    /// <summary>What else is in the diary at its time.</summary>
    public IReadOnlyList<Appointment> Clashes { get; private set; } = [];

    /// <summary>The boxes that are not ticked for the key in Halaxy, and without which nothing is booked.</summary>
    public IReadOnlyList<string> Boxes { get; private set; } = [];

    /// <summary>Why nothing can be booked at all at the moment, or not this one; null when it can.</summary>
    public string? Obstacle { get; private set; }

    /// <summary>Whether Halaxy said that the time is taken there.</summary>
    public bool IsTakenThere { get; private set; }

    /// <summary>How a time that is offered is written.</summary>
    public static LocalDateTimePattern Written { get; } = LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm");

    /// <summary>The patients that were found; null when nobody was looked for.</summary>
    public IReadOnlyList<(string Id, string Name)>? Found { get; private set; }

    public IReadOnlyList<HalaxyService> Services { get; private set; } = [];

    /// <summary>The clinics of the practitioner.</summary>
    public IReadOnlyList<HalaxyRole> Roles { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync()
    {
        if (!IsNotInHalaxy || Appointment.Kind == AppointmentKind.Patient) return LocalRedirect(Address(IsConnected || Appointment.Kind == AppointmentKind.Patient ? "" : "/convert"));
        await FindAsync();
        await ReadListsAsync();
        return Page();
    }

    /// <summary>The patients alone: what a script asks for while a name is typed.</summary>
    public async Task<IActionResult> OnGetFoundAsync()
    {
        if (!IsNotInHalaxy) return NotFound();
        await FindAsync();
        return Partial("/Web/Pages/Calendar/_Found.cshtml", this);
    }

    [LastingAccess(LastingAccess.None)]
    public async Task<IActionResult> OnPostAsync()
    {
        if (!IsNotInHalaxy || Appointment.Kind == AppointmentKind.Patient) return LocalRedirect(Address());
        var moved = false;
        try
        {
            if (Appointment.Private && Person.Of(HttpContext).Principal.Id != PractitionerId) throw new DiaryException(DiaryFault.Conflict, "It is private: only the practitioner whose appointment it is can book it.");
            if (!string.IsNullOrEmpty(Version) && Version != Appointment.Version) throw new DiaryException(DiaryFault.Stale, "The appointment has changed in the meantime: load it again.");
            var wish = new HalaxyWish(Patient ?? "", Service ?? "", Role ?? "");
            await CheckAsync(wish);
            if (At is not null && Written.Parse(At) is { Success: true, Value: var time })
            {
                await MoveAsync(time);
                moved = true;
            }

            var booked = await booking.BookAsync(Group.Id, new AppointmentKey(PractitionerId, Appointment.Id), wish, HttpContext.RequestAborted);
            runner.Wake(Group.Id);
            var come = booked is null ? null : await HasComeAsync();
            TempData["Notice"] = booked is not null
                ? come == true ? "It is booked in Halaxy, and a patient appointment now." : "It is booked in Halaxy, and becomes a patient appointment here in a moment."
                : "Halaxy did not answer. If it was booked, it becomes a patient appointment here within a few minutes; if it does not, try again: nothing is booked twice.";
            return LocalRedirect(booked is not null && come is null ? DayAddress(Appointment.Start.Date, PractitionerId) : Address());
        }
        catch (HalaxyException refused)
        {
            Problem = moved ? $"{WordsOf(refused.Fault)} {MovedTo}" : WordsOf(refused.Fault);
            IsTakenThere = refused.Fault == HalaxyFault.Conflict;
            if (IsTakenThere) await OfferAsync();
        }
        catch (DiaryException refused) when (refused.Fault != DiaryFault.NotFound)
        {
            var answer = await RefuseAsync(refused);
            if (At is not null && refused.Fault == DiaryFault.Invalid) await OfferAsync();
            if (moved) Problem = $"{Problem} {MovedTo}";
            await ReadAgainAsync();
            return answer;
        }

        await ReadAgainAsync();
        return Page();
    }

    /// <summary>Whether it comes from Halaxy within moments: the page that follows then shows it as it is. Null when somebody deleted it here in the meantime.</summary>
    private async Task<bool?> HasComeAsync()
    {
        try
        {
            for (var looks = 0; looks < MostLooks; looks++)
            {
                if ((await Diary.GetAsync(Target() with { Version = null }, HttpContext.RequestAborted)).Kind == AppointmentKind.Patient) return true;
                await Task.Delay(BetweenLooks, HttpContext.RequestAborted);
            }

            return false;
        }
        catch (DiaryException gone) when (gone.Fault == DiaryFault.NotFound)
        {
            return null;
        }
    }

    private static string WordsOf(HalaxyFault fault) => fault switch
    {
        HalaxyFault.Conflict => "Halaxy has another appointment of this practitioner at that time. Nothing was booked: move this one.",
        HalaxyFault.MissingScope => "The API key may not do this: an administrator has to tick Patients and Appointments for it in Halaxy. Nothing was booked.",
        HalaxyFault.KeyRefused => "Halaxy no longer accepts the practice’s API key: an administrator has to enter another one. Nothing was booked.",
        HalaxyFault.Rejected => "Halaxy rejected the booking. Nothing was booked: check the patient, the type and the clinic, or book it in Halaxy.",
        _ => "Halaxy does not answer as it should. Nothing was booked: try again in a few minutes.",
    };

    /// <summary>Says when else that day it could be, there and in the diary.</summary>
    private async Task OfferAsync()
    {
        var (from, until) = (Zone.AtStartOfDay(Appointment.Start.Date), Zone.AtStartOfDay(Appointment.Start.Date.PlusDays(1)));
        var length = Appointment.End.ToInstant() - Appointment.Start.ToInstant();
        var others = (await Diary.ListAsync(from.ToInstant(), until.ToInstant() + length, DiaryBudget.OfPage(HttpContext.RequestAborted))).Where(other => other.Id != Appointment.Id && other.TakesTime).ToList();
        bool IsFree(Instant start) => others.All(other => other.Start.ToInstant() >= start + length || other.End.ToInstant() <= start);
        var times = await booking.FindTimesAsync(Group.Id, Role ?? "", new Interval(from.ToInstant(), until.ToInstant()), length, IsFree, HttpContext.RequestAborted);
        Times = [.. times.Select(time => time.InZone(Zone).LocalDateTime)];
        if (times.Count > 0) Problem += $" The first times that Halaxy offers for online bookings that day: {string.Join(", ", times.Select(time => Words.Time(time.InZone(Zone).TimeOfDay)))}.";
    }

    /// <summary>Whether it can be booked as it was chosen: nothing is moved for what is not booked then.</summary>
    private async Task CheckAsync(HalaxyWish wish)
    {
        if (await connections.FindAsync(Group.Id, HttpContext.RequestAborted) is not { } connection) return;
        if (ObstacleOf(connection) is { } obstacle) throw new DiaryException(DiaryFault.Conflict, obstacle);
        HalaxyBooking.Check(connection, PractitionerId, wish);
    }

    private string? ObstacleOf(HalaxyConnection connection) =>
        HalaxyBooking.ObstacleOf(Repeats, Appointment.AllDay) ?? (connection.Mirrors ? null : $"Nothing can be booked at the moment. {HalaxyWords.Waiting(connection, runner.FailuresOf(Group.Id))}");

    private string MovedTo => $"Here, it is at {Words.Time(Appointment.Start.TimeOfDay)} now.";

    /// <summary>Moves it in the diary, to be booked at its new time.</summary>
    private async Task MoveAsync(LocalDateTime time)
    {
        await Diary.EditAsync(Target(), new AppointmentEdit { Start = time });
        Version = null;
        if (!await ReadAsync()) throw new DiaryException(DiaryFault.NotFound, "There is no such appointment.");
    }

    private async Task ReadAgainAsync()
    {
        await FindAsync();
        await ReadListsAsync();
    }

    private async Task FindAsync()
    {
        var text = (Text ?? "").Trim();
        if (text.Length is < LeastText or > MostText) return;
        try
        {
            Found = await booking.FindPatientsAsync(Group.Id, text, HttpContext.RequestAborted);
        }
        catch (HalaxyException refused)
        {
            Problem ??= WordsOf(refused.Fault);
        }
        catch (DiaryException refused)
        {
            Problem ??= refused.Message;
        }
    }

    private async Task ReadListsAsync()
    {
        if (!Appointment.AllDay) Clashes = await Diary.ClashesAsync([Appointment.Start.LocalDateTime], Appointment.End.ToInstant() - Appointment.Start.ToInstant(), Zone, Compares, own: Appointment.Id);
        if (await connections.FindAsync(Group.Id, HttpContext.RequestAborted) is not { } connection) return;
        Obstacle = ObstacleOf(connection);
        Boxes = [.. connection.BookingScopes.Select(HalaxyScopes.NameOf)];
        Services = [.. connection.Services.Where(service => service is { Name.Length: > 0, IsArchived: false }).OrderBy(service => service.Name, StringComparer.CurrentCultureIgnoreCase)];
        Roles = [.. connection.Roles.Where(role => !role.IsArchived && connection.PractitionerOf(role.Id) == PractitionerId)];
    }
}
