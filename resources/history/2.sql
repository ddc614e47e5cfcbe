-- Version 2. The list shows pinned conversations before it has read all others.

CREATE INDEX conversations_pinned ON conversations(pinned) WHERE pinned = 1;
