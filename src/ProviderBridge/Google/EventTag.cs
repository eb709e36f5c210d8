using Google.Apis.Calendar.v3.Data;

namespace ProviderBridge.Google;

/// <summary>What is noted with an event of ours: the link and the appointment's UID. A copy that somebody makes has it too.</summary>
internal static class EventTag
{
    private const string Link = "hxLink";
    private const string Uid = "hxUid";

    /// <summary>The UID that a link has noted; null where it has noted none.</summary>
    public static string? Read(Event one, string link) =>
        one.ExtendedProperties?.Private__ is { } kept && kept.TryGetValue(Link, out var noted) && noted == link && kept.TryGetValue(Uid, out var uid) ? uid : null;

    /// <summary>Notes them, beside what other applications have noted.</summary>
    public static void Put(Event one, string link, string uid)
    {
        one.ExtendedProperties ??= new Event.ExtendedPropertiesData();
        one.ExtendedProperties.Private__ = new Dictionary<string, string>(one.ExtendedProperties.Private__ ?? new Dictionary<string, string>()) { [Link] = link, [Uid] = uid };
    }
}
