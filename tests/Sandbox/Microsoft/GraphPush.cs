using System.Text.Json.Nodes;
using NodaTime;
using Sandbox.Hooks;
using Sandbox.State;

namespace Sandbox.Microsoft;

/// <summary>§B4: notifications of change, and of the life of a subscription.</summary>
public sealed class GraphPush(Store store, VirtualClock clock, HookSender sender, SandboxOptions options)
{
    public void Changed(Account account, Mailbox.Entry entry, string change, string etag)
    {
        var now = clock.GetCurrentInstant().ToUnixTimeMilliseconds();
        foreach (var hook in store.Hooks.Find(x => x.Account == account.Id).ToList())
        {
            if (hook.ExpiresAt <= now || !hook.Kinds.Split(',').Contains(change) || (hook.Calendar.Length > 0 && hook.Calendar != entry.Calendar)) continue;
            var id = Mailbox.IdOf(entry.Key, hook.Immutable);
            var resource = $"Users/{account.Subject}/Events/{id}";
            var note = Note(hook, account);
            note["changeType"] = change;
            note["resource"] = resource;
            note["resourceData"] = new JsonObject { ["@odata.type"] = "#Microsoft.Graph.Event", ["@odata.id"] = resource, ["@odata.etag"] = etag, ["id"] = id };
            Post("push.graph", hook.Account, hook.Address, note);
        }
    }

    /// <summary>reauthorizationRequired, subscriptionRemoved (which ends it) or missed.</summary>
    public void Lifecycle(Account account, string what)
    {
        foreach (var hook in store.Hooks.Find(x => x.Account == account.Id).Where(x => x.LifecycleAddress is not null).ToList())
        {
            var note = Note(hook, account);
            note["lifecycleEvent"] = what;
            Post("push.graph.lifecycle", hook.Account, hook.LifecycleAddress!, note);
            if (what == "subscriptionRemoved") store.Hooks.Delete(hook.Id);
        }
    }

    private static JsonObject Note(HookRow hook, Account account)
    {
        var note = new JsonObject
        {
            ["subscriptionId"] = hook.Id,
            ["subscriptionExpirationDateTime"] = GraphTime.Stamp(Instant.FromUnixTimeMilliseconds(hook.ExpiresAt)),
            ["tenantId"] = account.Tenant,
        };
        if (hook.Secret is not null) note["clientState"] = hook.Secret;
        return note;
    }

    private void Post(string method, string account, string address, JsonObject note) =>
        sender.Post(method, account, address, new Dictionary<string, string>(), new JsonObject { ["value"] = new JsonArray(note) }.ToJsonString());

    public string Allowed(string? address, string name)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri)) throw Invalid($"The {name} is not an absolute address.");
        return (options.PlainHooks && uri.IsLoopback) || uri.Scheme == Uri.UriSchemeHttps ? address! : throw Invalid($"The {name} must be HTTPS.");
    }

    /// <summary>The handshake: POST ?validationToken=…, answered within ten seconds by 200, text/plain and the token.</summary>
    public async Task ValidateAsync(string address, CancellationToken cancel)
    {
        var token = "Validation: Testing client application reachability " + Ids.Uuid();
        var with = $"{address}{(address.Contains('?') ? '&' : '?')}validationToken={Uri.EscapeDataString(token)}";
        var (status, text) = await sender.AskAsync(with, new Dictionary<string, string>(), "", "text/plain", cancel);
        if (status != 200 || text != token) throw Invalid("Subscription validation request failed. The notification endpoint did not answer with the validation token.");
    }

    private static GraphException Invalid(string message) => new(400, "ValidationError", message);
}
