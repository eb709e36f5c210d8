using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sandbox;

/// <summary>The properties that a resource has, with the type that the vendor's description gives each. A body with any other is refused.</summary>
public sealed class Shape(string schema, Dictionary<string, object> properties)
{
    /// <summary>The name of the schema in the vendor's description.</summary>
    public string Schema => schema;

    /// <summary>Name to type: "string", "boolean", "integer", "any", a shape, or an array of one of them.</summary>
    public IReadOnlyDictionary<string, object> Properties => properties;

    public void Check(JsonObject body, string path)
    {
        foreach (var (name, value) in body)
        {
            if (!properties.TryGetValue(name, out var type)) throw new ShapeException($"Invalid JSON payload received. Unknown name \"{path}{name}\"");
            if (value is not null) CheckValue(value, type, path + name);
        }
    }

    private static void CheckValue(JsonNode value, object type, string path)
    {
        switch (type)
        {
            case Shape shape when value is JsonObject inner:
                shape.Check(inner, path + ".");
                return;
            case object[] element when value is JsonArray list:
                foreach (var item in list) CheckValue(item ?? throw Wrong(path), element[0], path + "[]");
                return;
            case Dictionary<string, string> when value is JsonObject map && map.All(x => x.Value is null || x.Value.GetValueKind() == JsonValueKind.String):
            case "any":
            case "string" when value.GetValueKind() == JsonValueKind.String:
            case "boolean" when value.GetValueKind() is JsonValueKind.True or JsonValueKind.False:
            case "integer" when value.GetValueKind() == JsonValueKind.Number || (value.GetValueKind() == JsonValueKind.String && long.TryParse((string)value!, out _)):
                return;
            default:
                throw Wrong(path);
        }
    }

    private static ShapeException Wrong(string path) => new($"Invalid value for: {path}");
}

/// <summary>A body that is not of the form that the vendor describes.</summary>
public sealed class ShapeException(string message) : Exception(message);
