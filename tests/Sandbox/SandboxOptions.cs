using System.Globalization;

namespace Sandbox;

/// <summary>How the sandbox is started.</summary>
public sealed record SandboxOptions
{
    /// <summary>The folder for its state; null keeps nothing.</summary>
    public string? Data { get; init; }
    public int Port { get; init; } = 5080;
    /// <summary>Whether only the stand-ins are started, and not the product beside them.</summary>
    public bool IsAlone { get; init; }
    /// <summary>Where the product listens; 0 for any free port.</summary>
    public int ProductPort { get; init; } = 8008;
    public string ClientId { get; init; } = "sandbox-client";
    public string ClientSecret { get; init; } = "sandbox-secret";
    /// <summary>The addresses that sign-in may return to. Empty: any on this machine.</summary>
    public IReadOnlyList<string> RedirectUris { get; init; } = [];
    /// <summary>Google asks for HTTPS hooks; on this machine plain ones may be let in.</summary>
    public bool PlainHooks { get; init; } = true;
    public int GoogleUserUnits { get; init; } = 600;
    public int GoogleProjectUnits { get; init; } = 10_000;
    public int GraphConcurrent { get; init; } = 4;
    public int GraphCalls { get; init; } = 10_000;
    public int HalaxyCalls { get; init; } = 500;
    /// <summary>The first pause before an unanswered notification is sent again; it doubles.</summary>
    public TimeSpan HookPause { get; init; } = TimeSpan.FromSeconds(1);
    /// <summary>What the ids of accounts' calendars and events are drawn from, so that they can be drawn again; null for ids that nobody has seen before.</summary>
    public Random? Ids { get; init; }

    public static SandboxOptions Parse(string[] args)
    {
        var options = new SandboxOptions { Data = Path.Combine(Path.GetTempPath(), "calendarsync-sandbox") };
        if (args.Contains("--alone")) (options, args) = (options with { IsAlone = true }, [.. args.Where(one => one != "--alone")]);
        for (var i = 0; i < args.Length; i += 2)
            options = (i + 1 < args.Length ? args[i] : "") switch
            {
                "--port" => options with { Port = int.Parse(args[i + 1], CultureInfo.InvariantCulture) },
                "--product-port" => options with { ProductPort = int.Parse(args[i + 1], CultureInfo.InvariantCulture) },
                "--data" => options with { Data = args[i + 1] },
                "--client-id" => options with { ClientId = args[i + 1] },
                "--client-secret" => options with { ClientSecret = args[i + 1] },
                "--redirect-uri" => options with { RedirectUris = [.. options.RedirectUris, args[i + 1]] },
                "--plain-hooks" => options with { PlainHooks = bool.Parse(args[i + 1]) },
                _ => throw new ArgumentException($"Unknown option {args[i]}. There are --alone, --port, --product-port, --data, --client-id, --client-secret, --redirect-uri and --plain-hooks, each but the first with a value."),
            };
        return options;
    }
}
