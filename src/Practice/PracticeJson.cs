using System.Text.Json;
using System.Text.Json.Serialization;
using NodaTime;
using NodaTime.Text;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using Practice.Feeds;
using Practice.Groups;
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
[JsonSerializable(typeof(UntakenEdit))]
[JsonSerializable(typeof(RefusedChanges))]
[JsonSerializable(typeof(SyncVisit))]
[JsonSerializable(typeof(AuditEntry))]
[JsonSerializable(typeof(Account))]
[JsonSerializable(typeof(Session))]
[JsonSerializable(typeof(OneTimeLinks))]
[JsonSerializable(typeof(NewAddress))]
[JsonSerializable(typeof(Subscription))]
[JsonSerializable(typeof(CreditLine))]
[JsonSerializable(typeof(CreditNotice))]
[JsonSerializable(typeof(CreditLetter))]
[JsonSerializable(typeof(Feed))]
[JsonSerializable(typeof(FeedAddress))]
internal sealed partial class PracticeJson : JsonSerializerContext;

internal abstract class PatternConverter<T>(IPattern<T> pattern) : JsonConverter<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var parsed = pattern.Parse(reader.GetString() ?? "");
        return parsed.Success ? parsed.Value : throw new JsonException("A time is not written in ISO 8601.");
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(pattern.Format(value));
}

internal sealed class InstantConverter() : PatternConverter<Instant>(InstantPattern.ExtendedIso);

internal sealed class LocalDateTimeConverter() : PatternConverter<LocalDateTime>(LocalDateTimePattern.ExtendedIso);

internal sealed class LocalDateConverter() : PatternConverter<LocalDate>(LocalDatePattern.Iso);

internal sealed class LocalTimeConverter() : PatternConverter<LocalTime>(LocalTimePattern.ExtendedIso);
