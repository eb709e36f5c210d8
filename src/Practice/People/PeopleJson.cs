using System.Text.Json.Serialization;

namespace Practice.People;

/// <summary>How the documents of people's accounts are written (<see cref="JsonTimes"/>).</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    UseStringEnumConverter = true,
    Converters = [typeof(JsonTimes.InstantConverter), typeof(JsonTimes.LocalDateTimeConverter), typeof(JsonTimes.LocalDateConverter), typeof(JsonTimes.LocalTimeConverter)])]
[JsonSerializable(typeof(Account))]
[JsonSerializable(typeof(Session))]
[JsonSerializable(typeof(OneTimeLinks))]
[JsonSerializable(typeof(NewAddress))]
internal sealed partial class PeopleJson : JsonSerializerContext;
