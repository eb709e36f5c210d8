namespace Sandbox.State;

/// <summary>A practice group in Halaxy, with the webhooks that its administrator made by hand. The id is "halaxy:name".</summary>
public sealed class HalaxyPractice
{
    public string Id { get; set; } = "";
    public string Name { get; set; } = "";
    public string TimeZone { get; set; } = "Australia/Sydney";
    /// <summary>The zones of clinics that have one of their own.</summary>
    public Dictionary<string, string> ClinicZones { get; set; } = [];
    /// <summary>Where each kind of change is told: created, updated, deleted.</summary>
    public Dictionary<string, string> Hooks { get; set; } = [];
    /// <summary>The Authentication Header of the webhooks.</summary>
    public string? HookSecret { get; set; }
    public long Messages { get; set; }
    /// <summary>What the live service is not known to do, and does here: see HalaxySwitches.</summary>
    public List<string> Switches { get; set; } = [];
}
