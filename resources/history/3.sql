-- Version 3. The column `pairs` of a message also has a character for each two of the commonest words that follow each other in it
-- (app/storage/common_words.h), so that a phrase of such words is not looked for in every message. What was written before has no
-- such pairs: a mark says up to which id.

CREATE TABLE marks (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) WITHOUT ROWID;

INSERT INTO marks(name, value) SELECT 'without_pairs_of_words', COALESCE(MAX(id), 0) FROM messages;
