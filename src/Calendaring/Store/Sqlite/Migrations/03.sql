-- a home is synced as a whole: each collection gets a change number of its own, that none of its members has; removals of collections are known from now on
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
