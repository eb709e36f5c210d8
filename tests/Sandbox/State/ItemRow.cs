namespace Sandbox.State;

/// <summary>The newest version of an item of a calendar.</summary>
public sealed class ItemRow
{
    public string Id { get; set; } = "";
    public string Calendar { get; set; } = "";
    public string Item { get; set; } = "";
    public long Sequence { get; set; }
    public string Json { get; set; } = "{}";
    /// <summary>Not reported any more, not even as deleted; the id stays taken.</summary>
    public bool Gone { get; set; }
}
