namespace Sandbox.State;

/// <summary>A calendar: its resource as JSON, and what is known of it beside that.</summary>
public sealed class CalendarRow
{
    public string Id { get; set; } = "";
    public string Account { get; set; } = "";
    /// <summary>The client that made it; null when the person made it by hand.</summary>
    public string? MadeBy { get; set; }
    public string Json { get; set; } = "{}";
    public bool Deleted { get; set; }
    public long CreatedAt { get; set; }
    /// <summary>Sync tokens older than this sequence are refused.</summary>
    public long TokensFrom { get; set; }
}
