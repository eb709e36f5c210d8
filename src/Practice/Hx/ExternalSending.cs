using Calendaring.ICalendar;
using Calendaring.Store;

namespace Practice.Hx;

/// <summary>What is put into an HX_ calendar from outside.</summary>
/// <param name="Bytes">What was sent.</param>
/// <param name="Content">The same, parsed; it keeps all rules of a calendar object resource.</param>
/// <param name="Uid">Its UID.</param>
public sealed record ExternalSending(ReadOnlyMemory<byte> Bytes, CalendarObject Content, string Uid)
{
    /// <summary>What is indexed of it.</summary>
    public ObjectIndex Index { get => field ??= ObjectIndexer.Index(Content); init; }

    /// <summary>Whether the sender named the version that it changes: then it knows what the practice has cancelled of it.</summary>
    public bool Knows { get; init; }

    /// <summary>The UID of the private appointment that it is a copy of, where the sender knows nothing of that but when it is: it gets its words from there. Null where it says all itself.</summary>
    public string? CopyOf { get; init; }

    /// <summary>What else the sender expects to be so: steps that fail when it is not.</summary>
    public IReadOnlyList<StoreOperation> Expected { get; init; } = [];

    /// <summary>What the sender does besides, in the same batch: the removal of what it moves, say.</summary>
    public IReadOnlyList<StoreOperation> Beside { get; init; } = [];
}
