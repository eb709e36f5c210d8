using System.Text.Json.Serialization;
using NodaTime;
using NodaTime.Serialization.SystemTextJson;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using Practice.Feeds;
using Practice.Groups;
using Practice.Hx;
using Practice.People;
using Practice.Subscriptions;

namespace Practice;

/// <summary>How the documents of this layer are written: JSON with generated code, times in ISO 8601.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    UseStringEnumConverter = true,
    Converters = [typeof(InstantConverter), typeof(LocalDateTimeConverter), typeof(LocalDateConverter), typeof(LocalTimeConverter)])]
[JsonSerializable(typeof(AppointmentDetails))]
[JsonSerializable(typeof(Authorship))]
[JsonSerializable(typeof(PracticeGroup))]
[JsonSerializable(typeof(HxAccess))]
[JsonSerializable(typeof(Inclusion))]
[JsonSerializable(typeof(RejectedEdit))]
[JsonSerializable(typeof(RefusedChanges))]
[JsonSerializable(typeof(RemovedAppointment))]
[JsonSerializable(typeof(SyncVisit))]
[JsonSerializable(typeof(AuditEntry))]
[JsonSerializable(typeof(Account))]
[JsonSerializable(typeof(Session))]
[JsonSerializable(typeof(SecurityEvent))]
[JsonSerializable(typeof(OneTimeLinks))]
[JsonSerializable(typeof(NewAddress))]
[JsonSerializable(typeof(Subscription))]
[JsonSerializable(typeof(CreditLine))]
[JsonSerializable(typeof(CreditNotice))]
[JsonSerializable(typeof(CreditEmail))]
[JsonSerializable(typeof(Feed))]
[JsonSerializable(typeof(FeedAddress))]
internal sealed partial class PracticeJson : JsonSerializerContext;

internal sealed class InstantConverter() : DelegatingConverterBase<Instant>(NodaConverters.InstantConverter);

internal sealed class LocalDateTimeConverter() : DelegatingConverterBase<LocalDateTime>(NodaConverters.LocalDateTimeConverter);

internal sealed class LocalDateConverter() : DelegatingConverterBase<LocalDate>(NodaConverters.LocalDateConverter);

internal sealed class LocalTimeConverter() : DelegatingConverterBase<LocalTime>(NodaConverters.LocalTimeConverter);
