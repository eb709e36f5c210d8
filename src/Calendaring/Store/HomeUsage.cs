using System.Collections.Immutable;

namespace Calendaring.Store;

/// <summary>
/// What a home holds (RFC 4331), kept up with each change. A level reads a sum of what it may see: what is hidden from it counts by the piece and not by its bytes, and what is not published does
/// not count.
/// </summary>
/// <param name="Levels">One for each level.</param>
/// <param name="Collections">How many collections there are.</param>
public sealed record HomeUsage(ImmutableArray<LevelUsage> Levels, int Collections)
{
    /// <summary>Bytes that a collection counts for, and an object whose bytes may not be told.</summary>
    public const int Piece = 1024;

    /// <summary>Nothing.</summary>
    public static HomeUsage None { get; } = new([.. new LevelUsage[StoreLevels.Count]], 0);

    /// <summary>Bytes used, as a level may know it.</summary>
    public long SeenAt(int level)
    {
        var sum = (long)Collections * Piece;
        for (var own = 0; own < Levels.Length; own++)
        {
            var usage = Levels[own];
            sum += own <= level ? usage.Bytes + usage.PropertyBytes : usage.Objects * Piece;
        }

        return sum;
    }

    /// <summary>Bytes of the properties that a level sees.</summary>
    public long PropertyBytesAt(int level)
    {
        var sum = 0L;
        for (var own = 0; own <= level; own++) sum += Levels[own].PropertyBytes;
        return sum;
    }

    internal HomeUsage With(int level, LevelUsage difference) => difference == default ? this : this with { Levels = Levels.SetItem(level, Levels[level] + difference) };
}
