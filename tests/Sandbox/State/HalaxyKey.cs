namespace Sandbox.State;

/// <summary>An API key that an administrator made. The id is its client id.</summary>
public sealed class HalaxyKey
{
    public string Id { get; set; } = "";
    public string Secret { get; set; } = "";
    public string Practice { get; set; } = "";
    /// <summary>The resources that it may read or change.</summary>
    public List<string> Scopes { get; set; } = [];
    public bool Revoked { get; set; }
}
