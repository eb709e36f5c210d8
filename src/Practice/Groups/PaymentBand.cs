namespace Practice.Groups;

/// <summary>The payment band that a practice group is in with whoever runs the server. Two-way sync is free from Silver on (R7).</summary>
public enum PaymentBand
{
    /// <summary>None, or one in which two-way sync is paid for.</summary>
    Standard,

    /// <summary>Silver.</summary>
    Silver,

    /// <summary>Gold.</summary>
    Gold,

    /// <summary>Platinum.</summary>
    Platinum,
}
