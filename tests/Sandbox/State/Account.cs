namespace Sandbox.State;

/// <summary>A person with an account at one vendor; the id is "vendor:email".</summary>
public sealed class Account
{
    public string Id { get; set; } = "";
    public string Vendor { get; set; } = "";
    public string Email { get; set; } = "";
    public string Subject { get; set; } = "";
    public string Tenant { get; set; } = "";
    public string TimeZone { get; set; } = "UTC";
}
