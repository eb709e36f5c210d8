namespace Calendaring.Store;

/// <summary>What must be so about an object for an operation to go ahead.</summary>
/// <param name="Kind">The condition.</param>
/// <param name="ETag">The ETag, without quotes, for <see cref="ExpectationKind.ETag"/>.</param>
/// <param name="Change">The change number, for <see cref="ExpectationKind.Change"/>.</param>
public readonly record struct Expectation(ExpectationKind Kind, string? ETag = null, long Change = 0)
{
    /// <summary>Nothing is asked.</summary>
    public static Expectation Any => default;

    /// <summary>No such object may exist, published or not.</summary>
    public static Expectation Absent => new(ExpectationKind.Absent);

    /// <summary>The object must exist.</summary>
    public static Expectation Present => new(ExpectationKind.Present);

    /// <summary>The object must exist with this ETag.</summary>
    public static Expectation Matches(string etag) => new(ExpectationKind.ETag, etag);

    /// <summary>The object must exist and be at this change number: bytes, details and publication are all as they were read.</summary>
    public static Expectation AtChange(long change) => new(ExpectationKind.Change, Change: change);
}
