using System.Text.Json.Serialization;

namespace Practice.Feeds;

/// <summary>How the documents of feeds are written (<see cref="JsonTimes"/>).</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    UseStringEnumConverter = true,
    Converters = [typeof(JsonTimes.InstantConverter), typeof(JsonTimes.LocalDateTimeConverter), typeof(JsonTimes.LocalDateConverter), typeof(JsonTimes.LocalTimeConverter)])]
[JsonSerializable(typeof(Feed))]
[JsonSerializable(typeof(FeedAddress))]
internal sealed partial class FeedJson : JsonSerializerContext;
