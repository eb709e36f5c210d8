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
        group.MapGet("/", ListAsync).WithSummary("Everything in the diary between two moments").Produces<ApiAppointments>();
        group.MapPost("/", (Delegate)BookAsync).WithSummary("Book a patient appointment")
            .Accepts<ApiBooking>("application/json").Produces<ApiAppointment>(201);
        group.MapPost("/personal", (Delegate)AddPersonalAsync).WithSummary("Add a personal appointment")
            .Accepts<ApiPersonal>("application/json").Produces<ApiAppointment>(201);
        group.MapPost("/publish-existing", (Delegate)PublishExistingAsync).WithSummary("Include existing appointments in the synced calendar")
            .Produces<ApiPublished>();
        group.MapGet("/{id}", GetAsync).WithSummary("One appointment, or one occurrence of it").Produces<ApiAppointment>();
        group.MapPatch("/{id}", EditAsync).WithSummary("Edit an appointment").Accepts<ApiEdit>("application/json").Produces<ApiAppointment>();
        group.MapPost("/{id}/cancel", CancelAsync).WithSummary("Cancel an appointment: cancel, cancelAndDeleteInvoice, nonAttendance or delete")
            .Accepts<ApiCancellation>("application/json").Produces<ApiAppointment>().Produces(204);
        group.MapPost("/{id}/restore", RestoreAsync).WithSummary("Put back what was cancelled, or removed outside and kept")
            .Accepts<ApiOccurrence>("application/json").Produces<ApiAppointment>();
        group.MapPost("/{id}/convert", ConvertAsync).WithSummary("Turn a personal appointment into a patient appointment")
            .Accepts<ApiConversion>("application/json").Produces<ApiAppointment>();
        group.MapGet("/{id}/history", HistoryAsync).WithSummary("Who did what to an appointment").Produces<ApiHistory>();
        MapLink(group, "invoice", static (diary, target, reference) => diary.LinkInvoiceAsync(target, reference));
        MapLink(group, "note", static (diary, target, reference) => diary.LinkNoteAsync(target, reference));
    }

    private static async Task<IResult> ListAsync(HttpContext context, ApiDiary diary, IClock clock, string? from, string? until)
    {
        var today = diary.Zone.AtStartOfDay(clock.GetCurrentInstant().InZone(diary.Zone).Date).ToInstant();
        var start = from is null ? today : ApiValues.Bound(from, diary.Zone);
        var end = until is null ? start + Duration.FromDays(28) : ApiValues.Bound(until, diary.Zone);
        if (end <= start || end - start > MaxSpan) throw ApiFault.Invalid("'until' must be after 'from', by at most 400 days.");
        var appointments = await diary.Diary.ListAsync(start, end, context.RequestAborted);
        return TypedResults.Json(new ApiAppointments([.. appointments.Select(ApiValues.Write)]), ApiJson.Default.ApiAppointments);
    }

    private static async Task<IResult> GetAsync(HttpContext context, ApiDiary diary, string id, string? occurrence)
    {
        return await AnswerAsync(context, diary, new AppointmentTarget(ApiValues.ReadId(id), ApiValues.Occurrence(occurrence)));
    }

    private static async Task<IResult> BookAsync(HttpContext context, ApiDiary diary)
    {
        await diary.CheckRoomAsync(context);
        var body = await ApiValues.ReadAsync(context, ApiJson.Default.ApiBooking);
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
        return await CreatedAsync(context, diary, await diary.Diary.BookAsync(booking));
    }

    private static async Task<IResult> AddPersonalAsync(HttpContext context, ApiDiary diary)
    {
        await diary.CheckRoomAsync(context);
        var body = await ApiValues.ReadAsync(context, ApiJson.Default.ApiPersonal);
        var (start, later) = body.AllDay ? (ApiValues.Date(body.Start, "The start").AtMidnight(), false) : ApiValues.Start(body.Start, body.Zone, diary.Zone);
        var entry = new PersonalEntry(body.Title ?? "", start, body.AllDay ? ApiValues.Days(body.Days) : ApiValues.Minutes(body.Minutes))
        {
            AllDay = body.AllDay,
            Later = later,
            Location = body.Location,
            Comments = body.Comments,
            Repeat = ApiValues.Repeat(body.Repeat, start.Date),
        };
        return await CreatedAsync(context, diary, await diary.Diary.AddPersonalAsync(entry));
    }

    private static async Task<IResult> EditAsync(HttpContext context, ApiDiary diary, string id)
    {
        var body = await ApiValues.ReadAsync(context, ApiJson.Default.ApiEdit);
        if ((body.Title ?? body.Location ?? body.Comments) is { Length: > 0 }) await diary.CheckRoomAsync(context);
        var target = Target(context, id, body.Occurrence);
        var start = await StartAsync(body, diary, target, context.RequestAborted);
        var edit = new AppointmentEdit
        {
            Start = start?.Local,
            Later = start?.Later,
            AllDay = body.AllDay,
            Length = body.Days is not null ? ApiValues.Days(body.Days) : body.Minutes is null ? null : ApiValues.Minutes(body.Minutes),
            Title = body.Title,
            Location = body.Location,
            Comments = body.Comments,
            Patients = body.Patients is null ? null : ApiValues.Patients(body.Patients),
            Type = body.Type,
            Fee = body.Fee,
            Status = body.Status,
            Repeat = ApiValues.Repeat(body.Repeat, await FirstDayAsync(body, diary, target, start?.Local, context.RequestAborted)),
        };
        var edited = await diary.Diary.EditAsync(target, edit, body.Scope);
        return await AnswerAsync(context, diary, new AppointmentTarget(edited, body.Scope == SeriesScope.ThisOne ? target.Occurrence : null));
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

    private static async Task<IResult> CancelAsync(HttpContext context, ApiDiary diary, string id)
    {
        var body = await ApiValues.ReadAsync(context, ApiJson.Default.ApiCancellation);
        var choice = body.Choice ?? throw ApiFault.Invalid("Give the way to cancel in 'choice': cancel, cancelAndDeleteInvoice, nonAttendance or delete.");
        var target = Target(context, id, body.Occurrence);
        var cancelled = await diary.Diary.CancelAsync(target, choice, body.Scope);
        try
        {
            return await AnswerAsync(context, diary, new AppointmentTarget(cancelled, body.Scope == SeriesScope.ThisOne ? target.Occurrence : null));
        }
        catch (DiaryException gone) when (gone.Fault == DiaryFault.NotFound)
        {
            return TypedResults.NoContent();
        }
    }

    private static async Task<IResult> RestoreAsync(HttpContext context, ApiDiary diary, string id)
    {
        var body = await ApiValues.ReadAsync(context, ApiJson.Default.ApiOccurrence);
        var target = Target(context, id, body.Occurrence);
        var restored = await diary.Diary.RestoreAsync(target);
        return await AnswerAsync(context, diary, restored == target.Id ? target with { Version = null } : new AppointmentTarget(restored));
    }

    private static async Task<IResult> ConvertAsync(HttpContext context, ApiDiary diary, string id)
    {
        var body = await ApiValues.ReadAsync(context, ApiJson.Default.ApiConversion);
        var target = Target(context, id, null);
        await diary.Diary.ConvertToPatientAsync(target, body.Patients is null ? null : ApiValues.Patients(body.Patients), body.Type, body.Fee);
        return await AnswerAsync(context, diary, target with { Version = null });
    }

    private static async Task<IResult> HistoryAsync(ApiDiary diary, string id, CancellationToken cancelled)
    {
        var lines = (await diary.Diary.HistoryAsync(ApiValues.ReadId(id), cancelled)).Select(entry => new ApiHistoryLine(
            InstantPattern.ExtendedIso.Format(entry.At),
            entry.Who,
            entry.Device,
            entry.Action,
            entry.Occurrence is { } key ? LocalDateTimePattern.ExtendedIso.Format(key) : null));
        return TypedResults.Json(new ApiHistory([.. lines]), ApiJson.Default.ApiHistory);
    }

    private static async Task<IResult> PublishExistingAsync(ApiDiary diary)
    {
        return TypedResults.Json(new ApiPublished(await diary.Diary.IncludeExistingAsync()), ApiJson.Default.ApiPublished);
    }

    private static void MapLink(RouteGroupBuilder group, string what, Func<Diary, AppointmentTarget, string?, Task<string>> link)
    {
        group.MapPut($"/{{id}}/{what}", async (HttpContext context, ApiDiary diary, string id) =>
        {
            var body = await ApiValues.ReadAsync(context, ApiJson.Default.ApiLink);
            if (string.IsNullOrWhiteSpace(body.Reference)) throw ApiFault.Invalid("Give what is linked in 'reference'.");
            var target = Target(context, id, body.Occurrence);
            await link(diary.Diary, target, body.Reference.Trim());
            return await AnswerAsync(context, diary, target with { Version = null });
        }).WithSummary($"Link the {what}").Accepts<ApiLink>("application/json").Produces<ApiAppointment>();
        group.MapDelete($"/{{id}}/{what}", async (HttpContext context, ApiDiary diary, string id, string? occurrence) =>
        {
            var target = Target(context, id, occurrence);
            await link(diary.Diary, target, null);
            return await AnswerAsync(context, diary, target with { Version = null });
        }).WithSummary($"Unlink the {what}").Produces<ApiAppointment>();
    }

    private static AppointmentTarget Target(HttpContext context, string id, string? occurrence)
    {
        var version = context.Request.Headers.IfMatch.ToString().Trim();
        if (version.StartsWith("W/", StringComparison.Ordinal))
            throw new ApiFault(StatusCodes.Status412PreconditionFailed, "If-Match compares strong ETags (RFC 9110 §13.1.1).");
        return new AppointmentTarget(ApiValues.ReadId(id), ApiValues.Occurrence(occurrence), version is "" or "*" ? null : version.Trim('"'));
    }

    private static async Task<IResult> CreatedAsync(HttpContext context, ApiDiary diary, string id)
    {
        var path = context.Request.Path.Value!.Replace("/personal", "", StringComparison.Ordinal).TrimEnd('/');
        context.Response.Headers.Location = $"{path}/{ApiValues.WriteId(id)}";
        return await AnswerAsync(context, diary, new AppointmentTarget(id), StatusCodes.Status201Created);
    }

    private static async Task<IResult> AnswerAsync(
        HttpContext context, ApiDiary diary, AppointmentTarget target, int status = StatusCodes.Status200OK)
    {
        var appointment = await diary.Diary.GetAsync(target, context.RequestAborted);
        context.Response.Headers.ETag = $"\"{appointment.Version}\"";
        return TypedResults.Json(ApiValues.Write(appointment), ApiJson.Default.ApiAppointment, statusCode: status);
    }
}
