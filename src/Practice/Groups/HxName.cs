using Calendaring.Store;
using Practice.Hx;

namespace Practice.Groups;

/// <summary>
/// The name of an HX_ calendar: <c>HX_</c> and the practice group's name (R2); with the practitioner's when the group has several, so that
/// several of them tell apart in one external account (R3).
/// </summary>
internal static class HxName
{
    public static string Of(PracticeGroup practice, Principal practitioner, IReadOnlyList<Principal> practitioners)
    {
        if (practitioners.Count < 2) return $"HX_{practice.Name}";
        var namesakes = practitioners.Count(other => string.Equals(other.DisplayName, practitioner.DisplayName, StringComparison.OrdinalIgnoreCase));
        return namesakes < 2
            ? $"HX_{practice.Name} ({practitioner.DisplayName})"
            : $"HX_{practice.Name} ({practitioner.DisplayName}, {practitioner.Login})";
    }

    /// <summary>The properties of a new calendar of a name.</summary>
    public static PropertyBag Properties(string name) => PropertyBag.Empty.With(PropertyName.DisplayName, Element(name));

    /// <summary>The steps with which the calendars of a practice group's practitioners get other names, where they do, when who is there, or what somebody or the practice group itself is called, changes.</summary>
    public static async ValueTask<IReadOnlyList<StoreOperation>> RenameAsync(
        IStoreSnapshot snapshot, PracticeGroup practice, IReadOnlyList<Principal> before, IReadOnlyList<Principal> after, PracticeGroup? renamed = null)
    {
        List<StoreOperation> steps = [];
        foreach (var practitioner in after)
        {
            if (before.FirstOrDefault(other => other.Id == practitioner.Id) is not { } earlier) continue;
            var name = Of(renamed ?? practice, practitioner, after);
            if (name != Of(practice, earlier, before) && await snapshot.FindCollectionAsync(practitioner.Id, HxCalendar.CollectionName) is { } hx)
                steps.Add(new UpdateCollection(hx.Id, new Dictionary<PropertyName, string?> { [PropertyName.DisplayName] = Element(name) }));
        }

        return steps;
    }

    private static string Element(string name) => PropertyName.DisplayName.ElementOf(NameText.Writable(name));
}
