namespace Calendaring.Store.Sqlite;

/// <summary>Checks everything that can be checked, at one moment, while the store serves. A fault is told without names or content.</summary>
internal sealed class IntegrityCheck(Connection connection, Catalog catalog)
{
    /// <summary>About how much of the time the structure takes.</summary>
    private const double StructureShare = 0.3;

    private static readonly Sql Objects = new(
        """
        SELECT o.id, o.collection_id, o.etag, o.size, o.change, o.span, o.starts, o.ends, b.bytes, o.level, o.published
        FROM objects o LEFT JOIN bodies b ON b.id = o.id ORDER BY o.id
        """);
    private static readonly Sql Tombstones = new(
        "SELECT t.collection_id, t.change, o.id FROM tombstones t LEFT JOIN objects o ON o.collection_id = t.collection_id AND o.name = t.name");
    private static readonly Sql OrphanBodies = new("SELECT b.id FROM bodies b LEFT JOIN objects o ON o.id = b.id WHERE o.id IS NULL");

    private static readonly Sql Lines = new(
        "SELECT l.number, l.subject, l.document, l.digest, l.hash, l.log_id, g.name, g.owner, g.origin FROM lines l LEFT JOIN logs g ON g.id = l.log_id ORDER BY l.log_id, l.number");

    private readonly List<string> _faults = [];
    private static readonly Sql Properties = new(
        """
        SELECT p.principal_id, p.level, p.size, p.collection_id, p.member, c.principal_id, o.published
        FROM properties p LEFT JOIN collections c ON c.id = p.collection_id LEFT JOIN objects o ON o.collection_id = p.collection_id AND o.name = p.member
        """);

    private readonly Dictionary<string, HomeUsage> _usage = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Run(IProgress<double> progress, CancellationToken cancellationToken)
    {
        using (cancellationToken.Register(connection.Interrupt))
        {
            try
            {
                foreach (var line in connection.Read("PRAGMA integrity_check"))
                {
                    if (line != "ok") _faults.Add($"The file's structure is damaged: {line}.");
                }
            }
            catch (StoreException) when (cancellationToken.IsCancellationRequested)
            {
                throw new OperationCanceledException(cancellationToken);
            }
        }

        progress.Report(StructureShare);
        foreach (var table in connection.Read("PRAGMA foreign_key_check")) _faults.Add($"A row of {table} refers to a row that is not there.");
        CheckObjects(progress, cancellationToken);
        CheckTombstones();
        CheckProperties(cancellationToken);
        using (var orphans = connection.Take(OrphanBodies))
        {
            while (orphans.Step()) _faults.Add($"Bytes {orphans.Integer(0)} belong to no object.");
        }
        CheckLogs(cancellationToken);
        CheckCatalog();
        progress.Report(1);
        return _faults;
    }

