using System.Globalization;
using NodaTime;
using Sandbox.Hooks;
using Sandbox.State;

namespace Sandbox.Google;

/// <summary>§A4: a POST without a body; what happened is in the headers, and only that something did.</summary>
public sealed class GooglePush(Store store, VirtualClock clock, HookSender sender, SandboxOptions options)
{
    public void Changed(string calendar, string state = "exists")
    {
        var now = clock.GetCurrentInstant().ToUnixTimeMilliseconds();
        foreach (var hook in store.Hooks.Find(x => x.Calendar == calendar).Where(x => x.ExpiresAt > now && x.Account.StartsWith("google:", StringComparison.Ordinal)).ToList()) Send(hook, state);
    }

    public void Send(HookRow hook, string state)
    {
        hook.Messages += state == "sync" ? 1 : 7; // numbers rise, but not by one (guides/push)
        store.Hooks.Update(hook);
        var headers = new Dictionary<string, string>
        {
            ["X-Goog-Channel-ID"] = hook.Id,
            ["X-Goog-Channel-Expiration"] = Instant.FromUnixTimeMilliseconds(hook.ExpiresAt).ToDateTimeUtc().ToString("R", CultureInfo.InvariantCulture),
            ["X-Goog-Resource-ID"] = hook.Resource,
            ["X-Goog-Resource-URI"] = hook.Kinds,
            ["X-Goog-Resource-State"] = state,
            ["X-Goog-Message-Number"] = hook.Messages.ToString(CultureInfo.InvariantCulture),
        };
        if (hook.Secret is not null) headers["X-Goog-Channel-Token"] = hook.Secret;
        sender.Post("push.google", hook.Account, hook.Address, headers, body: null);
    }

    public string Allowed(string? address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri)) throw Refusal.Invalid("Invalid value for: address");
        var plain = options.PlainHooks && uri.IsLoopback && uri.Scheme == Uri.UriSchemeHttp;
        return plain || uri.Scheme == Uri.UriSchemeHttps ? address! : throw new GoogleException(400, "push.webhookUrlNotHttps", $"WebHook callback must be HTTPS: {address}");
    }
}
