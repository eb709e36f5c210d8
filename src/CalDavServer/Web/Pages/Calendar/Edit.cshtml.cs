using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using CalDavServer.Web.Calendar;
using CalDavServer.Web.SignIn;
using Calendaring.Store;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Practice.Appointments;
using Practice.Diaries;

namespace CalDavServer.Web.Pages.Calendar;

/// <summary>Edits an appointment, by the form or by dragging it to another place.</summary>
internal sealed class EditModel(PracticeDiaries diaries, IClock clock) : AppointmentPage(diaries, clock)
{
    [BindProperty]
    public AppointmentForm Form { get; set; } = new();

    public async Task OnGetAsync()
    {
        Scope = AsksScope ? SeriesScope.ThisOne : SeriesScope.All;
        Form = AppointmentForm.Of(Appointment, Group.Currency());
        Ready();
        await PrepareAsync(Form, Diary);
    }

    /// <summary>What the form is told of the appointment and its practitioner.</summary>
    private void Ready()
    {
        Form.IsInHalaxy = IsInHalaxy;
        Form.IsAnothers = PractitionerId != Me.Principal.Id;
        Form.IsPrivateOfAnother = Form.IsAnothers && Appointment.Private;
    }

    /// <summary>In whose calendar it is to be; null for the one in which it is.</summary>
    [BindProperty]
    public string? To { get; set; }

    [LastingAccess(LastingAccess.None)]
    public async Task<IActionResult> OnPostAsync()
    {
        if (Destination is not { } there) return NotFound();
        Ready();
        var edit = Form.Against(Appointment, Zone, AsksScope && Scope == SeriesScope.ThisOne);
        Form.Existing = true;
        Form.OfSeries = AsksScope;
        Form.Repeats = Appointment.Rule is { } now ? Words.Repeat(now, Appointment.Start.Zone) : null;
        if (AsksScope && Scope == SeriesScope.ThisOne && Form.Repeat is null) Form.ShowRepeat(Appointment);
        var moves = edit.Start is not null || edit.Length is not null || edit.Repeat is not null || there != Practitioner;
        try
        {
            if (Form.Problems.Count == 0 && moves && !Form.Anyway && Stays && !Appointment.Transparent)
            {
                var start = Form.ReadStart(Zone)!.Value;
                var starts = edit.Repeat is { } rule
                    ? Repeating.Starts(rule, start, Clashing.ComparedUntil(start), Zone, Form.IsAllDay)
                    : await Diary.StartsAfterMoveAsync(Appointment, Scope ?? SeriesScope.ThisAndFollowing, start, Now.ToInstant(), Compares);
                var clashes = await Open(there.Id).ClashesAsync(starts, edit.Length ?? Length, Zone, Compares, Form.IsAllDay, Appointment.Id);
                Form.Clashes = [.. clashes.Select(other => new Clash(other, there == Practitioner ? null : there.DisplayName))];
                Form.NotAllCompared = Compares.Exceeded;
            }
        }
        catch (DiaryException fault)
        {
            return await RefuseAsync(fault);
        }

        await PrepareAsync(Form, Diary);
        if (Form.Problems.Count > 0 || Form.Asks) return Page();
        if (Meant is not { } scope) return await RefuseAsync(Unsaid);
        return there == Practitioner
            ? await ChangeAsync(edit, scope)
            : await DoAsync(target => Diary.HandOverAsync(target, there.Id, edit, scope), $"The appointment is now in the calendar of {there.DisplayName}.{Lost}", there.Id);
    }

    private async Task<IActionResult> ChangeAsync(AppointmentEdit edit, SeriesScope scope)
    {
        const string done = "The appointment has been changed.";
        var stayed = 0;
        var answer = await DoAsync(target => Diary.EditAsync(target, edit, scope, count => stayed = count), done);
        if (stayed > 0 && answer is LocalRedirectResult) TempData["Notice"] = done + Words.Stayed(stayed);
        return answer;
    }

