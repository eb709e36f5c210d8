namespace ProviderBridge.Accounts;

/// <summary>Why an account could not be connected.</summary>
public enum SignInFault
{
    /// <summary>The person did not allow it.</summary>
    Denied,

    /// <summary>The person allowed it, but not what a link needs.</summary>
    BoxUnticked,

    /// <summary>The sign-in is too old, was used before, or was begun in another browser.</summary>
    Expired,

    /// <summary>Another account than the one that was to be connected again.</summary>
    WrongAccount,

    /// <summary>The provider cannot be reached, or not now.</summary>
    Unavailable,

    /// <summary>The person may not allow it by themselves: whoever administers their organisation has to.</summary>
    NeedsAdministrator,

    /// <summary>The provider does not know this server as it is set up: only its operator can do something.</summary>
    NotRegistered,
}

/// <summary>An account could not be connected. The message is for the operator: no names or tokens.</summary>
public sealed class SignInException(SignInFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Why.</summary>
    public SignInFault Fault { get; } = fault;
}
