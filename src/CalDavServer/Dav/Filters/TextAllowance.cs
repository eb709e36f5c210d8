namespace CalDavServer.Dav.Filters;

/// <summary>How much text the filter of one request may look at: each condition looks at each object.</summary>
/// <param name="cancellationToken">Ends it.</param>
internal sealed class TextAllowance(CancellationToken cancellationToken)
{
    // a second or two; ten conditions on ten thousand events of a page each
    private const long Characters = 400_000_000;

    private long _left = Characters;

    /// <summary>Counts a text that is about to be looked at.</summary>
    /// <exception cref="OperationCanceledException">The client has gone.</exception>
    /// <exception cref="FilterLimitException">It is too much.</exception>
    public void Spend(int characters)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if ((_left -= characters) < 0) throw new FilterLimitException();
    }
}

/// <summary>A filter has to look at more than the server does for one request: DAV:number-of-matches-within-limits.</summary>
internal sealed class FilterLimitException() : Exception("The filter has more text to search than is searched for one request: ask for less of it, or add a time range.");
