-- SPDX-License-Identifier: Apache-2.0
-- The central's own books of orders. The collections of 0008 tell stores of them; what counts stands here.

CREATE TABLE order_book (
	id TEXT PRIMARY KEY,
	number TEXT NOT NULL UNIQUE,
	channel TEXT NOT NULL,
	customer TEXT NOT NULL,
	customer_name TEXT NOT NULL,
	status TEXT NOT NULL,
	placed_ms INTEGER NOT NULL,
	version INTEGER NOT NULL,
	events INTEGER NOT NULL, -- number of the timeline's last
	record TEXT NOT NULL, -- order-record.h
	priced TEXT NOT NULL -- the lines as they were priced when it was placed: what is given up costs its share of them
) STRICT, WITHOUT ROWID;
CREATE INDEX order_book_placed ON order_book (placed_ms, id);
CREATE INDEX order_book_customer ON order_book (customer, placed_ms) WHERE customer <> '';

-- Its parts; row: as the collection "fulfilment" tells it.
CREATE TABLE order_part (
	id TEXT PRIMARY KEY,
	order_id TEXT NOT NULL REFERENCES order_book (id),
	position INTEGER NOT NULL,
	store_code TEXT NOT NULL REFERENCES store (code),
	state TEXT NOT NULL,
	expires_ms INTEGER NOT NULL, -- 0: no end, or told already
	row TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX order_part_order ON order_part (order_id, position);
CREATE INDEX order_part_expires ON order_part (expires_ms) WHERE expires_ms > 0;

-- The stores that are told of an order: every one that has, or had, a part.
CREATE TABLE order_store (
	order_id TEXT NOT NULL REFERENCES order_book (id),
	store_code TEXT NOT NULL REFERENCES store (code),
	PRIMARY KEY (order_id, store_code)
) STRICT, WITHOUT ROWID;

CREATE TABLE order_log (
	order_id TEXT NOT NULL REFERENCES order_book (id),
	seq INTEGER NOT NULL,
	fulfilment TEXT NOT NULL, -- '': of the whole order
	at_ms INTEGER NOT NULL,
	channel TEXT NOT NULL,
	who TEXT NOT NULL,
	kind TEXT NOT NULL,
	words TEXT NOT NULL,
	PRIMARY KEY (order_id, seq)
) STRICT, WITHOUT ROWID;

-- What is promised: goods of a part that lie in its store and are neither handed over nor given up.
CREATE TABLE reservation (
	fulfilment TEXT NOT NULL,
	line INTEGER NOT NULL,
	store_code TEXT NOT NULL,
	sku TEXT NOT NULL,
	milli INTEGER NOT NULL CHECK (milli > 0),
	PRIMARY KEY (fulfilment, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX reservation_sku ON reservation (store_code, sku);

-- What parts took off stock so far, and so what they would give back.
CREATE TABLE order_taken (
	fulfilment TEXT NOT NULL,
	line INTEGER NOT NULL,
	store_code TEXT NOT NULL,
	sku TEXT NOT NULL,
	milli INTEGER NOT NULL,
	PRIMARY KEY (fulfilment, line)
) STRICT, WITHOUT ROWID;

-- Which of the tills' entries were done to which part.
CREATE TABLE order_step (
	txn BLOB PRIMARY KEY,
	fulfilment TEXT NOT NULL,
	kind TEXT NOT NULL,
	reverses BLOB -- the step that this one took back
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX order_step_reverses ON order_step (reverses) WHERE reverses IS NOT NULL;

-- Answers to requests that may come twice.
CREATE TABLE idempotency (
	who TEXT NOT NULL, -- name of the key, or the terminal
	name TEXT NOT NULL,
	request BLOB NOT NULL, -- hash of method, address and body
	status INTEGER NOT NULL,
	content_type TEXT NOT NULL,
	body BLOB NOT NULL,
	headers TEXT NOT NULL, -- name and value by turns, a line each
	at_ms INTEGER NOT NULL,
	PRIMARY KEY (who, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_at ON idempotency (at_ms);

-- Of what is on hand, how much is promised.
ALTER TABLE stock ADD COLUMN reserved_milli INTEGER NOT NULL DEFAULT 0;

-- People found by the beginning of a name.
CREATE INDEX customer_name ON customer (name COLLATE NOCASE, id);
CREATE INDEX cart_customer ON cart (customer) WHERE status = 'open';
