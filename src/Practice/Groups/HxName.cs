using System.Security;
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

    public static PropertyBag Put(PropertyBag properties, string name) =>
        properties.With(DisplayName, $"<displayname xmlns=\"DAV:\">{SecurityElement.Escape(name)}</displayname>");
}
