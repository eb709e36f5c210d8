-- before, a principal, its home, inbox and outbox had one set of properties
ALTER TABLE principals ADD COLUMN home_properties BLOB;
ALTER TABLE principals ADD COLUMN inbox_properties BLOB;
ALTER TABLE principals ADD COLUMN outbox_properties BLOB;
UPDATE principals SET home_properties = properties, inbox_properties = properties, outbox_properties = properties;
