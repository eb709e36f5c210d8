namespace ProviderBridge.CalDav;

/// <summary>A calendar in an account.</summary>
/// <param name="Address">Where.</param>
/// <param name="Name">What people call it.</param>
/// <param name="MayWrite">Whether the account may change it.</param>
public sealed record CalDavPlace(Uri Address, string Name, bool MayWrite);
