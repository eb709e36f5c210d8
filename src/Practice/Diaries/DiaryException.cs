namespace Practice.Diaries;

/// <summary>The diary does not do what was asked; the message is a sentence for the person.</summary>
public sealed class DiaryException(DiaryFault fault, string message) : Exception(message)
{
    /// <summary>Why.</summary>
    public DiaryFault Fault { get; } = fault;
}
