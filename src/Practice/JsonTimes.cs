using NodaTime;
using NodaTime.Serialization.SystemTextJson;

namespace Practice;

/// <summary>How the documents of this layer write times: in ISO 8601. Each folder has the generated code of its own documents.</summary>
internal static class JsonTimes
{
    internal sealed class InstantConverter() : DelegatingConverterBase<Instant>(NodaConverters.InstantConverter);

    internal sealed class LocalDateTimeConverter() : DelegatingConverterBase<LocalDateTime>(NodaConverters.LocalDateTimeConverter);

    internal sealed class LocalDateConverter() : DelegatingConverterBase<LocalDate>(NodaConverters.LocalDateConverter);

    internal sealed class LocalTimeConverter() : DelegatingConverterBase<LocalTime>(NodaConverters.LocalTimeConverter);
}
