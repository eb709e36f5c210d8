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

/// <summary>A calendar: its resource as JSON, and what is known of it beside that.</summary>
public sealed class CalendarRow
{
    public string Id { get; set; } = "";
    public string Account { get; set; } = "";
    /// <summary>The client that made it; null when the person made it by hand.</summary>
    public string? MadeBy { get; set; }
    public string Json { get; set; } = "{}";
    public bool Deleted { get; set; }
    public long CreatedAt { get; set; }
    /// <summary>Sync tokens older than this sequence are refused.</summary>
    public long TokensFrom { get; set; }
}

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

/// <summary>One line of the change log: a version of an item. The id is the sequence number.</summary>
public sealed class ChangeRow
{
    public long Id { get; set; }
    public string Calendar { get; set; } = "";
    public string Item { get; set; } = "";
    public string Json { get; set; } = "{}";
    public bool Gone { get; set; }
}

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

/// <summary>An authorisation code that has been exchanged.</summary>
public sealed class UsedCode
{
    public string Id { get; set; } = "";
}

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

/// <summary>One line of the fault script.</summary>
public sealed class Fault
{
    public int Id { get; set; }
    /// <summary>The method it strikes, for example "calendar.events.list"; "*" is every one.</summary>
    public string Method { get; set; } = "*";
    public string? Account { get; set; }
    public string Kind { get; set; } = "";
    /// <summary>So many calls pass first.</summary>
    public int Skip { get; set; }
    /// <summary>So many calls are struck.</summary>
    public int Times { get; set; } = 1;
    public int Milliseconds { get; set; }
    public int Status { get; set; }
    public string? Reason { get; set; }
    public int? RetryAfter { get; set; }
    /// <summary>How many changes a stale list does not see yet.</summary>
    public int Amount { get; set; } = 1;
}

/// <summary>A named value: the sequence, the clock, the keys.</summary>
public sealed class Setting
{
    public string Id { get; set; } = "";
    public string Value { get; set; } = "";
}
