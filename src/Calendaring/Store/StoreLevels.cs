namespace Calendaring.Store;

/// <summary>
/// Levels of what may be seen, from 0 to <see cref="Highest"/>; what they mean is known to the layer above. The store keeps the level from which on an object is shown as it is stored, and properties by level.
/// </summary>
public static class StoreLevels
{
    /// <summary>Who is at this level sees everything.</summary>
    public const int Highest = 4;

    /// <summary>How many there are.</summary>
    public const int Count = Highest + 1;
}
