namespace Calendaring.Store.Sqlite;

/// <summary>
/// The tables, by version (<c>user_version</c>). Instants are ticks of 100 ns since 1970 (UTC). Bytes are in a table of their own, with the id of their row,
/// so that a walk over rows does not read them.
/// </summary>
internal static class Schema
{
    /// <summary>Marks the file as ours: "CalS".</summary>
    public const long ApplicationId = 0x43616C53;

    /// <summary>One script for each version; a file at version n has had the first n.</summary>
    private static readonly string[] Migrations =
    [
        """
        CREATE TABLE meta (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            commit_number INTEGER NOT NULL,
            record_version INTEGER NOT NULL);
        INSERT INTO meta VALUES (1, 0, 0);
        CREATE TABLE principals (
            id TEXT PRIMARY KEY,
            login TEXT NOT NULL UNIQUE,
            display_name TEXT NOT NULL,
            email TEXT,
            role INTEGER NOT NULL,
            practice_id TEXT,
            properties BLOB) WITHOUT ROWID;
        CREATE TABLE homes (
            principal_id TEXT PRIMARY KEY REFERENCES principals(id),
            change INTEGER NOT NULL,
            size INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE credentials (
            principal_id TEXT NOT NULL REFERENCES principals(id),
            id TEXT NOT NULL,
            label TEXT NOT NULL,
            secret_kind INTEGER NOT NULL,
            secret_hash TEXT NOT NULL,
            read_only INTEGER NOT NULL,
            privacy_level TEXT NOT NULL,
            created INTEGER NOT NULL,
            last_used INTEGER,
            last_address TEXT,
            last_user_agent TEXT,
            PRIMARY KEY (principal_id, id)) WITHOUT ROWID;
        CREATE TABLE collections (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            principal_id TEXT NOT NULL REFERENCES principals(id),
            name TEXT NOT NULL,
            kind INTEGER NOT NULL,
            components TEXT NOT NULL,
            incarnation TEXT NOT NULL,
            created INTEGER NOT NULL,
            properties BLOB,
            UNIQUE (principal_id, name));
        CREATE TABLE collection_changes (
            collection_id INTEGER PRIMARY KEY REFERENCES collections(id) ON DELETE CASCADE,
            change INTEGER NOT NULL,
            swept INTEGER NOT NULL);
        CREATE TABLE objects (
            id INTEGER PRIMARY KEY,
            collection_id INTEGER NOT NULL REFERENCES collections(id),
            name TEXT NOT NULL,
            uid TEXT NOT NULL,
            etag TEXT NOT NULL,
            size INTEGER NOT NULL,
            component TEXT NOT NULL,
            span INTEGER NOT NULL,
            starts INTEGER,
            ends INTEGER,
            recurring INTEGER NOT NULL,
            published INTEGER NOT NULL,
            change INTEGER NOT NULL,
            created INTEGER NOT NULL,
            modified INTEGER NOT NULL,
            schedule_tag TEXT,
            properties BLOB,
            details BLOB);
        CREATE UNIQUE INDEX objects_by_name ON objects (collection_id, name);
        CREATE UNIQUE INDEX objects_by_uid ON objects (collection_id, uid);
        CREATE UNIQUE INDEX objects_by_change ON objects (collection_id, change);
        CREATE INDEX objects_by_time ON objects (collection_id, span, starts, ends);
        CREATE TABLE bodies (
            id INTEGER PRIMARY KEY REFERENCES objects(id) ON DELETE CASCADE,
            octets BLOB NOT NULL);
        CREATE TABLE tombstones (
            collection_id INTEGER NOT NULL REFERENCES collections(id),
            name TEXT NOT NULL,
            change INTEGER NOT NULL,
            at INTEGER NOT NULL,
            PRIMARY KEY (collection_id, name)) WITHOUT ROWID;
        CREATE UNIQUE INDEX tombstones_by_change ON tombstones (collection_id, change);
        CREATE INDEX tombstones_by_age ON tombstones (at);
        CREATE TABLE records (
            kind TEXT NOT NULL,
            owner TEXT NOT NULL,
            id TEXT NOT NULL,
            version INTEGER NOT NULL,
            document BLOB NOT NULL,
            UNIQUE (kind, owner, id));
        """,

        // before, a principal, its home, inbox and outbox had one set of properties
        """
        ALTER TABLE principals ADD COLUMN home_properties BLOB;
        ALTER TABLE principals ADD COLUMN inbox_properties BLOB;
        ALTER TABLE principals ADD COLUMN outbox_properties BLOB;
        UPDATE principals SET home_properties = properties, inbox_properties = properties, outbox_properties = properties;
        """,

        // a home is synced as a whole: each collection gets a change number of its own, that none of its members has; removals of collections are known from now on
        """
        ALTER TABLE homes ADD COLUMN incarnation TEXT NOT NULL DEFAULT '';
        ALTER TABLE homes ADD COLUMN swept INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE collection_changes ADD COLUMN described INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE collection_changes ADD COLUMN replaced INTEGER NOT NULL DEFAULT 0;
        UPDATE collection_changes SET described =
            (SELECT h.change FROM homes h JOIN collections c ON c.principal_id = h.principal_id WHERE c.id = collection_id)
            + (SELECT count(*) FROM collections c JOIN collections d ON d.principal_id = c.principal_id AND d.id <= c.id WHERE c.id = collection_id);
        UPDATE collection_changes SET change = described;
        UPDATE homes SET incarnation = lower(hex(randomblob(8))), change = change + (SELECT count(*) FROM collections c WHERE c.principal_id = homes.principal_id);
        UPDATE homes SET swept = change;
        CREATE TABLE collection_tombstones (
            principal_id TEXT NOT NULL REFERENCES principals(id),
            name TEXT NOT NULL,
            change INTEGER NOT NULL,
            at INTEGER NOT NULL,
            PRIMARY KEY (principal_id, name)) WITHOUT ROWID;
        CREATE INDEX collection_tombstones_by_age ON collection_tombstones (at);
        """,

        // append-only logs; what is erased keeps its digest and hash. Lines of the history were records before: LinesFromRecords moves them
        """
        CREATE TABLE logs (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            owner TEXT NOT NULL,
            UNIQUE (name, owner));
        CREATE TABLE lines (
            log_id INTEGER NOT NULL REFERENCES logs(id),
            number INTEGER NOT NULL,
            subject TEXT,
            document BLOB,
            digest BLOB NOT NULL,
            hash BLOB NOT NULL,
            PRIMARY KEY (log_id, number)) WITHOUT ROWID;
        CREATE INDEX lines_by_subject ON lines (log_id, subject, number) WHERE subject IS NOT NULL;
        CREATE TRIGGER lines_are_never_removed BEFORE DELETE ON lines BEGIN SELECT RAISE(ABORT, 'a line is never removed'); END;
        CREATE TRIGGER lines_are_only_erased BEFORE UPDATE ON lines
            WHEN NEW.document IS NOT NULL OR NEW.subject IS NOT NULL OR NEW.log_id <> OLD.log_id OR NEW.number <> OLD.number OR NEW.digest <> OLD.digest OR NEW.hash <> OLD.hash
            BEGIN SELECT RAISE(ABORT, 'a line is never changed'); END;
        """,

        // when a principal's access was taken away
        """
        ALTER TABLE principals ADD COLUMN deactivated INTEGER;
        """,

        // when a collection last changed, removals included: as near as it is known
        """
        ALTER TABLE collection_changes ADD COLUMN modified INTEGER NOT NULL DEFAULT 0;
        UPDATE collection_changes SET modified = max(
            (SELECT c.created FROM collections c WHERE c.id = collection_id),
            coalesce((SELECT max(o.modified) FROM objects o WHERE o.collection_id = collection_changes.collection_id), 0),
            coalesce((SELECT max(t.at) FROM tombstones t WHERE t.collection_id = collection_changes.collection_id), 0));
        """,

        // links to set a password, one record each, which nothing reads any more: all links of a person are in one now
        """
        DELETE FROM records WHERE kind = 'one-time-link';
        """,

        // the chain of a log begins from its name and owner; each log of before, whose chain begins from zeros, gets a line that says whose it is and what of it had been erased: LogsStated
        """
        ALTER TABLE logs ADD COLUMN origin BLOB NOT NULL DEFAULT x'0000000000000000000000000000000000000000000000000000000000000000';
        """,

        // sessions whose ids stood in clear: whoever is signed in signs in again
        """
        DELETE FROM records WHERE kind = 'session';
        """,

        // properties one row each and by level, objects with the level from which on they are shown as stored, and what a home holds at each level. Of an ordinary calendar nobody knows who wrote what is
        // there: it counts as written at the highest level that an app password of its owner has; without any, at full name. Names of calendars stay for all
        """
        CREATE TEMP TABLE level_names AS SELECT 'Busy' AS name, 0 AS level UNION ALL VALUES ('Type', 1), ('Initials', 2), ('FirstName', 3), ('FullName', 4);
        CREATE TEMP TABLE highest AS
            SELECT p.id AS principal_id, coalesce((SELECT max(coalesce(n.level, 0)) FROM credentials k LEFT JOIN level_names n ON n.name = k.privacy_level WHERE k.principal_id = p.id), 4) AS level FROM principals p;
        CREATE TABLE properties (
            principal_id TEXT NOT NULL REFERENCES principals(id),
            collection_id INTEGER NOT NULL,
            member TEXT NOT NULL,
            namespace TEXT NOT NULL,
            name TEXT NOT NULL,
            level INTEGER NOT NULL,
            size INTEGER NOT NULL,
            element TEXT);
        CREATE UNIQUE INDEX properties_by_name ON properties (principal_id, collection_id, member, namespace, name, level);
        CREATE TEMP VIEW bags AS
            SELECT id AS principal_id, 0 AS collection_id, 'principal' AS member, properties AS bag FROM principals
            UNION ALL SELECT id, 0, 'home', home_properties FROM principals
            UNION ALL SELECT id, 0, 'inbox', inbox_properties FROM principals
            UNION ALL SELECT id, 0, 'outbox', outbox_properties FROM principals
            UNION ALL SELECT principal_id, id, '', properties FROM collections
            UNION ALL SELECT c.principal_id, c.id, o.name, o.properties FROM objects o JOIN collections c ON c.id = o.collection_id WHERE o.published;
        INSERT INTO properties (principal_id, collection_id, member, namespace, name, level, size, element)
            SELECT b.principal_id, b.collection_id, b.member, json_extract(e.value, '$[0]'), json_extract(e.value, '$[1]'), h.level, length(CAST(json_extract(e.value, '$[2]') AS BLOB)), json_extract(e.value, '$[2]')
            FROM bags b JOIN highest h ON h.principal_id = b.principal_id, json_each(CAST(b.bag AS TEXT)) e
            WHERE b.bag IS NOT NULL AND NOT (b.collection_id <> 0 AND b.member = '' AND json_extract(e.value, '$[0]') || json_extract(e.value, '$[1]') IN ('DAV:displayname', 'not started'));
        UPDATE collections SET properties = (
            SELECT CASE WHEN count(*) = 0 THEN NULL ELSE CAST(json_group_array(json(e.value)) AS BLOB) END FROM json_each(CAST(properties AS TEXT)) e
            WHERE json_extract(e.value, '$[0]') || json_extract(e.value, '$[1]') IN ('DAV:displayname', 'not started')) WHERE properties IS NOT NULL;
        DROP VIEW bags;
        ALTER TABLE objects ADD COLUMN level INTEGER NOT NULL DEFAULT 4;
        UPDATE objects SET level = (SELECT h.level FROM collections c JOIN highest h ON h.principal_id = c.principal_id WHERE c.id = collection_id)
            WHERE collection_id IN (SELECT id FROM collections WHERE kind = 0);
        UPDATE objects SET level = CASE
                WHEN details IS NULL OR NOT json_valid(CAST(details AS TEXT)) OR json_extract(CAST(details AS TEXT), '$.kind') = 'Patient' THEN 4
                WHEN json_extract(CAST(details AS TEXT), '$.writtenAt') IS NOT NULL THEN coalesce((SELECT level FROM level_names WHERE name = json_extract(CAST(details AS TEXT), '$.writtenAt')), 4)
                WHEN coalesce(json_extract(CAST(details AS TEXT), '$.origin'), 'diary') = 'diary' THEN 0
                ELSE 4 END
            WHERE collection_id IN (SELECT id FROM collections WHERE kind = 1);
        CREATE TABLE usage (
            principal_id TEXT NOT NULL REFERENCES principals(id),
            level INTEGER NOT NULL,
            objects INTEGER NOT NULL,
            bytes INTEGER NOT NULL,
            property_bytes INTEGER NOT NULL,
            PRIMARY KEY (principal_id, level)) WITHOUT ROWID;
        INSERT INTO usage SELECT principal_id, level, sum(objects), sum(bytes), sum(property_bytes) FROM (
            SELECT c.principal_id, o.level, 1 AS objects, o.size AS bytes, 0 AS property_bytes FROM objects o JOIN collections c ON c.id = o.collection_id WHERE o.published
            UNION ALL SELECT principal_id, level, 0, 0, size FROM properties) GROUP BY principal_id, level;
        DROP TABLE highest;
        DROP TABLE level_names;
        ALTER TABLE principals DROP COLUMN properties;
        ALTER TABLE principals DROP COLUMN home_properties;
        ALTER TABLE principals DROP COLUMN inbox_properties;
        ALTER TABLE principals DROP COLUMN outbox_properties;
        ALTER TABLE objects DROP COLUMN properties;
        ALTER TABLE homes DROP COLUMN size;
        """,

        // when a worker has something to do with a record. What waits already is looked at once: the worker says when again
        """
        ALTER TABLE records ADD COLUMN due INTEGER;
        CREATE INDEX records_by_due ON records (kind, due) WHERE due IS NOT NULL;
        UPDATE records SET due = 0 WHERE kind = 'credit-letter' OR (kind = 'inclusion' AND json_valid(CAST(document AS TEXT)) AND json_extract(CAST(document AS TEXT), '$.ended') IS NULL);
        """,
    ];

    private const int LogsVersion = 4;
    private const int OriginVersion = 8;

    /// <summary>The newest version.</summary>
    public static int Version => Migrations.Length;

    /// <summary>Brings a file to the newest version, or to an earlier one. A file of a later program, or of another, is left alone.</summary>
    public static void Migrate(Connection connection, int? target = null)
    {
        var version = connection.ReadNumber("PRAGMA user_version");
        var application = connection.ReadNumber("PRAGMA application_id");
        var isEmpty = connection.ReadNumber("SELECT count(*) FROM sqlite_master") == 0;
        if (!isEmpty && application != ApplicationId) throw new StoreException(StoreFailureKind.Unavailable, "The file is a database of another program.");
        if (version > Migrations.Length)
            throw new StoreException(StoreFailureKind.Unavailable, $"The database was made by a later version of the program (schema {version}; this one knows {Migrations.Length}).");
        for (var next = version; next < (target ?? Migrations.Length); next++)
        {
            connection.Execute($"BEGIN IMMEDIATE; {Migrations[next]}");
            if (next + 1 == LogsVersion) LinesFromRecords.Move(connection);
            if (next + 1 == OriginVersion) LogsStated.State(connection);
            connection.Execute($"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {next + 1}; COMMIT");
        }
    }
}
