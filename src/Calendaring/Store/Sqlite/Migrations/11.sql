-- when a worker has something to do with a record. What waits already is looked at once: the worker says when again
ALTER TABLE records ADD COLUMN due INTEGER;
CREATE INDEX records_by_due ON records (kind, due) WHERE due IS NOT NULL;
UPDATE records SET due = 0 WHERE kind = 'credit-letter' OR (kind = 'inclusion' AND json_valid(CAST(document AS TEXT)) AND json_extract(CAST(document AS TEXT), '$.ended') IS NULL);
