using Calendaring.Store;
using Practice.Groups;

namespace ProviderBridge.Halaxy;

/// <summary>What a practice group keeps of its Halaxy account and is of one practitioner. It goes with them, however the connection stands: no pass may ever run again.</summary>
public static class HalaxyErasure
{
    /// <summary>The steps, to be applied together with those that erase the practitioner, and before them.</summary>
    public static async ValueTask<IReadOnlyList<StoreOperation>> OfAsync(IStoreSnapshot snapshot, Principal person)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(person);
        if (person.GroupId is not { } group || await HalaxyConnection.FindAsync(snapshot, group) is not { } connection) return [];
        List<StoreOperation> steps = [];
        foreach (var id in await HalaxyItem.ListIdsAsync(snapshot, person.Id))
        {
            if (await HalaxyItem.FindAsync(snapshot, group, id) is { } item && item.Copies.Any(copy => copy.PractitionerId == person.Id)) steps.Add(item.Without(person.Id));
        }

        steps.AddRange((await HalaxyTask.ListAsync(snapshot, group)).Where(task => task.PractitionerId == person.Id).Select(task => task.Remove()));
        steps.AddRange((await HalaxyOverruled.ListAsync(snapshot, group)).Where(one => one.PractitionerId == person.Id).Select(one => one.Remove()));
        steps.AddRange(await HalaxyIntent.ForgetOfAsync(snapshot, group, person.Id));
        steps.AddRange(await HalaxyCursor.ForgetAsync(snapshot, group, person.Id));
        var left = connection.Without(person.Id);
        if (left != connection) steps.AddRange([left.Put(), .. await PracticeGroup.SetConnectedAsync(snapshot, group, left.IsConnected, left.Matches.Select(match => match.PractitionerId))]);
        return [.. steps, .. await HalaxyNames.ForgetUnneededAsync(snapshot, left, thorough: true)];
    }
}