    /// <summary>What a script sends that has dragged an appointment: a place of its own on the same form. Answers with what a person is told.</summary>
    [LastingAccess(LastingAccess.None)]
    public async Task<IActionResult> OnPostMoveAsync(string? date, string? start, string? minutes, bool? later)
    {
        if (Destination is not { } there) return NotFound();
        var form = new AppointmentForm { Date = date, Start = start, Minutes = minutes };
        var before = AppointmentForm.Of(Appointment, Group.Currency());
        var resized = minutes != before.Minutes;
        var (moved, length) = (form.ReadStart(Zone), resized ? form.ReadLength() : Length);
        if (moved is null || length is null) return Say(StatusCodes.Status400BadRequest, form.Problems.Values.First());
        try
        {
            var scope = Meant ?? throw Unsaid;
            var edit = new AppointmentEdit { Start = date == before.Date && start == before.Start ? null : moved, Later = later, Length = resized ? length : null };
            var handedOver = there != Practitioner;
            var stayed = 0;
            var id = handedOver ? await Diary.HandOverAsync(Target(), there.Id, edit, scope) : await Diary.EditAsync(Target(), edit, scope, count => stayed = count);
            var single = AsksScope && scope == SeriesScope.ThisOne;
            var now = await Open(there.Id).GetAsync(new AppointmentTarget(id, single && !handedOver ? Appointment.Occurrence : null));
            var sentence = $"Moved to {(handedOver ? $"{there.DisplayName}, " : "")}{Words.ShortDay(moved.Value.Date)}, {Words.Time(moved.Value.TimeOfDay)}.";
            sentence += await DoubleBookedAsync(Open(there.Id), now, moved.Value, single || (now.Rule is null && !AsksScope));
            sentence += Words.Stayed(stayed);
            if (handedOver) sentence += Lost;
            var final = handedOver ? AsksScope || Appointment.AddedByApps : AsksScope && scope != SeriesScope.ThisOne;
            var undo = final ? null : From(before);
            return Say(StatusCodes.Status200OK, new MoveAnswer(sentence, now.Version, undo, $"{AddressOf(there.Id, id, null, "/edit")}?handler=Move"));
        }
        catch (DiaryException fault)
        {
            return Say(StatusCodes.Status409Conflict, fault.Fault == DiaryFault.Stale ? "Somebody else has changed this appointment in the meantime: it was not moved." : fault.Message);
        }
    }

    /// <summary>To whom it may be given. Who is in Halaxy has their patients booked there.</summary>
    public IEnumerable<Principal> Takers =>
        Colleagues(Practitioner).Where(other => Appointment.Kind == AppointmentKind.Personal || IsConnected || !Group.IsConnectedFor(other.Id));

    private Principal? Destination => FindPractitioner(string.IsNullOrEmpty(To) ? PractitionerId : To);

    /// <summary>What a hand-over loses, in a sentence; nothing when it loses nothing.</summary>
    private string Lost => Appointment.AddedByApps
        ? " What calendar apps had added to it, such as reminders, links and invitations, was not carried over and is lost."
        : "";

    private Duration Length => Appointment.End.ToInstant() - Appointment.Start.ToInstant();

    /// <summary>A sentence about what is at the same time as an appointment that has been moved; of a series, as any of those that are to come.</summary>
    private async Task<string> DoubleBookedAsync(Diary diary, Appointment moved, LocalDateTime start, bool single)
    {
        if (await diary.FindDoubleBookedAsync(moved, single, start.InZoneLeniently(Zone), Now.ToInstant(), Compares) is not { } found) return "";
        if (single) return $" It is double-booked with {Words.Title(found.With)}.";
        var which = found.Count == 1 ? "One appointment of the series is double-booked:" : $"{found.Count.ToString(CultureInfo.InvariantCulture)} appointments of the series are double-booked, the first";
        return $" {which} {Words.ShortDay(found.First.Start.Date)} with {Words.Title(found.With)}.";
    }

    /// <summary>Whether the form still says what the person was asked about: when not, the version will say so.</summary>
    private bool Stays => string.IsNullOrEmpty(Version) || Version == Appointment.Version;

    /// <summary>Where it was. A whole series, or a part of it, is not put back by one step; nor is what a hand-over has lost.</summary>
    private MovedFrom From(AppointmentForm before) => new(before.Date!, before.Start!, before.Minutes!, PractitionerId, RepeatedHour.IsLater(Appointment.Start));

    private static ContentResult Say(int status, string sentence) => Say(status, new MoveAnswer(sentence, null, null, null));

    private static ContentResult Say(int status, MoveAnswer answer) => new()
    {
        StatusCode = status,
        ContentType = "application/json",
        Content = JsonSerializer.Serialize(answer, CalendarJson.Default.MoveAnswer),
    };
}

/// <summary>Where an appointment was before it was dragged.</summary>
/// <param name="Date">Its day.</param>
/// <param name="Start">The time of its start.</param>
/// <param name="Minutes">How long it was.</param>
/// <param name="To">In whose calendar.</param>
/// <param name="Later">Whether that start is the second of two that the clocks show alike.</param>
internal sealed record MovedFrom(string Date, string Start, string Minutes, string To, bool Later);

/// <summary>What a script is told that has dragged an appointment.</summary>
/// <param name="Sentence">For the person.</param>
/// <param name="Version">The version that it has now.</param>
/// <param name="From">Where it was, when it can be put back.</param>
/// <param name="Move">Where it is to be moved from now on: that is another address in another's calendar.</param>
internal sealed record MoveAnswer(string Sentence, string? Version, MovedFrom? From, string? Move);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(MoveAnswer))]
[JsonSerializable(typeof(KnownAnswer))]
internal sealed partial class CalendarJson : JsonSerializerContext;
