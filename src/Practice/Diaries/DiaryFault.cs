namespace Practice.Diaries;

/// <summary>Why the diary does not do what was asked.</summary>
public enum DiaryFault
{
    /// <summary>What was asked makes no sense.</summary>
    Invalid,

    /// <summary>There is no such appointment or occurrence.</summary>
    NotFound,

    /// <summary>It does not fit what the appointment is now.</summary>
    Conflict,

    /// <summary>The version asked for is not current.</summary>
    Stale,

    /// <summary>The disk is full.</summary>
    NoSpace,

    /// <summary>The disk cannot be written.</summary>
    Unavailable,

    /// <summary>It would be more than is read at once.</summary>
    TooMuch,
}
