using System.Text.Json.Serialization;
using ProviderBridge.Sync;

namespace ProviderBridge.Halaxy;

/// <summary>How the documents of a Halaxy connection are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, UseStringEnumConverter = true, Converters = [typeof(UnixTimeConverter)])]
[JsonSerializable(typeof(HalaxyConnection))]
[JsonSerializable(typeof(HalaxyItem))]
[JsonSerializable(typeof(HalaxyWholeItem))]
[JsonSerializable(typeof(HalaxyTask))]
[JsonSerializable(typeof(HalaxyOverruled))]
internal sealed partial class HalaxyJson : JsonSerializerContext;
