namespace Calendaring.Recurrence;

/// <summary>What all expansions of one request may cost together, so that a thousand costly rules are no worse than a few.</summary>
/// <param name="cancellationToken">Ends them.</param>
public sealed class ExpansionAllowance(CancellationToken cancellationToken = default)
{
    // less than a second, whatever the window and the rules
    private const int Steps = 500_000;

    private int _left = Steps;
    private ExpansionBudget? _last;

    /// <summary>Whether it is used up: what was found since may not be the whole.</summary>
    public bool Exhausted => _left - Spent <= 0;

    private int Spent => _last is null ? 0 : Math.Min(_left, ExpansionBudget.DefaultSteps) - _last.Left;

    /// <summary>The budget of the next object; that of the one before is closed.</summary>
    public ExpansionBudget Next()
    {
        _left = Math.Max(0, _left - Spent);
        return _last = new ExpansionBudget(Math.Min(_left, ExpansionBudget.DefaultSteps), cancellationToken);
    }

    /// <summary>To be called in work that takes no steps.</summary>
    /// <exception cref="OperationCanceledException">The request was cancelled.</exception>
    public void ThrowIfCancelled() => cancellationToken.ThrowIfCancellationRequested();
}
