namespace Calendaring.Recurrence;

/// <summary>
/// How much work an expansion may do, so that a hostile rule costs microseconds and not seconds. One budget may be shared by all expansions of a request.
/// </summary>
/// <param name="steps">Candidate periods and occurrences that may be looked at.</param>
/// <param name="cancellationToken">Ends the expansion.</param>
public sealed class ExpansionBudget(int steps, CancellationToken cancellationToken = default)
{
    /// <summary>Steps for one object unless something else is said: milliseconds, whatever the rule.</summary>
    public const int DefaultSteps = 40_000;

    private int _left = steps;

    /// <summary>Steps that are left.</summary>
    public int Left => Math.Max(0, _left);

    /// <summary>Whether the budget ran out: what was returned so far is not the whole.</summary>
    public bool Exhausted => _left <= 0;

    /// <summary>Spends one step; false when there is none left.</summary>
    /// <exception cref="OperationCanceledException">The request was cancelled.</exception>
    public bool Spend()
    {
        if ((_left & 0x3f) == 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            LongWork.LetOthersGoFirst();
        }

        return --_left > 0;
    }
}
