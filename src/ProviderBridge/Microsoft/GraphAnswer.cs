using System.Net;

namespace ProviderBridge.Microsoft;

/// <summary>What Graph said to a request: what was asked for, or that it is not so.</summary>
/// <typeparam name="T">What was asked for.</typeparam>
/// <param name="Status">200, or one of 404, 409, 410 and 412: what these mean depends on what was asked.</param>
/// <param name="Value">What was asked for; null when it was refused, or there is nothing to say.</param>
internal readonly record struct GraphAnswer<T>(HttpStatusCode Status, T? Value)
    where T : class
{
    /// <summary>The event that was made by the same request before, where Graph says so.</summary>
    public string? Existing { get; init; }

    /// <summary>Whether there is no such thing.</summary>
    public bool IsGone => Status == HttpStatusCode.NotFound;

    /// <summary>Whether a cursor is lost.</summary>
    public bool IsLost => Status == HttpStatusCode.Gone;

    public bool IsTaken => Status == HttpStatusCode.Conflict;

    public bool IsChanged => Status == HttpStatusCode.PreconditionFailed;
}
