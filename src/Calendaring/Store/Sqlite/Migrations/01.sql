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
