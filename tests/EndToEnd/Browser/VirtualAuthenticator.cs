using Microsoft.Playwright;

namespace EndToEnd.Browser;

/// <summary>A device of Chromium's that keeps passkeys and does as its owner says (the WebAuthn domain of the DevTools protocol).</summary>
internal sealed class VirtualAuthenticator
{
    private readonly ICDPSession _session;
    private readonly string _id;

    private VirtualAuthenticator(ICDPSession session, string id) => (_session, _id) = (session, id);

    public static async Task<VirtualAuthenticator> AddAsync(IPage page)
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("WebAuthn.enable");
        var added = await session.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        });
        return new VirtualAuthenticator(session, added!.Value.GetProperty("authenticatorId").GetString()!);
    }

    /// <summary>Whether the owner puts the right finger on it from now on.</summary>
    public Task VerifyAsync(bool verified) => SendAsync("setUserVerified", ("isUserVerified", verified));

    /// <summary>The passkeys are lost.</summary>
    public Task ClearAsync() => SendAsync("clearCredentials");

    /// <summary>How many passkeys are kept.</summary>
    public async Task<int> CountAsync() => (await _session.SendAsync("WebAuthn.getCredentials", new Dictionary<string, object> { ["authenticatorId"] = _id }))!.Value.GetProperty("credentials").GetArrayLength();

    private async Task SendAsync(string method, params (string Name, object Value)[] values)
    {
        var all = values.ToDictionary(value => value.Name, value => value.Value);
        all["authenticatorId"] = _id;
        await _session.SendAsync($"WebAuthn.{method}", all);
    }
}
