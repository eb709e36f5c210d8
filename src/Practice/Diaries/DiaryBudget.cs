using Calendaring.Recurrence;

namespace Practice.Diaries;

/// <summary>What all reading of diaries for one request may cost: steps of expansions, appointments, and characters in them.</summary>
/// <param name="appointments">Appointments that may be read.</param>
/// <param name="ofSeries">Those of them that may be of series, so that these do not hide all others.</param>
/// <param name="ofOne">Those of them that may be of one series.</param>
/// <param name="cancellationToken">Ends the reading.</param>
public sealed class DiaryBudget(int appointments, int ofSeries, int ofOne, CancellationToken cancellationToken = default)
{
    // that of a month with an essay on each day
    private const int MaxCharacters = 16 * 1024 * 1024;

    private readonly ExpansionAllowance _expansions = new(cancellationToken);
    private readonly int _mostOfOne = ofOne;
    private readonly bool _isPage = ofOne < appointments;
    private int _appointments = appointments;
    private int _ofSeries = ofSeries;
    private int _ofOne;
    private long _characters = MaxCharacters;

    /// <summary>That of a list which is of use only when it is whole: a year of a full diary.</summary>
    public static DiaryBudget OfList(CancellationToken cancellationToken = default) => new(20_000, 20_000, 20_000, cancellationToken);

    /// <summary>That of a page: more can neither be sent nor looked at.</summary>
    public static DiaryBudget OfPage(CancellationToken cancellationToken = default) => new(5_000, 4_000, 300, cancellationToken);

    /// <summary>Ends the reading.</summary>
    internal CancellationToken Cancelled { get; } = cancellationToken;

    /// <summary>Whether anything was left out.</summary>
    public bool Exceeded { get; private set; }

    /// <summary>Begins another appointment or series, and gives what its expansion may cost: what does not recur costs nothing.</summary>
    /// <exception cref="OperationCanceledException">The request was cancelled.</exception>
    internal ExpansionBudget Begin(bool recurs)
    {
        _expansions.ThrowIfCancelled();
        _ofOne = _mostOfOne;
        if (!recurs) return new ExpansionBudget(ExpansionBudget.DefaultSteps);
        Exceeded |= _expansions.Exhausted;
        return _expansions.Next();
    }

    /// <summary>Ends it. A list is refused for what is too much in it, not for one rule that nobody can follow; a page says that something is left out.</summary>
    internal void End(ExpansionBudget expansion) => Exceeded |= expansion.Exhausted && _isPage;

    /// <summary>Counts one appointment; false when it is one too many.</summary>
    internal bool TryTake(Appointment appointment)
    {
        var characters = appointment.Title.Length + (appointment.Location?.Length ?? 0) + (appointment.Comments?.Length ?? 0) + (appointment.Rule?.Length ?? 0);
        if (MayTake(appointment.Occurrence is not null, characters))
        {
            _characters -= characters;
            return true;
        }

        Exceeded = true;
        return false;
    }

    private bool MayTake(bool isOfSeries, int characters)
    {
        if (!isOfSeries) return --_appointments >= 0 && characters <= _characters;
        return --_ofOne >= 0 && --_ofSeries >= 0 && --_appointments >= 0 && characters <= _characters - (MaxCharacters / 4);
    }
}
