using System.Text.Json.Serialization;

namespace Practice.Subscriptions;

/// <summary>How the documents of subscriptions are written (<see cref="JsonTimes"/>).</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    UseStringEnumConverter = true,
    Converters = [typeof(JsonTimes.InstantConverter), typeof(JsonTimes.LocalDateTimeConverter), typeof(JsonTimes.LocalDateConverter), typeof(JsonTimes.LocalTimeConverter)])]
[JsonSerializable(typeof(Subscription))]
[JsonSerializable(typeof(CreditLine))]
[JsonSerializable(typeof(CreditNotice))]
[JsonSerializable(typeof(CreditEmail))]
internal sealed partial class SubscriptionJson : JsonSerializerContext;
