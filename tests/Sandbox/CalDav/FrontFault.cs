namespace Sandbox.CalDav;

/// <summary>What goes wrong, where and how often.</summary>
/// <param name="What">A method; for REPORT its kind: <c>sync</c>, <c>multiget</c>, <c>query</c>; <c>*</c> for all.</param>
/// <param name="Kind"><c>status</c>, <c>reset-before</c>, <c>reset-after</c>, <c>race</c>, <c>lost-token</c>, <c>stale-list</c>, <c>empty-list</c>, <c>cut-short</c>.</param>
public sealed record FrontFault(string What, string Kind)
{
    public int Skip { get; set; }

    public int Times { get; set; } = 1;

    public int Status { get; init; } = 503;

    public int? RetryAfter { get; init; }

    public string Body { get; init; } = "";

    public int Amount { get; init; } = 1;
}

/// <summary>A request that came.</summary>
/// <param name="Host">Which of its hosts: <c>A</c> finds accounts, <c>B</c> and <c>C</c> have them.</param>
/// <param name="What">The method; for REPORT its kind.</param>
/// <param name="Path">The path.</param>
/// <param name="Headers">The headers, without who asks.</param>
/// <param name="Body">The body.</param>
public sealed record FrontRequest(string Host, string What, string Path, string Headers, string Body)
{
    public bool IsWrite => What is "PUT" or "DELETE" or "MKCALENDAR" or "PROPPATCH" or "MOVE";
}
