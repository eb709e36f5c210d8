namespace Calendaring.Store;

/// <summary>
/// Appends a line to a log of an owner; its number and hash are given by the store (<see cref="LogLine"/>). Fails with Precondition when the document looks like a <see cref="LogStatement"/>. Those who append to one log at the same time never fail for each other.
/// </summary>
/// <param name="Log">Which log.</param>
/// <param name="Owner">Whose.</param>
/// <param name="Document">The document.</param>
/// <param name="Subject">What the line is about, or null: lines can be listed by it. Not part of the hash: what it says the document says too.</param>
public sealed record AppendLine(string Log, string Owner, ReadOnlyMemory<byte> Document, string? Subject = null) : StoreOperation;
