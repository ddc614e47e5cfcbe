-- Version 2. The list shows pinned conversations before it has read all others. From here on messages have ids that follow their
-- time (HistoryStore::nextMessageId); those of version 1 stay, below them.

CREATE INDEX conversations_pinned ON conversations(pinned) WHERE pinned = 1;