    private void CheckObjects(IProgress<double> progress, CancellationToken cancellationToken)
    {
        const int each = 1000;
        var count = Math.Max(1, connection.ReadNumber("SELECT count(*) FROM objects"));
        var number = 0;
        using var statement = connection.Take(Objects);
        while (statement.Step())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (++number % each == 0) progress.Report(StructureShare + ((1 - StructureShare) * number / count));
            var id = statement.Integer(0);
            if (!catalog.Shelves.TryGetValue(statement.Integer(1), out var shelf))
            {
                _faults.Add($"Object {id} is in a collection that is not there.");
                continue;
            }
            var owner = shelf.Collection.PrincipalId;
            if (statement.Boolean(10)) Count(owner, (int)statement.Integer(9), new LevelUsage(1, statement.Integer(3), 0));
            if (statement.Integer(4) > shelf.Collection.Change) _faults.Add($"Object {id} has a change number that its collection has not reached.");
            if (statement.Integer(5) != Spans.Of(statement.IntegerOrNull(6), statement.IntegerOrNull(7))) _faults.Add($"Object {id} is in the wrong class of the time index.");
            if (statement.IsNull(8)) _faults.Add($"Object {id} has no bytes.");
            else if (statement.Span(8).Length != statement.Integer(3)) _faults.Add($"The bytes of object {id} have another length than its row says.");
            else if (Columns.ETag(statement.Span(8)) != statement.Text(2)) _faults.Add($"The bytes of object {id} do not match their hash.");
        }
    }

    private void CheckProperties(CancellationToken cancellationToken)
    {
        using var statement = connection.Take(Properties);
        while (statement.Step())
        {
            cancellationToken.ThrowIfCancellationRequested();
            Count(statement.Text(0), (int)statement.Integer(1), new LevelUsage(0, 0, statement.Integer(2)));
            var target = new PropertyTarget(statement.Text(0), statement.Integer(3), statement.Text(4));
            if (target.CollectionId == 0) continue;
            if (statement.TextOrNull(5) != target.PrincipalId || (target.IsMember && (statement.IsNull(6) || !statement.Boolean(6)))) _faults.Add($"A property in collection {target.CollectionId} belongs to nothing.");
        }
    }

    private void Count(string owner, int level, LevelUsage usage) => _usage[owner] = _usage.GetValueOrDefault(owner, HomeUsage.None).With(level, usage);

    private void CheckTombstones()
    {
        using var statement = connection.Take(Tombstones);
        while (statement.Step())
        {
            if (!statement.IsNull(2)) _faults.Add($"Object {statement.Integer(2)} is there and is noted as removed.");
            var collectionId = statement.Integer(0);
            if (!catalog.Shelves.TryGetValue(collectionId, out var shelf)) _faults.Add($"A removal is noted for collection {collectionId}, which is not there.");
            else if (statement.Integer(1) > shelf.Collection.Change) _faults.Add($"A removal in collection {collectionId} has a change number that the collection has not reached.");
        }
    }

    /// <summary>One sentence for each log: after the first line that does not follow, nothing more can be said of it.</summary>
    private void CheckLogs(CancellationToken cancellationToken)
    {
        using var statement = connection.Take(Lines);
        var log = 0L;
        LogVerifier? verifier = null;
        while (statement.Step())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (statement.IsNull(6)) continue;
            if (statement.Integer(5) != log)
            {
                Note(log, verifier);
                log = statement.Integer(5);
                verifier = new LogVerifier(new LogHead(statement.Text(6), statement.Text(7), statement.Bytes(8)));
            }

            verifier!.Add(LineColumns.Read(statement, statement.Text(6), statement.Text(7)));
        }

        Note(log, verifier);
    }

    private void Note(long log, LogVerifier? verifier)
    {
        if (verifier?.Finish() is { } fault) _faults.Add(fault.Line is { } line ? $"Line {line} of log {log} {fault.What}." : $"Log {log} {fault.What}.");
    }

    private void CheckCatalog()
    {
        var stored = CatalogTables.Read(connection);
        if (stored.CommitNumber != catalog.CommitNumber || stored.RecordVersion != catalog.RecordVersion) _faults.Add("The commit in memory is not the one on the disk.");
        if (stored.Homes.Count != catalog.Homes.Count || stored.Shelves.Count != catalog.Shelves.Count) _faults.Add("The catalog in memory is not the one on the disk.");
        foreach (var (id, shelf) in stored.Shelves)
        {
            var home = stored.Homes[shelf.Collection.PrincipalId];
            if (shelf.Collection.DescribedAt > shelf.Collection.Change) _faults.Add($"Collection {id} was described after its last change.");
            if (shelf.Collection.Change > home.Change) _faults.Add($"Collection {id} has a change number that its home has not reached.");
            if (catalog.Shelves.GetValueOrDefault(id)?.Collection.Change != shelf.Collection.Change) _faults.Add($"Collection {id} has another change number in memory.");
        }
        var number = 0;
        foreach (var (id, home) in stored.Homes)
        {
            number++;
            if (!home.Usage.Levels.SequenceEqual(_usage.GetValueOrDefault(id, HomeUsage.None).Levels)) _faults.Add($"The size of home {number} is not the sum of what is in it.");
        }
    }
}
