using System.Globalization;
using Newtonsoft.Json;

namespace Google.Apis.Calendar.v3;

/// <summary>A number of 64 bits is said in a string, as Google's description has it (<c>type: string, format: int64</c>).</summary>
internal sealed class Int64Text : JsonConverter<long?>
{
    public override bool CanRead => false;

    public override void WriteJson(JsonWriter writer, long? value, JsonSerializer serializer) => writer.WriteValue(value?.ToString(CultureInfo.InvariantCulture));

    public override long? ReadJson(JsonReader reader, Type objectType, long? existingValue, bool hasExistingValue, JsonSerializer serializer) => throw new NotSupportedException("The serializer reads both forms itself.");
}
