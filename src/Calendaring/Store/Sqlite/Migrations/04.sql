-- append-only logs; what is erased keeps its digest and hash. Lines of the history were records before: LinesFromRecords moves them
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
-- the history as it was kept until then: by owner, in its order
CREATE TEMP VIEW history AS
    SELECT owner, document, CASE WHEN json_valid(CAST(document AS TEXT)) THEN json_extract(CAST(document AS TEXT), '$.appointmentId') END AS subject
    FROM records WHERE kind = 'audit' ORDER BY owner, id;
