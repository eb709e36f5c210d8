namespace Practice.Subscriptions;

/// <summary>Why something about a subscription was not done.</summary>
public enum BillingFault
{
    /// <summary>There is no such practice group or practitioner, or the practice group pays for nothing here.</summary>
    NotFound,

    /// <summary>This person may not do it (R9).</summary>
    NotAllowed,

    /// <summary>The subscription is not so that it could be done.</summary>
    Conflict,

    /// <summary>There are too few credits.</summary>
    NoCredits,

    /// <summary>What was asked for is not valid.</summary>
    Invalid,

    /// <summary>The store could not be written to.</summary>
    Unavailable,
}

/// <summary>Nothing was bought, cancelled or charged; the message is a sentence for whoever asked.</summary>
public sealed class BillingException(BillingFault fault, string message) : Exception(message)
{
    /// <summary>Why.</summary>
    public BillingFault Fault { get; } = fault;
}
