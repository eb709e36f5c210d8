-- properties one row each and by level, objects with the level from which on they are shown as stored, and what a home holds at each level. Of an ordinary calendar nobody knows who wrote what is
-- there: it counts as written at the highest level that an app password of its owner has; without any, at full name. Names of calendars stay for all
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
