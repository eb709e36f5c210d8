namespace Practice.Diaries;

/// <summary>What taking over something that a device wrote makes of it.</summary>
public enum TakeOver
{
    /// <summary>The diary has no place for it.</summary>
    Cannot,

    /// <summary>Nothing here: the appointment is kept in Halaxy, and that is changed there.</summary>
    DoneInHalaxy,

    /// <summary>It is added to the comments.</summary>
    AddsToComments,

    /// <summary>It becomes the location.</summary>
    ReplacesLocation,

    /// <summary>It becomes how the appointment repeats.</summary>
    ReplacesRepeat,

    /// <summary>It is put back into the calendar.</summary>
    Restores,
}
