namespace Sandbox.Faults;

/// <summary>What can be made to go wrong (providers.md §F).</summary>
public static class FaultKinds
{
    public const string Latency = "latency";
    public const string ResetBefore = "reset-before";
    public const string ResetAfter = "reset-after";
    public const string Status = "status";
    public const string Gone = "gone";
    public const string Race = "race";
    public const string StaleList = "stale-list";
    public const string LostPageToken = "lost-page-token";
    public const string RepeatedItems = "repeated-items";
    public const string PushTwice = "push-twice";
    public const string PushLate = "push-late";
    public const string PushLost = "push-lost";
    public const string RotateToken = "rotate-token";

    public static readonly IReadOnlySet<string> All = new HashSet<string>
    {
        Latency, ResetBefore, ResetAfter, Status, Gone, Race, StaleList, LostPageToken, RepeatedItems, PushTwice, PushLate, PushLost, RotateToken,
    };
}
