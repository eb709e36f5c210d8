namespace Sandbox.State;

/// <summary>One line of the change log: a version of an item. The id is the sequence number.</summary>
public sealed class ChangeRow
{
    public long Id { get; set; }
    public string Calendar { get; set; } = "";
    public string Item { get; set; } = "";
    public string Json { get; set; } = "{}";
    public bool Gone { get; set; }
}
