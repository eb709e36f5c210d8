using Calendaring.Store;

namespace CalDavServer.Dav.Methods;

/// <summary>
/// The properties that go with an object that is copied or moved (RFC 4918 §9.8.2, §9.9.1): those that the caller may see, each at the level at which it was set. They take the place of those that the
/// destination had (§9.8.4); what the caller may not see stays where it is.
/// </summary>
internal static class CarriedProperties
{
    public static async ValueTask<IReadOnlyList<StoreOperation>> PlanAsync(DavRequest request, CalendarMember source, CalendarMember target)
    {
        var level = (int)request.Caller.Level;
        var (from, to) = (PropertyTarget.Of(source.Collection, source.Path.Object!), PropertyTarget.Of(target.Collection, target.Path.Object!));
        var carried = await request.Snapshot.ListPropertiesAsync(from, level);
        var replaced = target.Shown is null ? [] : await request.Snapshot.ListPropertiesAsync(to, level);
        List<StoreOperation> operations = [];
        for (var own = 0; own <= level; own++)
        {
            var changes = new Dictionary<PropertyName, string?>();
            foreach (var property in replaced)
            {
                if (property.Level == own) changes[property.Name] = null;
            }

            foreach (var property in carried)
            {
                if (property.Level == own) changes[property.Name] = property.Element;
            }

            if (changes.Count > 0) operations.Add(new SetProperties(to, own, changes, request.Quotas.PropertyRoom));
        }

        return operations;
    }
}
