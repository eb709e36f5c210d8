using CalDavServer.Web.Calendar;
using NodaTime;
using NodaTime.Text;
using Practice.Appointments;
using Practice.Diaries;
using Practice.Hx;

namespace CalDavServer.Web.Devices;

/// <summary>What a device wrote of an appointment and was not taken, beside what the diary has: for the practitioner to decide.</summary>
/// <param name="Edit">What the device wrote.</param>
/// <param name="Appointment">The appointment; null when it can no longer be read.</param>
/// <param name="Fields">What differs, in words.</param>
internal sealed record Difference(RejectedEdit Edit, Appointment? Appointment, IReadOnlyList<FieldDifference> Fields)
{
    public bool CanTakeOver => Appointment is not null && Fields.Any(one => one.Way is not (TakeOver.Cannot or TakeOver.DoneInHalaxy));

    /// <summary>Whether all of it is changed in Halaxy alone.</summary>
    public bool IsHalaxys => Fields.All(one => one.Way == TakeOver.DoneInHalaxy);

    /// <summary>Those of a practitioner that still differ, newest first.</summary>
    public static async Task<IReadOnlyList<Difference>> ListAsync(Diary diary, bool mirrorsHalaxy, CancellationToken cancelled)
    {
        List<Difference> found = [];
        foreach (var edit in await diary.ListRejectedAsync(cancelled))
        {
            var whole = await FindAsync(diary, edit.AppointmentId, null, cancelled);
            List<FieldDifference> fields = [];
            foreach (var field in edit.Fields)
            {
                var appointment = field.Occurrence is null ? whole : await FindAsync(diary, edit.AppointmentId, field.Occurrence, cancelled);
                if (FieldDifference.Of(field, appointment, mirrorsHalaxy) is { } difference) fields.Add(difference);
            }

            if (fields.Count > 0) found.Add(new Difference(edit, whole, fields));
        }

        return found;
    }

    private static async Task<Appointment?> FindAsync(Diary diary, string id, LocalDateTime? occurrence, CancellationToken cancelled)
    {
        try
        {
            return await diary.GetAsync(new AppointmentTarget(id, occurrence), cancelled);
        }
        catch (Exception fault) when (fault is DiaryException || DamagedAppointment.IsSaidBy(fault))
        {
            return null;
        }
    }
}

/// <summary>One thing that differs.</summary>
/// <param name="What">What it is, e.g. <c>Title</c>.</param>
/// <param name="Sent">What the device wrote.</param>
/// <param name="Diary">What the diary has.</param>
/// <param name="Way">What taking it over makes of it.</param>
internal sealed record FieldDifference(string What, string Sent, string Diary, TakeOver Way)
{
    private const string Nothing = "(nothing)";

    /// <summary>What taking it over means, in words.</summary>
    public string Becomes => Way switch
    {
        TakeOver.AddsToComments => "Added to the comments",
        TakeOver.ReplacesLocation => "Becomes the location",
        TakeOver.ReplacesRepeat => "Becomes the repeat",
        TakeOver.Restores => "Put back into the calendar",
        TakeOver.DoneInHalaxy => "Can only be changed in Halaxy: change it there",
        _ => "Only you can change it, in the diary",
    };

    /// <summary>The difference; null when the diary has what the device wrote.</summary>
    public static FieldDifference? Of(RejectedField field, Appointment? appointment, bool mirrorsHalaxy)
    {
        if (TakingOver.Has(field, appointment)) return null;
        var (what, sent, diary) = Say(field, appointment);
        if (field.Occurrence is { } key) what = $"{what}, {DeviceWords.Full(key)}";
        return new FieldDifference(what, sent, appointment is null ? "(no longer in the diary)" : diary, TakingOver.WayOf(field, appointment, mirrorsHalaxy));
    }

    private static (string What, string Sent, string Diary) Say(RejectedField field, Appointment? appointment) => field.Kind switch
    {
        RejectionKind.Title => ("Title", field.Sent, appointment?.Title ?? ""),
        RejectionKind.Status => ("Status", field.Sent, appointment is null ? "" : Words.Status(appointment.Status).ToLowerInvariant()),
        RejectionKind.Comments => ("Comments", field.Sent, OrNothing(appointment?.Comments)),
        RejectionKind.Location => ("Location", field.Sent, OrNothing(appointment?.Location)),
        RejectionKind.People => ("Invited people", field.Sent, "(nobody)"),
        RejectionKind.Contact => ("Contact", field.Sent, OrNothing(string.Join(", ", (appointment?.Patients ?? []).Select(patient => patient.Phone).OfType<string>()))),
        RejectionKind.Again => ("Appointment", "takes place", appointment?.Kind == AppointmentKind.Personal ? "deleted" : "cancelled"),
        RejectionKind.Repeat => ("Repeats", RepeatOf(field.Sent, appointment), RepeatOf(appointment?.Rule, appointment)),
        _ => ("One more appointment", LocalDateTimePattern.ExtendedIso.Parse(field.Sent) is { Success: true } start ? DeviceWords.Full(start.Value) : field.Sent, "(none then)"),
    };

    private static string RepeatOf(string? rule, Appointment? appointment) => string.IsNullOrEmpty(rule) ? "does not repeat" : Words.Repeat(rule, appointment?.Start.Zone);

    private static string OrNothing(string? text) => string.IsNullOrEmpty(text) ? Nothing : text;
}
