using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using CalDavServer.Web.Calendar;
using Calendaring.Store;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using NodaTime.Text;
using Practice.Diaries;

namespace CalDavServer.Web.Pages.Calendar;

/// <summary>Edits an appointment, by the form or by dragging it to another place.</summary>
internal sealed class EditModel(ICalendarStore store, IClock clock) : AppointmentPage(store, clock)
{
    [BindProperty]
    public AppointmentForm Form { get; set; } = new();

    public async Task OnGetAsync()
    {
        Scope = AsksScope ? SeriesScope.ThisOne : SeriesScope.All;
        Form = AppointmentForm.Of(Appointment);
        Form.Types = await TypesAsync(Diary);
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var edit = Form.Against(Appointment, Zone);
        Form.Existing = true;
        Form.Repeats = Appointment.Rule is { } rule ? Words.Repeat(rule) : null;
        var moves = edit.Start is not null || edit.Length is not null || edit.Repeat is not null;
        try
        {
            if (Form.Problems.Count == 0 && moves && !Form.Anyway && Stays)
            {
                var starts = await StartsAsync(Form.ReadStart(Zone)!.Value, edit.Repeat);
                Form.Clashes = await ClashesAsync(Diary, starts, edit.Length ?? Length, Appointment.AllDay, Appointment.Id);
            }
        }
        catch (DiaryException fault)
        {
            return await RefuseAsync(fault);
        }

        Form.Types = await TypesAsync(Diary);
        if (Form.Problems.Count > 0 || Form.Clashes.Count > 0) return Page();
        if (Meant is not { } scope) return await RefuseAsync(Unsaid);
        return await DoAsync(target => Diary.EditAsync(target, edit, scope), "The appointment is changed.");
    }

    /// <summary>What a script sends that has dragged an appointment: a place of its own on the same form. Answers with what a person is told.</summary>
    public async Task<IActionResult> OnPostMoveAsync(string? date, string? start, string? minutes)
    {
        var form = new AppointmentForm { Date = date, Start = start, Minutes = minutes };
        var resized = minutes != AppointmentForm.Of(Appointment).Minutes;
        var (moved, length) = (form.ReadStart(Zone), resized ? form.ReadLength() : Length);
        if (moved is null || length is null) return Say(StatusCodes.Status400BadRequest, form.Problems.Values.First());
        try
        {
            var scope = Meant ?? throw Unsaid;
            var id = await Diary.EditAsync(Target(), new AppointmentEdit { Start = moved, Length = resized ? length : null }, scope);
            var there = await Diary.GetAsync(new AppointmentTarget(id, scope == SeriesScope.ThisOne ? Appointment.Occurrence : null));
            var clashes = await ClashesAsync(Diary, [moved.Value], length.Value, own: id);
            var sentence = $"Moved to {Words.ShortDay(moved.Value.Date)}, {Words.Time(moved.Value.TimeOfDay)}.";
            if (clashes.Count > 0) sentence += $" It is double-booked with {Words.Title(clashes[0])}.";
            return Say(StatusCodes.Status200OK, sentence, there.Version, Undo(scope));
        }
        catch (DiaryException fault)
        {
            return Say(StatusCodes.Status409Conflict, fault.Fault == DiaryFault.Stale ? "Somebody has changed this appointment meanwhile: it was not moved." : fault.Message);
        }
    }

    private Duration Length => Appointment.End.ToInstant() - Appointment.Start.ToInstant();

    /// <summary>When the appointment, and as far as is foreseen those of its series that move with it, will start.</summary>
    private async Task<IReadOnlyList<LocalDateTime>> StartsAsync(LocalDateTime start, Repeat? repeat)
    {
        if (repeat is not null) return repeat.Starts(start, Foreseen(start), Zone, Appointment.AllDay);
        if (Appointment.Rule is null || (AsksScope && Scope == SeriesScope.ThisOne)) return [start];
        var before = Appointment.Start.LocalDateTime;
        var by = NodaTime.Period.Between(before, start, PeriodUnits.Days | PeriodUnits.Minutes);
        var series = await Diary.ListAsync(Appointment.Start.ToInstant(), Foreseen(before).InZoneLeniently(Zone).ToInstant());
        return [start, .. series.Where(other => other.Id == Appointment.Id && other.Start.LocalDateTime > before).Select(other => other.Start.LocalDateTime + by)];
    }

    /// <summary>Whether the form still says what the person was asked about: when not, the version will say so.</summary>
    private bool Stays => string.IsNullOrEmpty(Version) || Version == Appointment.Version;

    /// <summary>Where it was. A whole series, or a part of it, is not put back by one step.</summary>
    private MovedFrom? Undo(SeriesScope scope)
    {
        if (AsksScope && scope != SeriesScope.ThisOne) return null;
        var start = Appointment.Start;
        var minutes = (long)(Appointment.End.ToInstant() - start.ToInstant()).TotalMinutes;
        return new MovedFrom(LocalDatePattern.Iso.Format(start.Date), Words.Time(start.TimeOfDay), minutes.ToString(CultureInfo.InvariantCulture));
    }

    private static ContentResult Say(int status, string sentence, string? version = null, MovedFrom? from = null) => new()
    {
        StatusCode = status,
        ContentType = "application/json",
        Content = JsonSerializer.Serialize(new MoveAnswer(sentence, version, from), CalendarJson.Default.MoveAnswer),
    };
}

/// <summary>Where an appointment was before it was dragged.</summary>
internal sealed record MovedFrom(string Date, string Start, string Minutes);

/// <summary>What a script is told that has dragged an appointment.</summary>
internal sealed record MoveAnswer(string Sentence, string? Version, MovedFrom? From);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(MoveAnswer))]
internal sealed partial class CalendarJson : JsonSerializerContext;
