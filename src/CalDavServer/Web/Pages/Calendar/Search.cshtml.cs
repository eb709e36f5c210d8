using Calendaring.Store;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Practice.Diaries;

namespace CalDavServer.Web.Pages.Calendar;

/// <summary>Finds appointments by patient, title, type or location, a year back and a year ahead.</summary>
internal sealed class SearchModel(PracticeDiaries diaries, IClock clock) : CalendarPage(diaries, clock)
{
    public const int Most = 50;
    private const int MaxText = 100;
    private static readonly Duration Year = Duration.FromDays(366);

    [BindProperty(SupportsGet = true)]
    public string? Text { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Who { get; set; }

    public Principal Practitioner { get; private set; } = null!;

    /// <summary>What is still to come, soonest first.</summary>
    public IReadOnlyList<Appointment> Coming { get; private set; } = [];

    /// <summary>What has been, latest first.</summary>
    public IReadOnlyList<Appointment> Past { get; private set; } = [];

    protected override Task<IActionResult?> LoadAsync()
    {
        if (FindPractitioner(Who) is not { } practitioner) return Task.FromResult<IActionResult?>(NotFound());
        Practitioner = practitioner;
        return Task.FromResult<IActionResult?>(null);
    }

    public async Task OnGetAsync()
    {
        if (string.IsNullOrWhiteSpace(Text)) return;
        var text = Text.Length > MaxText ? Text[..MaxText] : Text;
        var (diary, now) = (Open(Practitioner.Id), Now.ToInstant());
        Coming = await diary.SearchAsync(text, now, now + Year, Most, budget: Shows);
        Past = await diary.SearchAsync(text, now - Year, now, Most, latestFirst: true, Shows);
    }
}
