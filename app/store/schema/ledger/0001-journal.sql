-- SPDX-License-Identifier: Apache-2.0
-- ledger.db, version 1: what this terminal did. Immutable once released; changes come as 0002-*.sql.

-- Who this terminal is; one row from enrolment on.
CREATE TABLE identity (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  store_id TEXT NOT NULL,
  terminal_id TEXT NOT NULL,
  store_code TEXT NOT NULL,
  till_number TEXT NOT NULL,
  server_url TEXT NOT NULL,
  server_id TEXT NOT NULL,
  server_key BLOB NOT NULL CHECK (length(server_key) = 32),
  ca_pem TEXT NOT NULL
) STRICT;

-- One numbering of the journal each. Ordinals rise by 64: the highest is the current one, and rows that a
-- restored backup had lost with their whole incarnation can be put back in between.
CREATE TABLE incarnation (
  ordinal INTEGER PRIMARY KEY CHECK (ordinal BETWEEN 1 AND 8388607),
  id INTEGER NOT NULL UNIQUE,
  letters TEXT NOT NULL UNIQUE,
  parent INTEGER REFERENCES incarnation (id),
  parent_seq INTEGER NOT NULL,
  parent_chain BLOB NOT NULL CHECK (length(parent_chain) = 32),
  reason TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  started_ms INTEGER NOT NULL
) STRICT;

-- Every business fact. position = ordinal · 2^40 + seq, so one tree holds every incarnation in the order of writing
-- and an append touches its last page only. The body comes last: lists never read it.
CREATE TABLE journal (
  position INTEGER PRIMARY KEY,
  ordinal INTEGER NOT NULL REFERENCES incarnation (ordinal),
  seq INTEGER NOT NULL CHECK (seq BETWEEN 1 AND 1099511627775),
  txn BLOB NOT NULL CHECK (length(txn) = 16),
  type TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version >= 1),
  receipt TEXT NOT NULL,
  total_minor INTEGER NOT NULL,
  wall_ms INTEGER NOT NULL,
  mono_ms INTEGER NOT NULL,
  boot TEXT NOT NULL,
  offset_ms INTEGER NOT NULL,
  uncertainty_ms INTEGER NOT NULL,
  business_date TEXT NOT NULL,
  shift INTEGER NOT NULL,
  cursor TEXT NOT NULL,
  orig_incarnation INTEGER NOT NULL,
  orig_seq INTEGER NOT NULL,
  body_hash BLOB NOT NULL CHECK (length(body_hash) = 32),
  chain BLOB NOT NULL CHECK (length(chain) = 32),
  signature BLOB NOT NULL CHECK (length(signature) = 64),
  body BLOB NOT NULL,
  CHECK (position = (ordinal << 40) | seq)
) STRICT;

-- The same fact may have a second envelope in a later incarnation, never two in one.
CREATE UNIQUE INDEX journal_txn ON journal (txn, ordinal);

CREATE TRIGGER journal_never_changes BEFORE UPDATE ON journal
BEGIN
  SELECT RAISE(ABORT, 'journal rows never change');
END;

CREATE TRIGGER journal_never_shrinks BEFORE DELETE ON journal
BEGIN
  SELECT RAISE(ABORT, 'journal rows are never deleted');
END;

CREATE TRIGGER journal_never_replaces BEFORE INSERT ON journal
WHEN EXISTS (SELECT 1 FROM journal WHERE position = new.position)
BEGIN
  SELECT RAISE(ABORT, 'journal rows are never replaced');
END;

CREATE TRIGGER journal_has_no_gaps BEFORE INSERT ON journal
WHEN new.seq > 1 AND NOT EXISTS (SELECT 1 FROM journal WHERE position = new.position - 1)
BEGIN
  SELECT RAISE(ABORT, 'journal rows are numbered without gaps');
END;

-- What the central said to a row. outcome: 0 applied, 1 applied with exceptions, 2 held, 3 duplicate,
-- 4 parked (header sent, body offered separately), 5 replaced by a later envelope of the same fact.
CREATE TABLE ack (
  position INTEGER PRIMARY KEY REFERENCES journal (position),
  outcome INTEGER NOT NULL CHECK (outcome BETWEEN 0 AND 5),
  feed_seq INTEGER NOT NULL,
  reason TEXT NOT NULL,
  acknowledged_ms INTEGER NOT NULL
) STRICT;

CREATE INDEX ack_open ON ack (outcome) WHERE outcome IN (2, 4);

CREATE TRIGGER ack_never_shrinks BEFORE DELETE ON ack
BEGIN
  SELECT RAISE(ABORT, 'acknowledgements are never deleted');
END;

-- The central's signature over the newest head it acknowledged.
CREATE TABLE ack_signature (
  ordinal INTEGER PRIMARY KEY REFERENCES incarnation (ordinal),
  seq INTEGER NOT NULL,
  signature TEXT NOT NULL
) STRICT;

-- Stock moved by rows whose effect the feed has not told back yet; pruned once it has. In order of position, so that a
-- sale touches one page of it; sums by SKU are kept in memory.
CREATE TABLE stock_move (
  position INTEGER NOT NULL REFERENCES journal (position),
  sku TEXT NOT NULL,
  delta_milli INTEGER NOT NULL,
  PRIMARY KEY (position, sku)
) STRICT, WITHOUT ROWID;

CREATE TABLE parked_sale (
  id TEXT NOT NULL PRIMARY KEY,
  label TEXT NOT NULL,
  staff_name TEXT NOT NULL,
  parked_ms INTEGER NOT NULL,
  line_count INTEGER NOT NULL,
  total_minor INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE signin_failure (
  staff_id TEXT NOT NULL PRIMARY KEY,
  count INTEGER NOT NULL,
  until_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Small facts that survive a restart.
CREATE TABLE note (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
