using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;
using Sandbox.Hooks;
using Sandbox.State;

namespace Sandbox.Halaxy;

/// <summary>halaxy.md §4: a hint for each change, to the address that was set for its kind; the topic does not tell which kind it is.</summary>
public sealed class HalaxyPush(Store store, VirtualClock clock, HookSender sender)
{
    public void Changed(HalaxyPractice practice, string kind, string reference)
    {
        if (!practice.Hooks.TryGetValue(kind, out var address)) return;
        practice.Messages++;
        store.HalaxyPractices.Update(practice);
        var now = InstantPattern.ExtendedIso.Format(clock.GetCurrentInstant());
        var happened = new JsonObject
        {
            ["eventNumber"] = practice.Messages.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["timestamp"] = now,
            ["focus"] = new JsonObject { ["reference"] = reference, ["type"] = "Appointment" },
        };
        var body = new JsonObject
        {
            ["timestamp"] = now,
            ["type"] = "history",
            ["entry"] = new JsonArray(new JsonObject
            {
                ["resource"] = new JsonObject
                {
                    ["status"] = "active",
                    ["type"] = "event-notification",
                    ["notificationEvent"] = new JsonArray(happened),
                    ["topic"] = new JsonObject { ["reference"] = "SubscriptionTopic/7" },
                },
            }),
        };
        var headers = practice.HookSecret is { } secret ? new Dictionary<string, string> { ["Authorization"] = secret } : [];
        sender.Post("push.halaxy", practice.Id, address, headers, body.ToJsonString());
    }
}
