namespace Sandbox.State;

/// <summary>A webhook: a watch channel of Google, or a subscription of Graph.</summary>
public sealed class HookRow
{
    public string Id { get; set; } = "";
    public string Client { get; set; } = "";
    public string Account { get; set; } = "";
    public string Calendar { get; set; } = "";
    public string Resource { get; set; } = "";
    public string Address { get; set; } = "";
    public string? LifecycleAddress { get; set; }
    public string? Secret { get; set; }
    public string Kinds { get; set; } = "";
    public bool Immutable { get; set; }
    public long ExpiresAt { get; set; }
    public long Messages { get; set; }
}
