using System.Text.Json;
using System.Text.Json.Serialization;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;

namespace CalDavServer.Api;

/// <summary>A moment in three forms.</summary>
/// <param name="Local">ISO 8601 local time; a date in an all-day appointment.</param>
/// <param name="Zone">IANA time zone.</param>
/// <param name="Utc">ISO 8601 instant.</param>
internal sealed record ApiTime(string Local, string Zone, string Utc);

/// <summary>A practitioner whose diary the caller may open.</summary>
internal sealed record ApiPractitioner(string Id, string Name);

/// <summary>Practitioners by name.</summary>
internal sealed record ApiPractitioners(IReadOnlyList<ApiPractitioner> Practitioners);

/// <summary>A patient.</summary>
internal sealed record ApiPatient(string? Reference, string? GivenName, string? FamilyName, string? Phone);

/// <summary>Why an appointment that was removed outside is still in the diary.</summary>
internal sealed record ApiKept(string Reason, string At, string By);

/// <summary>An appointment, or one occurrence of a series.</summary>
internal sealed record ApiAppointment(
    string Id,
    string? Occurrence,
    AppointmentKind Kind,
    AppointmentStatus Status,
    string Title,
    ApiTime Start,
    ApiTime End,
    bool AllDay,
    IReadOnlyList<ApiPatient> Patients,
    string? Type,
    string? Location,
    string? Comments,
    string? Rule,
    bool OnlineBooking,
    decimal? Fee,
    string? Invoice,
    string? Note,
    bool Published,
    ApiKept? Kept,
    string Origin,
    string? Follows,
    string? FollowedBy,
    string Version,
    bool? Private = null,
    bool? Transparent = null);

/// <summary>Appointments by start.</summary>
internal sealed record ApiAppointments(IReadOnlyList<ApiAppointment> Appointments);

/// <summary>The unit in which an appointment repeats.</summary>
internal enum RepeatUnit
{
    Day,
    Week,
    Month,
    Year,
}

/// <summary>How an appointment repeats.</summary>
/// <param name="Unit">Day, week, month or year.</param>
/// <param name="Every">The interval in these units; 1 when left out.</param>
/// <param name="Days">Days of the week, in a weekly repeat.</param>
/// <param name="Until">The last day, e.g. <c>2026-05-30</c>.</param>
/// <param name="Count">How many times.</param>
/// <param name="WeekOfMonth">In a monthly or yearly repeat on the weekday of the start: 1 to 5 for the first to the fifth of the month, -1 for the last.</param>
internal sealed record ApiRepeat(RepeatUnit Unit, int? Every, IReadOnlyList<DayOfWeek>? Days, string? Until, int? Count, int? WeekOfMonth = null);

/// <summary>A patient appointment to book.</summary>
/// <param name="Patients">At least one.</param>
/// <param name="Type">The appointment type.</param>
/// <param name="Start">ISO 8601 with an offset or Z; or a local time, and then <paramref name="Zone"/> says where.</param>
/// <param name="Zone">IANA time zone of a local start.</param>
/// <param name="Minutes">How long.</param>
/// <param name="Location">Location.</param>
/// <param name="Comments">Comments.</param>
/// <param name="Repeat">How it repeats.</param>
/// <param name="OnlineBooking">Whether the patient booked it online.</param>
/// <param name="Fee">The fee in the practice's currency.</param>
internal sealed record ApiBooking(
    IReadOnlyList<ApiPatient>? Patients,
    string? Type,
    string? Start,
    string? Zone,
    int? Minutes,
    string? Location,
    string? Comments,
    ApiRepeat? Repeat,
    bool OnlineBooking,
    decimal? Fee);

/// <summary>A personal appointment to add.</summary>
/// <param name="Title">The title.</param>
/// <param name="Start">As in a booking; a date in an all-day appointment.</param>
/// <param name="Zone">IANA time zone of a local start.</param>
/// <param name="Minutes">How long.</param>
/// <param name="AllDay">Whole days.</param>
/// <param name="Days">How many days, when it is all-day; 1 when left out.</param>
/// <param name="Location">Location.</param>
/// <param name="Comments">Comments.</param>
/// <param name="Repeat">How it repeats.</param>
/// <param name="Private">Whether only its practitioner sees what it says: others see that there is something, and when.</param>
internal sealed record ApiPersonal(
    string? Title, string? Start, string? Zone, int? Minutes, bool AllDay, int? Days, string? Location, string? Comments, ApiRepeat? Repeat, bool Private = false);

/// <summary>
/// What to change. What is left out stays as it is; an empty text removes what was there. With <c>allDay</c> true the appointment lasts whole days, <c>days</c> of them; with false it lasts a part
/// of a day, and needs a start and <c>minutes</c>. <c>private</c> makes a personal appointment private, so that only its practitioner sees what it says, or public again.
/// </summary>
internal sealed record ApiEdit(
    string? Occurrence,
    SeriesScope Scope,
    string? Start,
    string? Zone,
    int? Minutes,
    string? Title,
    string? Location,
    string? Comments,
    IReadOnlyList<ApiPatient>? Patients,
    string? Type,
    decimal? Fee,
    AppointmentStatus? Status,
    ApiRepeat? Repeat,
    bool? AllDay = null,
    int? Days = null,
    bool? Private = null);

/// <summary>How to cancel.</summary>
internal sealed record ApiCancellation(CancelChoice? Choice, SeriesScope Scope, string? Occurrence);

/// <summary>Which occurrence is meant; the whole when left out.</summary>
internal sealed record ApiOccurrence(string? Occurrence);

/// <summary>What a personal appointment becomes; what is left out is as in the series that it continues.</summary>
internal sealed record ApiConversion(IReadOnlyList<ApiPatient>? Patients, string? Type, decimal? Fee);

/// <summary>What is linked, and to which occurrence; to the whole when left out.</summary>
internal sealed record ApiLink(string? Reference, string? Occurrence);

/// <summary>One line of an appointment's history.</summary>
internal sealed record ApiHistoryLine(string At, string Who, string? Device, AuditAction Action, string? Occurrence);

/// <summary>What was done to an appointment, oldest first.</summary>
internal sealed record ApiHistory(IReadOnlyList<ApiHistoryLine> Lines);

/// <summary>How many more appointments are now shown outside.</summary>
internal sealed record ApiPublished(int Count);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    Converters = [typeof(CamelEnum<AppointmentKind>), typeof(CamelEnum<AppointmentStatus>), typeof(CamelEnum<RepeatUnit>), typeof(CamelEnum<DayOfWeek>),
        typeof(CamelEnum<SeriesScope>), typeof(CamelEnum<CancelChoice>), typeof(CamelEnum<AuditAction>)])]
[JsonSerializable(typeof(ApiAppointment))]
[JsonSerializable(typeof(ApiAppointments))]
[JsonSerializable(typeof(ApiBooking))]
[JsonSerializable(typeof(ApiPersonal))]
[JsonSerializable(typeof(ApiEdit))]
[JsonSerializable(typeof(ApiCancellation))]
[JsonSerializable(typeof(ApiOccurrence))]
[JsonSerializable(typeof(ApiConversion))]
[JsonSerializable(typeof(ApiLink))]
[JsonSerializable(typeof(ApiHistory))]
[JsonSerializable(typeof(ApiPublished))]
[JsonSerializable(typeof(ApiPractitioners))]
[JsonSerializable(typeof(Microsoft.AspNetCore.Mvc.ProblemDetails))]
internal sealed partial class ApiJson : JsonSerializerContext;

/// <summary>Enumerations as camel-case words, and never as numbers.</summary>
internal sealed class CamelEnum<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;
