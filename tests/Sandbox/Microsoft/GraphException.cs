using System.Text.Json.Nodes;

namespace Sandbox.Microsoft;

/// <summary>A refusal of Graph: a code and a message (providers.md §B; wire shapes of the vendor's documentation).</summary>
public sealed class GraphException(int status, string code, string message) : Exception(message)
{
    public int Status => status;

    public int? RetryAfter { get; init; }

    /// <summary>The event that has the transactionId already (§B2).</summary>
    public string? ExistingEvent { get; init; }

    public JsonObject Body()
    {
        var error = new JsonObject { ["code"] = code, ["message"] = Message };
        if (ExistingEvent is not null) error["@event.existingEventId"] = ExistingEvent;
        return new JsonObject { ["error"] = error };
    }
}
