namespace Sandbox.State;

/// <summary>A resource as the API shows it, and what it does not show. The id is "practice|Type/id".</summary>
public sealed class HalaxyRow
{
    public string Id { get; set; } = "";
    public string Practice { get; set; } = "";
    public string Type { get; set; } = "";
    public string Json { get; set; } = "{}";
    public long UpdatedAt { get; set; }
    /// <summary>The typed title of a meeting: the API has no field for it.</summary>
    public string Title { get; set; } = "";
    public bool HasNote { get; set; }
}
