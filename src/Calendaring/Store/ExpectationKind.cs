namespace Calendaring.Store;

/// <summary>The kinds of <see cref="Expectation"/>.</summary>
public enum ExpectationKind
{
    /// <summary>Nothing is asked.</summary>
    Any,

    /// <summary>No such object may exist.</summary>
    Absent,

    /// <summary>The object must exist.</summary>
    Present,

    /// <summary>The object must exist with the given ETag.</summary>
    ETag,

    /// <summary>The object must exist and be at the given change number.</summary>
    Change,
}
