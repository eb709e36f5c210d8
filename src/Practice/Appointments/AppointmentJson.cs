using System.Text.Json.Serialization;

namespace Practice.Appointments;

/// <summary>How the documents of appointments are written (<see cref="JsonTimes"/>).</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    UseStringEnumConverter = true,
    Converters = [typeof(JsonTimes.InstantConverter), typeof(JsonTimes.LocalDateTimeConverter), typeof(JsonTimes.LocalDateConverter), typeof(JsonTimes.LocalTimeConverter)])]
[JsonSerializable(typeof(AppointmentDetails))]
[JsonSerializable(typeof(Authorship))]
internal sealed partial class AppointmentJson : JsonSerializerContext;
