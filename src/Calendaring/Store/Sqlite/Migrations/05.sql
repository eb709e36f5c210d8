-- when a principal's access was taken away
ALTER TABLE principals ADD COLUMN deactivated INTEGER;
