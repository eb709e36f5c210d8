namespace Calendaring.Store.Sqlite;

/// <summary>
/// The catalogs that a reader may meet. The writer announces a catalog before its commit and makes it current after; a reader that has begun its transaction finds the catalog
/// of just that commit here, or begins again when several commits have passed meanwhile.
/// </summary>
internal sealed class Moments(Catalog first)
{
    private volatile Catalog _current = first;
    private volatile Catalog _announced = first;

    public Catalog Current => _current;

    public void Announce(Catalog catalog) => _announced = catalog;

    public void Publish(Catalog catalog) => _current = catalog;

    public Catalog? Find(long commitNumber)
    {
        var announced = _announced;
        if (announced.CommitNumber == commitNumber) return announced;
        var current = _current;
        return current.CommitNumber == commitNumber ? current : null;
    }
}
