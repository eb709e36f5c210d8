-- when a collection last changed, removals included: as near as it is known
ALTER TABLE collection_changes ADD COLUMN modified INTEGER NOT NULL DEFAULT 0;
UPDATE collection_changes SET modified = max(
    (SELECT c.created FROM collections c WHERE c.id = collection_id),
    coalesce((SELECT max(o.modified) FROM objects o WHERE o.collection_id = collection_changes.collection_id), 0),
    coalesce((SELECT max(t.at) FROM tombstones t WHERE t.collection_id = collection_changes.collection_id), 0));
