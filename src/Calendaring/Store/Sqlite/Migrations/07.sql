-- links to set a password, one record each, which nothing reads any more: all links of a person are in one now
DELETE FROM records WHERE kind = 'one-time-link';
