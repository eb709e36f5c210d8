using System.Text.Json.Serialization;

namespace Practice.Diaries;

/// <summary>How the documents of the diary are written (<see cref="JsonTimes"/>).</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    UseStringEnumConverter = true,
    Converters = [typeof(JsonTimes.InstantConverter), typeof(JsonTimes.LocalDateTimeConverter), typeof(JsonTimes.LocalDateConverter), typeof(JsonTimes.LocalTimeConverter)])]
[JsonSerializable(typeof(Inclusion))]
[JsonSerializable(typeof(SyncVisit))]
internal sealed partial class DiaryJson : JsonSerializerContext;
