namespace Calendaring.Store;

/// <summary>Why a batch was not applied.</summary>
public enum StoreFailureKind
{
    /// <summary>What was to be made is there already.</summary>
    Exists,

    /// <summary>What was to be changed is not there.</summary>
    NotFound,

    /// <summary>An expectation does not hold.</summary>
    Precondition,

    /// <summary>Another object of the collection has the UID.</summary>
    UidConflict,

    /// <summary>A limit of <see cref="StoreFailure.Limit"/> is reached (507).</summary>
    Quota,

    /// <summary>The disk is full: nothing was written (507).</summary>
    NoSpace,

    /// <summary>The disk is read-only or failing: nothing was written (503).</summary>
    Unavailable,

    /// <summary>Too many read at once: a snapshot was waited for in vain (503, again in a moment).</summary>
    Busy,
}
