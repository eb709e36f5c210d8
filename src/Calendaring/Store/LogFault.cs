namespace Calendaring.Store;

/// <summary>What is wrong with a log.</summary>
/// <param name="Line">Number of the line; null when it is the log as a whole.</param>
/// <param name="What">What, to be read after "line 3" or "the log".</param>
public sealed record LogFault(long? Line, string What);
