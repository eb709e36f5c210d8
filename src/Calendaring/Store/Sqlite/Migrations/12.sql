-- names that mean nothing of the layer above, and the kind of an object in a column of its own: before, it was found at the start of its document
ALTER TABLE principals RENAME COLUMN role TO kind;
ALTER TABLE principals RENAME COLUMN practice_id TO group_id;
ALTER TABLE credentials RENAME COLUMN privacy_level TO level_name;
ALTER TABLE bodies RENAME COLUMN octets TO bytes;
ALTER TABLE objects ADD COLUMN details_kind INTEGER NOT NULL DEFAULT 0;
UPDATE objects SET details_kind = 1 WHERE substr(details, 1, 17) = CAST('{"kind":"Patient"' AS BLOB);
-- what was looked at with every practice group that pays is found when it is due: each is looked at once
INSERT INTO records (kind, owner, id, version, document, due) SELECT 'renewal', id, 'renewal', version, CAST('{}' AS BLOB), 0
    FROM records WHERE kind = 'practice' AND owner = 'practices' AND json_valid(CAST(document AS TEXT)) AND json_extract(CAST(document AS TEXT), '$.billing');
-- kinds of records by other names
UPDATE records SET kind = 'rejected-edit' WHERE kind = 'untaken-edit';
UPDATE records SET kind = 'purge' WHERE kind = 'scour';
UPDATE records SET kind = 'credit-email', owner = 'emails' WHERE kind = 'credit-letter';
