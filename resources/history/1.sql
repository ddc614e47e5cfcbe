-- Version 1 of the conversations' database. Statements are separated by empty lines; the store runs them in one
-- transaction and then sets user_version. A released file never changes: what comes later is 2.sql and so on.
-- Times are milliseconds since 1970, UTC. Identifiers are never used again, so that Undo and drafts cannot meet another row.

CREATE TABLE folders (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  collapsed INTEGER NOT NULL DEFAULT 0,                                 -- 1: the sidebar shows its name only
  created_at INTEGER NOT NULL
);

CREATE TABLE conversations (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  title TEXT NOT NULL,
  own_title INTEGER NOT NULL DEFAULT 0,                                 -- 1: given by the person, 0: the first words
  folder_id INTEGER REFERENCES folders(id) ON DELETE SET NULL,
  pinned INTEGER NOT NULL DEFAULT 0,
  unread INTEGER NOT NULL DEFAULT 0,                                    -- 1: an answer came that has not been looked at
  settings TEXT NOT NULL DEFAULT '{}',                                  -- JSON: only what differs from the general settings
  leaf_id INTEGER REFERENCES messages(id) ON DELETE SET NULL,           -- the end of the branch that is shown
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  deleted_at INTEGER,                                                   -- set: among the recently deleted
  pairs TEXT                                                            -- of the title, as in messages
);

CREATE INDEX conversations_by_time ON conversations(deleted_at, updated_at);

CREATE INDEX conversations_by_folder ON conversations(folder_id);

CREATE INDEX conversations_by_leaf ON conversations(leaf_id);

CREATE TABLE messages (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  conversation_id INTEGER NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
  parent_id INTEGER REFERENCES messages(id) ON DELETE CASCADE,          -- NULL: the first of its branch
  author TEXT NOT NULL CHECK (author IN ('user', 'assistant')),
  state TEXT NOT NULL CHECK (state IN ('complete', 'writing', 'stopped', 'failed', 'context_full', 'interrupted', 'length_reached')),
  edited INTEGER NOT NULL DEFAULT 0,                                    -- 1: an answer that a person changed
  text TEXT NOT NULL,                                                   -- as written; empty while 'writing' (answer_pieces)
  tokens BLOB,                                                          -- u32 little-endian ids the model wrote for the text
  stats TEXT,                                                           -- JSON: how the answer was made
  last_child INTEGER,                                                   -- the child shown last
  created_at INTEGER NOT NULL,
  deleted_at INTEGER,                                                   -- set: left out; what follows hangs on its parent
  pairs TEXT                                                            -- for the full-text index; see there
);

CREATE INDEX messages_by_conversation ON messages(conversation_id);

-- A search in the last days asks where they begin.
CREATE INDEX messages_by_time ON messages(created_at);

CREATE INDEX messages_by_parent ON messages(parent_id);

CREATE INDEX messages_being_written ON messages(state) WHERE state = 'writing';

CREATE INDEX messages_deleted ON messages(deleted_at) WHERE deleted_at IS NOT NULL;

-- An answer as it grows: one row for each second, joined into messages.text when it ends. Rewriting the whole text each
-- time would cost more the longer the answer is.
CREATE TABLE answer_pieces (
  message_id INTEGER NOT NULL REFERENCES messages(id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (message_id, position)
) WITHOUT ROWID;

CREATE TABLE attachments (
  id INTEGER PRIMARY KEY,
  message_id INTEGER NOT NULL REFERENCES messages(id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  text TEXT NOT NULL
);

CREATE INDEX attachments_by_message ON attachments(message_id);

-- What was typed and not sent; 0 is the chat that does not exist yet.
CREATE TABLE drafts (
  conversation_id INTEGER PRIMARY KEY,
  text TEXT NOT NULL
);

-- The files that were attached to it.
CREATE TABLE draft_attachments (
  conversation_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (conversation_id, position)
) WITHOUT ROWID;

-- The full-text index. Answers enter it when they end. It takes a whole sentence for a word in scripts that put no spaces
-- between words (Thai, Lao, Burmese, Khmer, Japanese, Chinese) or endings on them (Korean). So whoever writes a text also
-- writes the pairs of characters of such words (app/storage/search_words.h), NULL when there are none.
CREATE VIRTUAL TABLE message_index USING fts5(
  text, pairs, content = 'messages', content_rowid = 'id', tokenize = "unicode61 remove_diacritics 2", prefix = '2 3'
);

CREATE TRIGGER message_indexed AFTER INSERT ON messages WHEN new.state <> 'writing' BEGIN
  INSERT INTO message_index(rowid, text, pairs) VALUES (new.id, new.text, new.pairs);
END;

CREATE TRIGGER message_ended AFTER UPDATE OF state, text, pairs ON messages WHEN old.state = 'writing' AND new.state <> 'writing' BEGIN
  INSERT INTO message_index(rowid, text, pairs) VALUES (new.id, new.text, new.pairs);
END;

CREATE TRIGGER message_changed AFTER UPDATE OF text, pairs ON messages WHEN old.state <> 'writing' AND new.state <> 'writing' BEGIN
  INSERT INTO message_index(message_index, rowid, text, pairs) VALUES ('delete', old.id, old.text, old.pairs);
  INSERT INTO message_index(rowid, text, pairs) VALUES (new.id, new.text, new.pairs);
END;

CREATE TRIGGER message_gone AFTER DELETE ON messages WHEN old.state <> 'writing' BEGIN
  INSERT INTO message_index(message_index, rowid, text, pairs) VALUES ('delete', old.id, old.text, old.pairs);
END;

CREATE VIRTUAL TABLE title_index USING fts5(
  title, pairs, content = 'conversations', content_rowid = 'id', tokenize = "unicode61 remove_diacritics 2", prefix = '2 3'
);

CREATE TRIGGER title_indexed AFTER INSERT ON conversations BEGIN
  INSERT INTO title_index(rowid, title, pairs) VALUES (new.id, new.title, new.pairs);
END;

CREATE TRIGGER title_changed AFTER UPDATE OF title, pairs ON conversations BEGIN
  INSERT INTO title_index(title_index, rowid, title, pairs) VALUES ('delete', old.id, old.title, old.pairs);
  INSERT INTO title_index(rowid, title, pairs) VALUES (new.id, new.title, new.pairs);
END;

CREATE TRIGGER title_gone AFTER DELETE ON conversations BEGIN
  INSERT INTO title_index(title_index, rowid, title, pairs) VALUES ('delete', old.id, old.title, old.pairs);
END;

-- Presets of model, system prompt and sampling. `key` names one that came with the program; its row exists only once it was
-- changed or deleted, and without a name it is as it came.
CREATE TABLE personas (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT UNIQUE,
  name TEXT NOT NULL,
  settings TEXT NOT NULL,
  hidden INTEGER NOT NULL DEFAULT 0,                                    -- 1: came with the program and was deleted
  created_at INTEGER NOT NULL
);

-- Prompts to use again; {{name}} in the text is asked for. `key` as in personas; without a text it is as it came.
CREATE TABLE prompts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT UNIQUE,
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  hidden INTEGER NOT NULL DEFAULT 0,                                    -- 1: came with the program and was deleted
  created_at INTEGER NOT NULL,
  used_at INTEGER
);
