namespace Sandbox.State;

/// <summary>One line of the fault script.</summary>
public sealed class Fault
{
    public int Id { get; set; }
    /// <summary>The method it strikes, for example "calendar.events.list"; "*" is every one.</summary>
    public string Method { get; set; } = "*";
    public string? Account { get; set; }
    /// <summary>The end of the id of the one event that it strikes; null for any.</summary>
    public string? Event { get; set; }
    public string Kind { get; set; } = "";
    /// <summary>So many calls pass first.</summary>
    public int Skip { get; set; }
    /// <summary>So many calls are struck.</summary>
    public int Times { get; set; } = 1;
    public int Milliseconds { get; set; }
    public int Status { get; set; }
    public string? Reason { get; set; }
    public int? RetryAfter { get; set; }
    /// <summary>How many changes a stale list does not see yet.</summary>
    public int Amount { get; set; } = 1;
}
