namespace Calendaring.Store.Sqlite;

/// <summary>
/// The catalogs that a reader may meet. The writer announces a catalog before its commit and makes it current after; a reader that has begun its transaction finds the catalog
/// of just that commit here, or begins again when several commits have passed in the meantime. A commit that one reader has met is current for all: none goes back behind it.
/// </summary>
internal sealed class Moments(Catalog first)
{
    private Catalog _current = first;
    private volatile Catalog _announced = first;

    public Catalog Current => Volatile.Read(ref _current);

    public void Announce(Catalog catalog) => _announced = catalog;

    public void Publish(Catalog catalog)
    {
        var current = Current;
        while (current.CommitNumber < catalog.CommitNumber)
        {
            var met = Interlocked.CompareExchange(ref _current, catalog, current);
            if (ReferenceEquals(met, current)) return;
            current = met;
        }
    }

    public Catalog? Find(long commitNumber)
    {
        var announced = _announced;
        if (announced.CommitNumber == commitNumber)
        {
            // what can be read has been committed, and so is on the disk, before the writer says it
            Publish(announced);
            return announced;
        }

        var current = Current;
        return current.CommitNumber == commitNumber ? current : null;
    }
}
