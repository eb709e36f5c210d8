namespace Sandbox.Microsoft;

/// <summary>One operation of Graph; the fault script names it by its id.</summary>
/// <param name="Options">The query options that it takes.</param>
/// <param name="Before">What needs the network, and so is done before the one step on the store.</param>
public sealed record GraphMethod(string Id, string Verb, string[] Paths, Func<GraphCall, Reply> Handle, string[]? Options = null, Shape? Body = null, Func<GraphCall, Task>? Before = null);
