-- SPDX-License-Identifier: Apache-2.0
-- What happened, for programs elsewhere that asked to be told (outbox-events.h, webhooks.h).

CREATE TABLE webhook (
	id TEXT PRIMARY KEY,
	url TEXT NOT NULL,
	types TEXT NOT NULL, -- names with a space before, between and behind; " * ": all
	secret_hash BLOB NOT NULL, -- of the secret's text, which is made from a file beside the books
	created_ms INTEGER NOT NULL,
	ended_ms INTEGER NOT NULL DEFAULT 0, -- 0: it is told
	reason TEXT NOT NULL DEFAULT ''      -- why it ended
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox_event (
	seq INTEGER PRIMARY KEY AUTOINCREMENT,
	id TEXT NOT NULL UNIQUE,
	type TEXT NOT NULL,
	subject TEXT NOT NULL,
	data TEXT NOT NULL, -- JSON
	at_ms INTEGER NOT NULL
) STRICT;

-- Of one webhook and subject at most one row is waiting; those behind it are queued, so that order is kept and the
-- rows that may go out now are found without looking at those that may not.
CREATE TABLE delivery (
	number INTEGER PRIMARY KEY AUTOINCREMENT,
	webhook TEXT NOT NULL,
	event INTEGER NOT NULL,
	subject TEXT NOT NULL,
	state TEXT NOT NULL, -- queued, waiting, delivered, dead
	tries INTEGER NOT NULL DEFAULT 0,
	due_ms INTEGER NOT NULL,
	status INTEGER NOT NULL DEFAULT 0, -- HTTP's, of the last try; 0: no answer came
	reason TEXT NOT NULL DEFAULT '',
	changed_ms INTEGER NOT NULL
) STRICT;

CREATE INDEX delivery_due ON delivery (webhook, state, due_ms, number);
CREATE INDEX delivery_open ON delivery (webhook, subject, number) WHERE state IN ('queued', 'waiting');
CREATE INDEX delivery_event ON delivery (event);
CREATE INDEX delivery_old ON delivery (state, changed_ms);
