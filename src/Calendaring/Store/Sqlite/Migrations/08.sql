-- the chain of a log begins from its name and owner; each log of before, whose chain begins from zeros, gets a line that says whose it is and what of it had been erased: LogsStated
ALTER TABLE logs ADD COLUMN origin BLOB NOT NULL DEFAULT x'0000000000000000000000000000000000000000000000000000000000000000';
