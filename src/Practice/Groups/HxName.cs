using System.Security;
using System.Xml.Linq;
using Calendaring.Store;

namespace Practice.Groups;

/// <summary>
/// The name of an HX_ calendar: <c>HX_</c> and the practice group's name (R2); with the practitioner's when the group has several, so that
/// several of them tell apart in one external account (R3).
/// </summary>
internal static class HxName
{
    private static readonly PropertyName DisplayName = new("DAV:", "displayname");

    public static string Of(PracticeGroup practice, Principal practitioner, IReadOnlyList<Principal> practitioners)
    {
        if (practitioners.Count < 2) return $"HX_{practice.Name}";
        var namesakes = practitioners.Count(other => string.Equals(other.DisplayName, practitioner.DisplayName, StringComparison.OrdinalIgnoreCase));
        return namesakes < 2
            ? $"HX_{practice.Name} ({practitioner.DisplayName})"
            : $"HX_{practice.Name} ({practitioner.DisplayName}, {practitioner.Login})";
    }

    /// <summary>The properties of a new calendar of a name.</summary>
    public static PropertyBag Properties(string name) => PropertyBag.Empty.With(DisplayName, Element(name));

    /// <summary>What changes in the properties of a calendar that gets a name.</summary>
    public static IReadOnlyDictionary<PropertyName, string?> Change(string name) => new Dictionary<PropertyName, string?> { [DisplayName] = Element(name) };

    /// <summary>The name that properties say, or null.</summary>
    public static string? Read(PropertyBag properties) => properties.TryGet(DisplayName, out var element) ? XElement.Parse(element).Value : null;

    private static string Element(string name) => $"<displayname xmlns=\"DAV:\">{SecurityElement.Escape(name)}</displayname>";
}
