using System.Text.Json;
using System.Text.Json.Serialization;
using NodaTime;

namespace ProviderBridge.Sync;

/// <summary>How the documents of links are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, UseStringEnumConverter = true, Converters = [typeof(UnixTimeConverter)])]
[JsonSerializable(typeof(Link))]
[JsonSerializable(typeof(LinkItem))]
[JsonSerializable(typeof(LeftObject))]
[JsonSerializable(typeof(Conflict))]
[JsonSerializable(typeof(LinkTimeline))]
[JsonSerializable(typeof(LinkChannel))]
internal sealed partial class SyncJson : JsonSerializerContext;

/// <summary>Moments as milliseconds since 1970.</summary>
internal sealed class UnixTimeConverter : JsonConverter<Instant>
{
    public override Instant Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Instant.FromUnixTimeMilliseconds(reader.GetInt64());

    public override void Write(Utf8JsonWriter writer, Instant value, JsonSerializerOptions options) => writer.WriteNumberValue(value.ToUnixTimeMilliseconds());
}
