namespace Practice.Diaries;

/// <summary>How much of a series is meant.</summary>
public enum SeriesScope
{
    /// <summary>The whole series.</summary>
    All,

    /// <summary>One occurrence.</summary>
    ThisOne,

    /// <summary>An occurrence and all after it.</summary>
    ThisAndFollowing,
}
