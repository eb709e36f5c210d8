namespace Sandbox.State;

/// <summary>A named value: the sequence, the clock, the keys.</summary>
public sealed class Setting
{
    public string Id { get; set; } = "";
    public string Value { get; set; } = "";
}
