using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NodaTime;
using NodaTime.Text;
using Sandbox.State;

namespace Sandbox.Microsoft.Subscriptions;

/// <summary>§B4: subscriptions, their handshake, renewal and end.</summary>
public static partial class SubscriptionMethods
{
    private const int MostMinutes = 10_080;
    private const int MostForMailbox = 1_000;
    private static readonly string[] Kinds = ["created", "updated", "deleted"];

    public static IReadOnlyList<GraphMethod> All { get; } =
    [
        new("graph.subscriptions.create", "POST", ["subscriptions"], Create, Body: GraphShapes.Subscription, Before: HandshakeAsync),
        new("graph.subscriptions.list", "GET", ["subscriptions"], List),
        new("graph.subscriptions.get", "GET", ["subscriptions/{subscriptionId}"], call => new Reply(200, Show(Find(call)))),
        new("graph.subscriptions.update", "PATCH", ["subscriptions/{subscriptionId}"], Renew, Body: GraphShapes.Subscription),
        new("graph.subscriptions.reauthorize", "POST", ["subscriptions/{subscriptionId}/reauthorize"], Reauthorize),
        new("graph.subscriptions.delete", "DELETE", ["subscriptions/{subscriptionId}"], Delete),
    ];

    private static async Task HandshakeAsync(GraphCall call)
    {
        var address = call.Push.Allowed((string?)call.Body["notificationUrl"], "notificationUrl");
        await call.Push.ValidateAsync(address, default);
        if ((string?)call.Body["lifecycleNotificationUrl"] is { } lifecycle) await call.Push.ValidateAsync(call.Push.Allowed(lifecycle, "lifecycleNotificationUrl"), default);
    }

    private static Reply Create(GraphCall call)
    {
        var kinds = ((string?)call.Body["changeType"])?.Split(',') ?? [];
        if (kinds.Length == 0 || kinds.Except(Kinds).Any()) throw Invalid("The changeType is not valid.");
        var secret = (string?)call.Body["clientState"];
        if (secret?.Length > 128) throw Invalid("The clientState may have 128 characters.");
        var hook = new HookRow
        {
            Id = Ids.Uuid(),
            Client = call.Grant.Client,
            Account = call.Grant.Account,
            Calendar = CalendarOf(call),
            Resource = (string)call.Body["resource"]!,
            Address = (string)call.Body["notificationUrl"]!,
            LifecycleAddress = (string?)call.Body["lifecycleNotificationUrl"],
            Secret = secret,
            Kinds = string.Join(',', kinds),
            Immutable = call.Immutable,
            ExpiresAt = Expiry(call),
        };
        var others = Live(call).ToList();
        if (others.Count >= MostForMailbox) throw new GraphException(403, "Forbidden", "Maximum number of active subscriptions reached.");
        if (others.Any(x => x.Resource == hook.Resource && x.Address == hook.Address && x.Kinds == hook.Kinds)) throw new GraphException(409, "Conflict", "The subscription already exists.");
        call.Store.Hooks.Insert(hook);
        return new Reply(201, Show(hook));
    }

    private static string CalendarOf(GraphCall call)
    {
        if (Resource().Match((string?)call.Body["resource"] ?? "") is not { Success: true } resource) throw Invalid("The resource is not supported.");
        var id = Uri.UnescapeDataString(resource.Groups[1].Value);
        return id.Length == 0 || call.Store.Calendars.FindById(id) is { Deleted: false } row && row.Account == call.Grant.Account ? id : throw GraphRefusal.NotFound();
    }

    private static long Expiry(GraphCall call)
    {
        var now = call.Clock.GetCurrentInstant();
        var asked = OffsetDateTimePattern.ExtendedIso.Parse((string?)call.Body["expirationDateTime"] ?? "");
        if (!asked.Success || asked.Value.ToInstant() <= now) throw Invalid("The expirationDateTime is missing or in the past.");
        if (asked.Value.ToInstant() > now + Duration.FromMinutes(MostMinutes)) throw Invalid("Subscription expiration can only be 10080 minutes in the future.");
        return asked.Value.ToInstant().ToUnixTimeMilliseconds();
    }

    private static IEnumerable<HookRow> Live(GraphCall call) =>
        call.Store.Hooks.Find(x => x.Account == call.Grant.Account).Where(x => x.ExpiresAt > call.Clock.GetCurrentInstant().ToUnixTimeMilliseconds());

    private static HookRow Find(GraphCall call) =>
        Live(call).FirstOrDefault(x => x.Id == call.Route("subscriptionId")) ?? throw new GraphException(404, "ResourceNotFound", "The object was not found.");

    private static Reply List(GraphCall call) => new(200, new JsonObject { ["value"] = new JsonArray([.. Live(call).Select(Show)]) });

    private static Reply Renew(GraphCall call)
    {
        if (call.Body.Any(x => x.Key is not ("expirationDateTime" or "notificationUrl"))) throw Invalid("Only the expirationDateTime can be changed."); // §B4: no lifecycleNotificationUrl later
        var hook = Find(call);
        hook.ExpiresAt = Expiry(call);
        call.Store.Hooks.Update(hook);
        return new Reply(200, Show(hook));
    }

    private static Reply Reauthorize(GraphCall call)
    {
        _ = Find(call);
        return new Reply(204);
    }

    private static Reply Delete(GraphCall call)
    {
        call.Store.Hooks.Delete(Find(call).Id);
        return new Reply(204);
    }

    private static JsonObject Show(HookRow hook) => new()
    {
        ["id"] = hook.Id,
        ["resource"] = hook.Resource,
        ["applicationId"] = hook.Client,
        ["changeType"] = hook.Kinds,
        ["clientState"] = hook.Secret,
        ["notificationUrl"] = hook.Address,
        ["lifecycleNotificationUrl"] = hook.LifecycleAddress,
        ["expirationDateTime"] = GraphTime.Stamp(Instant.FromUnixTimeMilliseconds(hook.ExpiresAt)),
    };

    private static GraphException Invalid(string message) => new(400, "ValidationError", message);

    [GeneratedRegex("^/?(?:me|users/[^/]+)(?:/calendars/([^/]+))?/events$", RegexOptions.IgnoreCase)]
    private static partial Regex Resource();
}
