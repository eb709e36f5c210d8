using System.Text.Json.Serialization;

namespace Practice.Audit;

/// <summary>How the documents of audit logs are written (<see cref="JsonTimes"/>).</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    UseStringEnumConverter = true,
    Converters = [typeof(JsonTimes.InstantConverter), typeof(JsonTimes.LocalDateTimeConverter), typeof(JsonTimes.LocalDateConverter), typeof(JsonTimes.LocalTimeConverter)])]
[JsonSerializable(typeof(AuditEntry))]
[JsonSerializable(typeof(SecurityEvent))]
internal sealed partial class AuditJson : JsonSerializerContext;
