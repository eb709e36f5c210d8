namespace Sandbox.Google;

/// <summary>One method of the API, as the discovery document names it.</summary>
/// <param name="Id">Its id, for example "calendar.events.list": the fault script names methods by it.</param>
/// <param name="Parameters">The query parameters it takes.</param>
/// <param name="AppCreated">Whether the scope calendar.app.created is enough (§A1).</param>
/// <param name="Cost">Units of the quota: a PATCH costs 3 since 2026-05-01 (§A, first of the six things).</param>
public sealed record GoogleMethod(string Id, string Verb, string Path, Func<GoogleCall, Reply> Handle, string[] Parameters, Shape? Body = null, bool AppCreated = true, int Cost = 1);
