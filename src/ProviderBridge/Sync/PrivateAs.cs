namespace ProviderBridge.Sync;

/// <summary>What a link shows of private appointments without a patient.</summary>
public enum PrivateAs
{
    /// <summary>That the practitioner is busy then.</summary>
    Busy,

    /// <summary>Nothing: they are not in the outside calendar.</summary>
    Nothing,
}
