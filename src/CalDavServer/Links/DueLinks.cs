namespace CalDavServer.Links;

/// <summary>
/// Links by when they are due, so that finding the next costs the same however many there are. One whose time changes is added again, and is in it more than once: what it was added for before is passed over.
/// </summary>
internal sealed class DueLinks
{
    private readonly PriorityQueue<ScheduledLink, TimeSpan> _queue = new();
    private readonly Lock _lock = new();

    /// <summary>How long until the next may be due; null when there is none.</summary>
    public TimeSpan? Wait
    {
        get
        {
            lock (_lock)
            {
                if (!_queue.TryPeek(out _, out var due)) return null;
                return due - Schedule.Now is var wait && wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
            }
        }
    }

    /// <summary>Adds a link as it is due now.</summary>
    public void Add(ScheduledLink link)
    {
        lock (_lock) _queue.Enqueue(link, link.Due);
    }

    /// <summary>Begins a pass of the link that has been due for longest; null when none is due.</summary>
    public ScheduledLink? Begin()
    {
        lock (_lock)
        {
            while (_queue.TryPeek(out var link, out var due) && due <= Schedule.Now)
            {
                _queue.Dequeue();
                // one that runs is added again when it ends, and one that is due later was
                if (link.Begin()) return link;
            }

            return null;
        }
    }
}
