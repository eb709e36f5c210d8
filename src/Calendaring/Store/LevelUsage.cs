namespace Calendaring.Store;

/// <summary>What a home holds at one level.</summary>
/// <param name="Objects">Published objects that are shown as stored from this level on.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="PropertyBytes">Bytes of the properties set at this level.</param>
public readonly record struct LevelUsage(long Objects, long Bytes, long PropertyBytes)
{
    /// <summary>The sum.</summary>
    public static LevelUsage operator +(LevelUsage first, LevelUsage second) =>
        new(first.Objects + second.Objects, first.Bytes + second.Bytes, first.PropertyBytes + second.PropertyBytes);

    /// <summary>The difference.</summary>
    public static LevelUsage operator -(LevelUsage first, LevelUsage second) =>
        new(first.Objects - second.Objects, first.Bytes - second.Bytes, first.PropertyBytes - second.PropertyBytes);

    /// <summary>The sum.</summary>
    public static LevelUsage Add(LevelUsage left, LevelUsage right) => left + right;

    /// <summary>The difference.</summary>
    public static LevelUsage Subtract(LevelUsage left, LevelUsage right) => left - right;
}
