-- SPDX-License-Identifier: Apache-2.0
-- The collections of returns (app/domain/collection.h), with the scope in front.

CREATE TABLE return_policy (
	scope TEXT NOT NULL,
	id TEXT NOT NULL,
	version INTEGER NOT NULL,
	body TEXT NOT NULL,
	since INTEGER NOT NULL DEFAULT 0, -- of the feed; what it replaced is kept in past
	PRIMARY KEY (scope, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE terminal_key (
	scope TEXT NOT NULL,
	terminal TEXT NOT NULL,
	store TEXT NOT NULL,
	till TEXT NOT NULL,
	key TEXT NOT NULL,
	from_ms INTEGER NOT NULL,
	to_ms INTEGER NOT NULL,
	PRIMARY KEY (scope, terminal)
) STRICT, WITHOUT ROWID;
CREATE INDEX terminal_key_key ON terminal_key (key);

-- With row numbers, since bodies are long: they then lie beside the tree that is searched, and not in it.
CREATE TABLE past_sale (
	scope TEXT NOT NULL,
	receipt TEXT NOT NULL,
	txn TEXT NOT NULL,
	order_id TEXT NOT NULL,
	channel TEXT NOT NULL,
	sold_ms INTEGER NOT NULL,
	customer TEXT NOT NULL,
	customer_name TEXT NOT NULL,
	card_last4 TEXT NOT NULL,
	total_minor INTEGER NOT NULL,
	body TEXT NOT NULL,
	PRIMARY KEY (scope, receipt)
) STRICT;
CREATE INDEX past_sale_sold ON past_sale (sold_ms);

CREATE TABLE credit (
	scope TEXT NOT NULL,
	code TEXT NOT NULL,
	amount_minor INTEGER NOT NULL,
	balance_minor INTEGER NOT NULL,
	currency TEXT NOT NULL,
	expires_ms INTEGER NOT NULL,
	issued_ms INTEGER NOT NULL,
	PRIMARY KEY (scope, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE stock_aside (
	scope TEXT NOT NULL,
	sku TEXT NOT NULL,
	disposition TEXT NOT NULL,
	milli INTEGER NOT NULL,
	PRIMARY KEY (scope, sku, disposition)
) STRICT, WITHOUT ROWID;

-- Terminals that were enrolled before. A till that knows these rows takes a whole new cache, so no feed tells them.
INSERT INTO terminal_key (scope, terminal, store, till, key, from_ms, to_ms)
	SELECT 'chain', terminal_id, store_code, till_number, lower(hex(public_key)), enrolled_ms, 0 FROM terminal;
