-- SPDX-License-Identifier: Apache-2.0
-- The central's books. Incarnations are 64-bit numbers kept as signed integers (same bits).

CREATE TABLE meta (
	name TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One row: how many transactions this database has seen; compared with a witness file outside.
CREATE TABLE progress (
	one INTEGER PRIMARY KEY CHECK (one = 1),
	commits INTEGER NOT NULL
) STRICT;
INSERT INTO progress VALUES (1, 0);

CREATE TABLE store (
	code TEXT PRIMARY KEY,
	store_id TEXT NOT NULL UNIQUE,
	name TEXT NOT NULL,
	tills INTEGER NOT NULL DEFAULT 0 -- highest till number given out
) STRICT, WITHOUT ROWID;

CREATE TABLE enrol_code (
	code_hash BLOB PRIMARY KEY,
	store_code TEXT NOT NULL REFERENCES store (code),
	expires_ms INTEGER NOT NULL,
	used_ms INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE terminal (
	number INTEGER PRIMARY KEY, -- short key used by the big tables
	terminal_id TEXT NOT NULL UNIQUE,
	store_code TEXT NOT NULL REFERENCES store (code),
	till_number TEXT NOT NULL,
	public_key BLOB NOT NULL,
	device TEXT NOT NULL,
	enrolled_ms INTEGER NOT NULL,
	revoked INTEGER NOT NULL DEFAULT 0,
	blocked INTEGER NOT NULL DEFAULT 0,
	session TEXT NOT NULL DEFAULT '',
	fingerprint TEXT NOT NULL DEFAULT '', -- of the last hello
	program TEXT NOT NULL DEFAULT '',
	seen_ms INTEGER NOT NULL DEFAULT 0,
	pending INTEGER NOT NULL DEFAULT 0,
	oldest_s INTEGER NOT NULL DEFAULT 0,
	held INTEGER NOT NULL DEFAULT 0,
	parked INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Every machine or file a terminal has spoken from.
CREATE TABLE terminal_fingerprint (
	terminal INTEGER NOT NULL REFERENCES terminal (number),
	fingerprint TEXT NOT NULL,
	first_ms INTEGER NOT NULL,
	last_ms INTEGER NOT NULL,
	PRIMARY KEY (terminal, fingerprint)
) STRICT, WITHOUT ROWID;

-- Hellos have no time window, so their nonces outlive a restart.
CREATE TABLE hello_nonce (
	terminal INTEGER NOT NULL REFERENCES terminal (number),
	nonce TEXT NOT NULL,
	seen_ms INTEGER NOT NULL,
	PRIMARY KEY (terminal, nonce)
) STRICT, WITHOUT ROWID;

CREATE TABLE incarnation (
	terminal INTEGER NOT NULL REFERENCES terminal (number),
	incarnation INTEGER NOT NULL,
	parent INTEGER NOT NULL,
	parent_seq INTEGER NOT NULL,
	parent_chain BLOB NOT NULL,
	seq INTEGER NOT NULL,  -- head
	chain BLOB NOT NULL,   -- of the head; genesis when seq is 0
	fingerprint TEXT NOT NULL,
	first_ms INTEGER NOT NULL,
	PRIMARY KEY (terminal, incarnation)
) STRICT, WITHOUT ROWID;

-- The envelopes as they came: gapless in seq, for ever.
CREATE TABLE envelope (
	terminal INTEGER NOT NULL,
	incarnation INTEGER NOT NULL,
	seq INTEGER NOT NULL,
	txn BLOB NOT NULL,
	body_hash BLOB NOT NULL,
	chain BLOB NOT NULL,
	signature BLOB NOT NULL,
	conflict_body BLOB, -- the bytes, when this envelope's body is not the one of its transaction
	orig_incarnation INTEGER NOT NULL DEFAULT 0,
	orig_seq INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (terminal, incarnation, seq)
) STRICT, WITHOUT ROWID;

-- One row a transaction, for ever: what it was and what became of it. Numbered, so that bodies lie in the leaves of
-- the table in the order they came, and not on overflow pages of an index.
CREATE TABLE entry (
	number INTEGER PRIMARY KEY,
	txn BLOB NOT NULL UNIQUE,
	terminal INTEGER NOT NULL,
	type TEXT NOT NULL,
	version INTEGER NOT NULL,
	body_hash BLOB NOT NULL,
	body BLOB, -- NULL: only the header has come so far
	wall_ms INTEGER NOT NULL,
	mono_ms INTEGER NOT NULL,
	boot TEXT NOT NULL,
	offset_ms INTEGER NOT NULL,
	uncertainty_ms INTEGER NOT NULL,
	business_date TEXT NOT NULL,
	shift INTEGER NOT NULL,
	cursor TEXT NOT NULL,
	arrived_ms INTEGER NOT NULL,
	outcome TEXT NOT NULL,
	reason TEXT NOT NULL,
	exceptions TEXT NOT NULL, -- codes, comma-separated
	feed_seq INTEGER NOT NULL
) STRICT;
CREATE INDEX entry_held ON entry (outcome) WHERE outcome = 'held';

-- Headers that came without their body, for ever: a body offered twice finds its entry twice.
CREATE TABLE parked (
	terminal INTEGER NOT NULL,
	body_hash BLOB NOT NULL,
	txn BLOB NOT NULL,
	incarnation INTEGER NOT NULL,
	seq INTEGER NOT NULL,
	PRIMARY KEY (terminal, body_hash)
) STRICT, WITHOUT ROWID;

-- Entries during whose reading this program died.
CREATE TABLE attempt (
	txn BLOB PRIMARY KEY,
	crashes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sale (
	txn BLOB PRIMARY KEY, -- of entry, which is written after it; the audit compares the two
	terminal INTEGER NOT NULL,
	store_code TEXT NOT NULL,
	receipt TEXT NOT NULL,
	staff_id TEXT NOT NULL,
	business_date TEXT NOT NULL,
	closed_ms INTEGER NOT NULL,
	currency TEXT NOT NULL,
	list_minor INTEGER NOT NULL,
	discount_minor INTEGER NOT NULL,
	tax_minor INTEGER NOT NULL,
	total_minor INTEGER NOT NULL,
	change_minor INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sale_line (
	txn BLOB NOT NULL,
	line INTEGER NOT NULL,
	sku TEXT NOT NULL,
	quantity_milli INTEGER NOT NULL,
	moved_milli INTEGER NOT NULL, -- taken off stock; 0 where stock is not kept
	unit_minor INTEGER NOT NULL,
	list_minor INTEGER NOT NULL,
	discount_minor INTEGER NOT NULL,
	tax_minor INTEGER NOT NULL,
	total_minor INTEGER NOT NULL,
	PRIMARY KEY (txn, line)
) STRICT, WITHOUT ROWID;

CREATE TABLE sale_tender (
	txn BLOB NOT NULL,
	ordinal INTEGER NOT NULL,
	kind TEXT NOT NULL,
	tendered_minor INTEGER NOT NULL,
	amount_minor INTEGER NOT NULL,
	PRIMARY KEY (txn, ordinal)
) STRICT, WITHOUT ROWID;

-- What imports and counts added to stock, so that stock can be proved: on hand = adjusted - moved by sales.
CREATE TABLE stock_adjustment (
	scope TEXT NOT NULL,
	sku TEXT NOT NULL,
	adjusted_milli INTEGER NOT NULL,
	PRIMARY KEY (scope, sku)
) STRICT, WITHOUT ROWID;

-- The feed: numbered per scope without gaps. floor: the oldest cursor that can still be served.
CREATE TABLE scope (
	name TEXT PRIMARY KEY,
	head INTEGER NOT NULL,
	floor INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE feed (
	scope TEXT NOT NULL,
	seq INTEGER NOT NULL,
	collection TEXT NOT NULL,
	key TEXT NOT NULL,
	value TEXT, -- canonical JSON; NULL: deleted
	PRIMARY KEY (scope, seq)
) STRICT, WITHOUT ROWID;

-- The collections (app/domain/collection.h): the same columns, with the scope in front.
CREATE TABLE item (
	scope TEXT NOT NULL,
	sku TEXT NOT NULL,
	name TEXT NOT NULL,
	variant TEXT NOT NULL,
	style TEXT NOT NULL,
	category TEXT NOT NULL,
	tags TEXT NOT NULL,
	brand TEXT NOT NULL,
	unit TEXT NOT NULL,
	weighed INTEGER NOT NULL,
	tax_class TEXT NOT NULL,
	plu TEXT NOT NULL,
	active INTEGER NOT NULL,
	stocked INTEGER NOT NULL,
	PRIMARY KEY (scope, sku)
) STRICT, WITHOUT ROWID;
CREATE INDEX item_plu ON item (plu) WHERE plu <> '';

CREATE TABLE barcode (
	scope TEXT NOT NULL,
	code TEXT NOT NULL,
	sku TEXT NOT NULL,
	PRIMARY KEY (scope, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE price (
	scope TEXT NOT NULL,
	list TEXT NOT NULL,
	sku TEXT NOT NULL,
	min_quantity_milli INTEGER NOT NULL,
	valid_from_ms INTEGER NOT NULL,
	valid_to_ms INTEGER NOT NULL,
	price_minor INTEGER NOT NULL,
	PRIMARY KEY (scope, list, sku, min_quantity_milli, valid_from_ms)
) STRICT, WITHOUT ROWID;

CREATE TABLE tax (
	scope TEXT NOT NULL,
	tax_class TEXT NOT NULL,
	id TEXT NOT NULL,
	name TEXT NOT NULL,
	rate_ppm INTEGER NOT NULL,
	inclusive INTEGER NOT NULL,
	ordinal INTEGER NOT NULL,
	PRIMARY KEY (scope, tax_class, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE staff (
	scope TEXT NOT NULL,
	id TEXT NOT NULL,
	name TEXT NOT NULL,
	role TEXT NOT NULL,
	pin_hash TEXT NOT NULL,
	active INTEGER NOT NULL,
	PRIMARY KEY (scope, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (
	scope TEXT NOT NULL,
	name TEXT NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (scope, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE stock (
	scope TEXT NOT NULL,
	sku TEXT NOT NULL,
	on_hand_milli INTEGER NOT NULL,
	PRIMARY KEY (scope, sku)
) STRICT, WITHOUT ROWID;

CREATE TABLE customer (
	scope TEXT NOT NULL,
	id TEXT NOT NULL,
	name TEXT NOT NULL,
	email TEXT NOT NULL,
	phone TEXT NOT NULL,
	loyalty TEXT NOT NULL,
	PRIMARY KEY (scope, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE promotion (
	scope TEXT NOT NULL,
	id TEXT NOT NULL,
	version INTEGER NOT NULL,
	body TEXT NOT NULL,
	PRIMARY KEY (scope, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE exception (
	scope TEXT NOT NULL,
	id TEXT NOT NULL,
	code TEXT NOT NULL,
	severity TEXT NOT NULL,
	words TEXT NOT NULL,
	txn TEXT NOT NULL,
	raised_ms INTEGER NOT NULL,
	deadline_ms INTEGER NOT NULL,
	resolved INTEGER NOT NULL,
	PRIMARY KEY (scope, id)
) STRICT, WITHOUT ROWID;
