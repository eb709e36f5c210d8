namespace Sandbox.State;

/// <summary>What an account has allowed a client, and the refresh token that it holds for it.</summary>
public sealed class Grant
{
    public string Id { get; set; } = "";
    public string Account { get; set; } = "";
    public string Client { get; set; } = "";
    public List<string> Scopes { get; set; } = [];
    public bool Revoked { get; set; }
    public long CreatedAt { get; set; }
    public long UsedAt { get; set; }
    /// <summary>The only refresh token that is good is the one of this generation, where refresh tokens rotate.</summary>
    public int Generation { get; set; }
    public bool HasRefreshToken { get; set; }
}
