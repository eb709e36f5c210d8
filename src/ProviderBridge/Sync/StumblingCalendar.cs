using Calendaring.ICalendar;

namespace ProviderBridge.Sync;

/// <summary>
/// A calendar at which a request about one event may fail each time. That one must not keep the others waiting: as long as the calendar itself answers, it is left for the next pass, and what has failed in some passes in a row
/// counts as refused. Where many fail in a row it is the service that does not answer.
/// </summary>
/// <param name="outside">The calendar.</param>
/// <param name="link">The link, which knows what has failed before.</param>
internal sealed class StumblingCalendar(IOutsideCalendar outside, Link link) : IOutsideCalendar
{
    private const int MostPasses = 3;
    private const int MostInARow = 10;
    private readonly Dictionary<string, int> _failing = new(StringComparer.Ordinal);
    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);
    private string _key = "";
    private bool _hasAnswered;
    private bool _hasFailed;
    private int _inARow;

    /// <summary>What is left for the next pass, with in how many passes in a row it has failed.</summary>
    public IReadOnlyDictionary<string, int> Failing => _failing;

    /// <summary>Does what is to be done about one appointment; null also when it is left for the next pass.</summary>
    /// <param name="key">Its UID, or its id outside where that is all that is known.</param>
    /// <param name="work">What is done.</param>
    public async Task<T?> TryAsync<T>(string key, Func<Task<T?>> work)
        where T : class
    {
        (_key, _hasAnswered, _hasFailed) = (key, false, false);
        try
        {
            var done = await work();
            // what was known by its id is known by its UID now
            if (done is string uid && _refused.Contains(key)) _refused.Add(uid);
            if (_hasAnswered && !_hasFailed) _inARow = 0;
            return done;
        }
        catch (LeftException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public CalendarObject Render(CalendarObject content) => outside.Render(content);

    /// <inheritdoc/>
    public Task<OutsideChanges> ListChangesAsync(string? cursor, CancellationToken cancellationToken) => outside.ListChangesAsync(cursor, cancellationToken);

    /// <inheritdoc/>
    public Task<OutsideSeries?> ReadAsync(string id, CancellationToken cancellationToken) => AskAsync(() => outside.ReadAsync(id, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<OutsideSeries?> ReadAsync(string id, string? address, CancellationToken cancellationToken) => AskAsync(() => outside.ReadAsync(id, address, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<OutsideSeries?> ReadAsync(OutsideMemory known, CancellationToken cancellationToken) => AskAsync(() => outside.ReadAsync(known, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<OutsideSeries?> FindPartsAsync(OutsideMemory sought, CancellationToken cancellationToken) => AskAsync(() => outside.FindPartsAsync(sought, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<OutsideSeries> CreateAsync(string uid, int generation, CalendarObject content, CancellationToken cancellationToken) => AskAsync(() => outside.CreateAsync(uid, generation, content, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<OutsideSeries> UpdateAsync(OutsideSeries current, string uid, CalendarObject content, CancellationToken cancellationToken) => AskAsync(() => outside.UpdateAsync(current, uid, content, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public async Task DeleteAsync(OutsideSeries current, CancellationToken cancellationToken) =>
        await AskAsync<object?>(
            async () =>
            {
                await outside.DeleteAsync(current, cancellationToken);
                return null;
            },
            cancellationToken);

    private async Task<T> AskAsync<T>(Func<Task<T>> ask, CancellationToken cancelled)
    {
        try
        {
            var answer = await ask();
            _hasAnswered = true;
            return answer;
        }
        catch (OutsideException failed) when (failed.MayBeOfOne)
        {
            // where the calendar does not answer either, that is why
            await outside.CheckAnswersAsync(cancelled);
            throw Judge(failed);
        }
    }

    private Exception Judge(OutsideException failed)
    {
        if (link.Quarantined.Contains(_key) || _refused.Contains(_key)) return Refused(failed);
        if (!_hasFailed) _inARow++;
        _hasFailed = true;
        if (_inARow > MostInARow) return failed;
        var passes = (link.Failing?.GetValueOrDefault(_key) ?? 0) + 1;
        if (passes >= MostPasses)
        {
            _refused.Add(_key);
            return Refused(failed);
        }

        _failing[_key] = passes;
        return new LeftException();
    }

    private static OutsideException Refused(OutsideException failed) => new(OutsideFault.Rejected, $"The service fails at it each time. {failed.Message}", failed) { MayBeDone = true };

    /// <summary>What is being done about an appointment is left for the next pass.</summary>
    private sealed class LeftException : Exception;
}
