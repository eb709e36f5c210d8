namespace Calendaring.Recurrence;

/// <summary>What becomes of a day that its month or year does not have: the SKIP rule part (RFC 7529 §4.1).</summary>
public enum Skip
{
    /// <summary>It is left out, as RFC 5545 has it.</summary>
    Omit,

    /// <summary>The day before it is taken: 31 January monthly gives 28 February.</summary>
    Backward,

    /// <summary>The day after it is taken: 31 January monthly gives 1 March.</summary>
    Forward,
}
