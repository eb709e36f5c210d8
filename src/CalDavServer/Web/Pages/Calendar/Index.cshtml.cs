using System.Text;
using CalDavServer.Web.Calendar;
using CalDavServer.Web.SignIn;
using Calendaring.Store;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using NodaTime.Text;
using Practice.Diaries;

namespace CalDavServer.Web.Pages.Calendar;

/// <summary>The calendar: a day, a week or a month. Which, of when and of whom is in the address.</summary>
internal sealed class IndexModel(PracticeDiaries diaries, DiaryWatch watch, CalendarPreferences preferences, IClock clock) : CalendarPage(diaries, clock)
{
    /// <summary>How many practitioners stand side by side.</summary>
    private const int MostColumns = 8;

    /// <summary>How many appointments a day of the month shows before it says how many more there are.</summary>
    public const int MostOfDay = 4;

    /// <summary><c>day</c>, <c>week</c> or <c>month</c>.</summary>
    [BindProperty(SupportsGet = true)]
    public string? View { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Date { get; set; }

    [BindProperty(SupportsGet = true)]
    public List<string> Who { get; set; } = [];

    /// <summary><c>all</c> for the whole day and night.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Hours { get; set; }

    public LocalDate Chosen { get; private set; }

    /// <summary>Whose diaries are shown.</summary>
    public IReadOnlyList<Principal> Shown { get; private set; } = [];

    /// <summary>The hours of a day or a week; null in a month.</summary>
    public TimeGrid? Grid { get; private set; }

    /// <summary>The days of a month, in whole weeks; null in a day or a week.</summary>
    public IReadOnlyList<DayColumn>? Month { get; private set; }

    /// <summary>Whether cancelled appointments are left out.</summary>
    public bool HidesCancelled { get; private set; }

    /// <summary>The state of the diaries shown: what is newer has an event.</summary>
    public long Change { get; private set; }

    public LocalDate Today => Now.Date;

    protected override Task<IActionResult?> LoadAsync()
    {
        if (View is not ("day" or "week" or "month")) View = IsPhone ? "day" : "week";
        Chosen = LocalDatePattern.Iso.Parse(Date ?? "") is { Success: true, Value: { Year: >= 1900 and <= 2200 } date } ? date : Today;
        if (Who.Any(id => Practitioners.All(practitioner => practitioner.Id != id))) return Task.FromResult<IActionResult?>(NotFound());
        var chosen = Who.Count == 0 ? Practitioners : [.. Practitioners.Where(practitioner => Who.Contains(practitioner.Id))];
        Shown = [.. chosen.Take(View == "day" ? MostColumns : 1)];
        return Task.FromResult<IActionResult?>(null);
    }

    public async Task<IActionResult> OnGetAsync()
    {
        await ReadAsync();
        return Page();
    }

    /// <summary>The calendar alone, for a page that is open already.</summary>
    public async Task<IActionResult> OnGetGridAsync()
    {
        await ReadAsync();
        return Partial("_Sheet", this);
    }

    /// <summary>Hides cancelled appointments from now on, or shows them again.</summary>
    [LastingAccess(LastingAccess.None)]
    public async Task<IActionResult> OnPostCancelledAsync(bool hide)
    {
        await preferences.HideCancelledAsync(Me.Principal.Id, hide);
        return LocalRedirect(Address());
    }

    /// <summary>The address of another day, view or choice of practitioners.</summary>
    public string Address(string? view = null, LocalDate? date = null, IEnumerable<Principal>? who = null)
    {
        var address = new StringBuilder($"/calendar?view={view ?? View}&date={LocalDatePattern.Iso.Format(date ?? Chosen)}");
        // who has one diary need not be named
        if (Practitioners.Count > 1) foreach (var practitioner in who ?? Shown) address.Append("&who=").Append(Uri.EscapeDataString(practitioner.Id));
        if (Hours == "all") address.Append("&hours=all");
        return address.ToString();
    }

    /// <summary>The day, week or month before or after.</summary>
    public LocalDate Step(int by) => View switch
    {
        "day" => Chosen.PlusDays(by),
        "month" => new LocalDate(Chosen.Year, Chosen.Month, 1).PlusMonths(by),
        _ => Chosen.PlusWeeks(by),
    };

    /// <summary>In the day view each practitioner is switched on and off; else one is chosen.</summary>
    public string Choose(Principal practitioner)
    {
        if (View != "day") return Address(who: [practitioner]);
        var shown = Shown.Contains(practitioner) ? Shown.Where(other => other != practitioner) : Shown.Append(practitioner);
        return Address(who: shown.Any() ? shown : [practitioner]);
    }

    public static string NewAddress(string practitionerId, LocalDate date, int? minute = null) =>
        $"/calendar/new?who={Uri.EscapeDataString(practitionerId)}&date={LocalDatePattern.Iso.Format(date)}" + (minute is { } at ? $"&start={Words.Time(at)}" : "");

    public string EventsAddress => $"/calendar/events?since={Change}{string.Concat(Shown.Select(practitioner => $"&who={Uri.EscapeDataString(practitioner.Id)}"))}";

    /// <summary>What the page is about, e.g. <c>2–8 March 2026</c>.</summary>
    public string Heading
    {
        get
        {
            static string Text(LocalDate date, string pattern) => date.ToString(pattern, System.Globalization.CultureInfo.InvariantCulture);
            if (View == "day") return Words.Day(Chosen);
            if (View == "month") return Text(Chosen, "MMMM uuuu");
            var (first, last) = (Monday(Chosen), Monday(Chosen).PlusDays(6));
            var pattern = first.Year != last.Year ? "d MMMM uuuu" : first.Month != last.Month ? "d MMMM" : "%d";
            return $"{Text(first, pattern)} – {Text(last, "d MMMM uuuu")}";
        }
    }

    // what browsers of phones have in common (MDN, "Browser detection using the user agent")
    private bool IsPhone => Request.Headers.UserAgent.ToString().Contains("Mobi", StringComparison.Ordinal);

    private async Task ReadAsync()
    {
        if (Shown.Count == 0) return;
        var (first, days) = View switch
        {
            "day" => (Chosen, 1),
            "month" => Weeks(new LocalDate(Chosen.Year, Chosen.Month, 1)),
            _ => (Monday(Chosen), 7),
        };
        await ReadStateAsync();
        List<DayColumn> columns = [];
        var (from, until) = (Zone.AtStartOfDay(first).ToInstant(), Zone.AtStartOfDay(first.PlusDays(days)).ToInstant());
        foreach (var practitioner in Shown)
        {
            IEnumerable<Appointment> appointments = await Open(practitioner.Id).ListAsync(from, until, Shows);
            if (HidesCancelled) appointments = [.. appointments.Where(appointment => !DayColumn.IsCancelled(appointment))];
            columns.AddRange(Enumerable.Range(0, days).Select(day => DayColumn.Of(first.PlusDays(day), practitioner, appointments, Group)));
        }

        if (View == "month") Month = columns;
        else Grid = TimeGrid.Of(columns, Group, Hours == "all");
    }

    private async Task ReadStateAsync()
    {
        Change = await watch.StateAsync([.. Shown.Select(practitioner => practitioner.Id)], HttpContext.RequestAborted);
        HidesCancelled = await preferences.HidesCancelledAsync(Me.Principal.Id, HttpContext.RequestAborted);
    }

    private static LocalDate Monday(LocalDate date) => date.PlusDays(1 - (int)date.DayOfWeek);

    private static (LocalDate First, int Days) Weeks(LocalDate month)
    {
        var (first, last) = (Monday(month), month.PlusMonths(1).PlusDays(-1));
        return (first, Period.DaysBetween(first, Monday(last)) + 7);
    }
}
