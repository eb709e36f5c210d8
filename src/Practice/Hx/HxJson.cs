using System.Text.Json.Serialization;

namespace Practice.Hx;

/// <summary>How the documents of HX_ calendars are written (<see cref="JsonTimes"/>).</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    UseStringEnumConverter = true,
    Converters = [typeof(JsonTimes.InstantConverter), typeof(JsonTimes.LocalDateTimeConverter), typeof(JsonTimes.LocalDateConverter), typeof(JsonTimes.LocalTimeConverter)])]
[JsonSerializable(typeof(HxAccess))]
[JsonSerializable(typeof(RejectedEdit))]
[JsonSerializable(typeof(RefusedChanges))]
[JsonSerializable(typeof(RemovedAppointment))]
internal sealed partial class HxJson : JsonSerializerContext;
