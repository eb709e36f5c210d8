namespace Sandbox.State;

/// <summary>An authorisation code that has been exchanged.</summary>
public sealed class UsedCode
{
    public string Id { get; set; } = "";
}
