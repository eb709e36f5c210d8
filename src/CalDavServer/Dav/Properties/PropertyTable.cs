using System.Collections.Frozen;
using Calendaring.Store;

namespace CalDavServer.Dav.Properties;

/// <summary>All live properties, by name. A name that is not here is a dead property, or unknown.</summary>
internal static class PropertyTable
{
    /// <summary>The rows, in the order in which <c>allprop</c> and <c>propname</c> list them.</summary>
    public static IReadOnlyList<LiveProperty> Rows { get; } =
    [
        .. ResourceProperties.Rows,
        .. PrincipalProperties.Rows,
        .. PrivilegeProperties.Rows,
        .. CalendarProperties.Rows,
        .. CalendarZoneProperties.Rows,
        .. CalendarLimitProperties.Rows,
        .. SchedulingProperties.Rows,
        .. SyncProperties.Rows,
        .. QuotaProperties.Rows,
        .. AppearanceProperties.Rows,
    ];

    private static readonly FrozenDictionary<PropertyName, LiveProperty> ByName = Rows.ToFrozenDictionary(row => row.Name);

    /// <summary>The row of a name, or null.</summary>
    public static LiveProperty? Find(PropertyName name) => ByName.GetValueOrDefault(name);

    /// <summary>The rows of a list of names, null where there is none: looked up once per request and not per resource.</summary>
    public static LiveProperty?[] Find(IReadOnlyList<PropertyName> names)
    {
        var columns = new LiveProperty?[names.Count];
        for (var i = 0; i < columns.Length; i++) columns[i] = Find(names[i]);
        return columns;
    }
}
