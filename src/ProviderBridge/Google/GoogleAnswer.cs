using System.Net;

namespace ProviderBridge.Google;

/// <summary>What Google said to a request: what was asked for, or that it is not so.</summary>
/// <typeparam name="T">What was asked for.</typeparam>
/// <param name="Status">200, or one of 404, 409, 410 and 412: what these mean depends on what was asked.</param>
/// <param name="Value">What was asked for; null when it was refused.</param>
internal readonly record struct GoogleAnswer<T>(HttpStatusCode Status, T? Value)
    where T : class
{
    /// <summary>Whether there is no such thing, or no longer.</summary>
    public bool IsGone => Status is HttpStatusCode.NotFound or HttpStatusCode.Gone;

    public bool IsTaken => Status == HttpStatusCode.Conflict;

    public bool IsChanged => Status == HttpStatusCode.PreconditionFailed;
}
