using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using NodaTime.Text;
using Practice.Diaries;

namespace CalDavServer.Api;

/// <summary>Appointments of one diary: list, get, book, add, edit, cancel, restore, convert, link, history.</summary>
internal static class AppointmentEndpoints
{
    private static readonly Duration MaxSpan = Duration.FromDays(400);

    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/", ListAsync).WithSummary("Everything in the diary between two moments");
        group.MapPost("/", BookAsync).WithSummary("Book a patient appointment").Produces<ApiAppointment>(201);
        group.MapPost("/personal", AddPersonalAsync).WithSummary("Add a personal appointment").Produces<ApiAppointment>(201);
        group.MapPost("/publish-existing", PublishExistingAsync).WithSummary("Include existing appointments in the synced calendar");
        group.MapGet("/{id}", GetAsync).WithSummary("One appointment, or one occurrence of it").Produces<ApiAppointment>();
        group.MapPatch("/{id}", EditAsync).WithSummary("Edit an appointment").Produces<ApiAppointment>();
        group.MapPost("/{id}/cancel", CancelAsync).WithSummary("Cancel an appointment: cancel, cancelAndDeleteInvoice, nonAttendance or delete").Produces<ApiAppointment>().Produces(204);
        group.MapPost("/{id}/restore", RestoreAsync).WithSummary("Put back what was cancelled, or removed outside and kept").Produces<ApiAppointment>();
        group.MapPost("/{id}/convert", ConvertAsync).WithSummary("Turn a personal appointment into a patient appointment").Produces<ApiAppointment>();
        group.MapGet("/{id}/history", HistoryAsync).WithSummary("Who did what to an appointment");
        MapLink(group, "invoice", static (diary, target, reference) => diary.LinkInvoiceAsync(target, reference));
        MapLink(group, "note", static (diary, target, reference) => diary.LinkNoteAsync(target, reference));
    }

    private static async Task<ApiAnswer<ApiAppointments>> ListAsync(ApiDiary diary, IClock clock, string? from, string? until, CancellationToken cancelled)
    {
        var today = diary.Zone.AtStartOfDay(clock.GetCurrentInstant().InZone(diary.Zone).Date).ToInstant();
        var start = from is null ? today : ApiValues.Bound(from, diary.Zone);
        var end = until is null ? start + Duration.FromDays(28) : ApiValues.Bound(until, diary.Zone);
        if (end <= start || end - start > MaxSpan) throw ApiFault.Invalid("'until' must be after 'from', by at most 400 days.");
        var appointments = await diary.Diary.ListAsync(start, end, cancelled);
        return new ApiAnswer<ApiAppointments>(new ApiAppointments([.. appointments.Select(ApiValues.Write)]));
    }

    private static Task<AppointmentAnswer> GetAsync(ApiDiary diary, AppointmentId id, string? occurrence, CancellationToken cancelled) =>
        AnswerAsync(diary, new AppointmentTarget(id.Uid, ApiValues.Occurrence(occurrence)), cancelled);

    private static async Task<AppointmentAnswer> BookAsync(ApiDiary diary, ApiRoom room, ApiBody<ApiBooking> sent, CancellationToken cancelled)
    {
        var body = sent.Value;
        await room.CheckAsync(diary.Practitioner, cancelled);
        var (start, later) = ApiValues.Start(body.Start, body.Zone, diary.Zone);
        var booking = new Booking(ApiValues.Patients(body.Patients), body.Type ?? "", start, ApiValues.Minutes(body.Minutes))
        {
            Later = later,
            Location = body.Location,
            Comments = body.Comments,
            Repeat = ApiValues.Repeat(body.Repeat, start.Date),
            OnlineBooking = body.OnlineBooking,
            Fee = body.Fee,
        };
        return await CreatedAsync(diary, await diary.Diary.BookAsync(booking), cancelled);
    }

    private static async Task<AppointmentAnswer> AddPersonalAsync(ApiDiary diary, ApiRoom room, ApiBody<ApiPersonal> sent, CancellationToken cancelled)
    {
        var body = sent.Value;
        await room.CheckAsync(diary.Practitioner, cancelled);
        var (start, later) = body.AllDay ? (ApiValues.Date(body.Start, "The start").AtMidnight(), false) : ApiValues.Start(body.Start, body.Zone, diary.Zone);
        var entry = new PersonalEntry(body.Title ?? "", start, body.AllDay ? ApiValues.Days(body.Days) : ApiValues.Minutes(body.Minutes))
        {
            AllDay = body.AllDay,
            Later = later,
            Location = body.Location,
            Comments = body.Comments,
            Repeat = ApiValues.Repeat(body.Repeat, start.Date),
            Private = body.Private,
        };
        return await CreatedAsync(diary, await diary.Diary.AddPersonalAsync(entry), cancelled);
    }

    private static async Task<AppointmentAnswer> EditAsync(
        ApiDiary diary, ApiRoom room, AppointmentId id, [FromHeader(Name = "If-Match")] string? version, ApiBody<ApiEdit> sent, CancellationToken cancelled)
    {
        var body = sent.Value;
        if ((body.Title ?? body.Location ?? body.Comments) is { Length: > 0 }) await room.CheckAsync(diary.Practitioner, cancelled);
        var target = Target(id, body.Occurrence, version);
        var start = await StartAsync(body, diary, target, cancelled);
        var edit = new AppointmentEdit
        {
            Start = start?.Local,
            Later = start?.Later,
            AllDay = body.AllDay,
            Length = body.Days is not null ? ApiValues.Days(body.Days) : body.Minutes is null ? null : ApiValues.Minutes(body.Minutes),
            Title = body.Title,
            Location = body.Location,
            Comments = body.Comments,
            Private = body.Private,
            Patients = body.Patients is null ? null : ApiValues.Patients(body.Patients),
            Type = body.Type,
            Fee = body.Fee,
            Status = body.Status,
            Repeat = ApiValues.Repeat(body.Repeat, await FirstDayAsync(body, diary, target, start?.Local, cancelled)),
        };
        var edited = await diary.Diary.EditAsync(target, edit, body.Scope);
        return await AnswerAsync(diary, new AppointmentTarget(edited, body.Scope == SeriesScope.ThisOne ? target.Occurrence : null), cancelled);
    }

    /// <summary>An all-day appointment starts on a date, and a date has no zone.</summary>
    private static async Task<(LocalDateTime Local, bool Later)?> StartAsync(ApiEdit body, ApiDiary diary, AppointmentTarget target, CancellationToken cancelled)
    {
        if (body.Start is null) return null;
        var allDay = body.AllDay ?? (await diary.Diary.GetAsync(target, cancelled)).AllDay;
        return allDay ? (ApiValues.Date(body.Start, "The start").AtMidnight(), false) : ApiValues.Start(body.Start, body.Zone, diary.Zone);
    }

    /// <summary>The day on which what is to repeat starts, where that says on which weekday of the month it does.</summary>
    private static async Task<LocalDate?> FirstDayAsync(ApiEdit body, ApiDiary diary, AppointmentTarget target, LocalDateTime? start, CancellationToken cancelled)
    {
        if (body.Repeat?.WeekOfMonth is null || start is not null) return start?.Date;
        var first = body.Scope == SeriesScope.All ? target with { Occurrence = null } : target;
        return (await diary.Diary.GetAsync(first, cancelled)).Start.Date;
    }

    private static async Task<Results<AppointmentAnswer, NoContent>> CancelAsync(
        ApiDiary diary, AppointmentId id, [FromHeader(Name = "If-Match")] string? version, ApiBody<ApiCancellation> sent, CancellationToken cancelled)
    {
        var body = sent.Value;
        var choice = body.Choice ?? throw ApiFault.Invalid("Give the way to cancel in 'choice': cancel, cancelAndDeleteInvoice, nonAttendance or delete.");
        var target = Target(id, body.Occurrence, version);
        var left = await diary.Diary.CancelAsync(target, choice, body.Scope);
        try
        {
            return await AnswerAsync(diary, new AppointmentTarget(left, body.Scope == SeriesScope.ThisOne ? target.Occurrence : null), cancelled);
        }
        catch (DiaryException gone) when (gone.Fault == DiaryFault.NotFound)
        {
            return TypedResults.NoContent();
        }
    }

    private static async Task<AppointmentAnswer> RestoreAsync(
        ApiDiary diary, AppointmentId id, [FromHeader(Name = "If-Match")] string? version, ApiBody<ApiOccurrence> sent, CancellationToken cancelled)
    {
        var body = sent.Value;
        var target = Target(id, body.Occurrence, version);
        var restored = await diary.Diary.RestoreAsync(target);
        return await AnswerAsync(diary, restored == target.Id ? target with { Version = null } : new AppointmentTarget(restored), cancelled);
    }

    private static async Task<AppointmentAnswer> ConvertAsync(
        ApiDiary diary, AppointmentId id, [FromHeader(Name = "If-Match")] string? version, ApiBody<ApiConversion> sent, CancellationToken cancelled)
    {
        var body = sent.Value;
        var target = Target(id, null, version);
        await diary.Diary.ConvertToPatientAsync(target, body.Patients is null ? null : ApiValues.Patients(body.Patients), body.Type, body.Fee);
        return await AnswerAsync(diary, target with { Version = null }, cancelled);
    }

    private static async Task<ApiAnswer<ApiHistory>> HistoryAsync(ApiDiary diary, AppointmentId id, CancellationToken cancelled)
    {
        var lines = (await diary.Diary.HistoryAsync(id.Uid, cancelled)).Select(entry => new ApiHistoryLine(
            InstantPattern.ExtendedIso.Format(entry.At),
            entry.Who,
            entry.Device,
            entry.Action,
            entry.Occurrence is { } key ? LocalDateTimePattern.ExtendedIso.Format(key) : null));
        return new ApiAnswer<ApiHistory>(new ApiHistory([.. lines]));
    }

    private static async Task<ApiAnswer<ApiPublished>> PublishExistingAsync(ApiDiary diary) => new ApiAnswer<ApiPublished>(new ApiPublished(await diary.Diary.IncludeExistingAsync()));

    private static void MapLink(RouteGroupBuilder group, string what, Func<Diary, AppointmentTarget, string?, Task<string>> link)
    {
        var path = $"/{{id}}/{what}";
        group.MapPut(path, async (ApiDiary diary, AppointmentId id, [FromHeader(Name = "If-Match")] string? version, ApiBody<ApiLink> sent, CancellationToken cancelled) =>
        {
            var body = sent.Value;
            if (string.IsNullOrWhiteSpace(body.Reference)) throw ApiFault.Invalid("Give what is linked in 'reference'.");
            return await LinkAsync(diary, Target(id, body.Occurrence, version), body.Reference.Trim(), cancelled);
        }).WithSummary($"Link the {what}").Produces<ApiAppointment>();
        group.MapDelete(path, (ApiDiary diary, AppointmentId id, [FromHeader(Name = "If-Match")] string? version, string? occurrence, CancellationToken cancelled) =>
            LinkAsync(diary, Target(id, occurrence, version), null, cancelled)).WithSummary($"Unlink the {what}").Produces<ApiAppointment>();

        async Task<AppointmentAnswer> LinkAsync(ApiDiary diary, AppointmentTarget target, string? reference, CancellationToken cancelled)
        {
            await link(diary.Diary, target, reference);
            return await AnswerAsync(diary, target with { Version = null }, cancelled);
        }
    }

    private static AppointmentTarget Target(AppointmentId id, string? occurrence, string? version)
    {
        version = version?.Trim();
        if (version?.StartsWith("W/", StringComparison.Ordinal) == true)
            throw new ApiFault(StatusCodes.Status412PreconditionFailed, "If-Match compares strong ETags (RFC 9110 §13.1.1).");
        return new AppointmentTarget(id.Uid, ApiValues.Occurrence(occurrence), version is null or "" or "*" ? null : version.Trim('"'));
    }

    private static async Task<AppointmentAnswer> CreatedAsync(ApiDiary diary, string uid, CancellationToken cancelled) =>
        (await AnswerAsync(diary, new AppointmentTarget(uid), cancelled)) with { IsNew = true };

    private static async Task<AppointmentAnswer> AnswerAsync(ApiDiary diary, AppointmentTarget target, CancellationToken cancelled) =>
        new(await diary.Diary.GetAsync(target, cancelled));
}
