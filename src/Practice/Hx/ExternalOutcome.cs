using Calendaring.Store;

namespace Practice.Hx;

/// <summary>What came of a change that was made outside.</summary>
public abstract record ExternalOutcome;

/// <summary>It was taken, wholly or in part.</summary>
/// <param name="Stored">The appointment as it is stored now; null when it was removed.</param>
/// <param name="Level">What the one who made it is shown.</param>
/// <param name="IsAsSent">Whether what the sender reads back is what it sent; only then may it be given an ETag.</param>
/// <param name="NotTaken">What of it was not taken.</param>
public sealed record ExternalApplied(StoredObject? Stored, PrivacyLevel Level, bool IsAsSent, IReadOnlyList<RejectedField> NotTaken) : ExternalOutcome
{
    /// <summary>The bytes that the sender is shown now; null when the appointment is no longer in the calendar.</summary>
    public ReadOnlyMemory<byte>? Shown => Stored is { Row.Published: true } ? HxCalendar.Represent(Stored, Level) : null;
}

/// <summary>It was refused.</summary>
/// <param name="Reason">A sentence for the person, without content of the appointment.</param>
public sealed record ExternalRefused(string Reason) : ExternalOutcome;

/// <summary>It was made on conditions that do not hold.</summary>
public sealed record ExternalConditionFailed : ExternalOutcome;

/// <summary>Another appointment of the calendar has the UID (RFC 4791 §5.3.2.1).</summary>
/// <param name="Name">Its path segment; null when the sender may not know of it.</param>
public sealed record ExternalUidConflict(string? Name) : ExternalOutcome;

/// <summary>There is no such appointment in the calendar, or no such calendar.</summary>
public sealed record ExternalGone : ExternalOutcome;

/// <summary>The store could not be written.</summary>
/// <param name="Failure">Why.</param>
public sealed record ExternalUnavailable(StoreFailure Failure) : ExternalOutcome;
