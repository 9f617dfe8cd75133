-- SPDX-License-Identifier: Apache-2.0
-- The collections of carts, orders and pickups (app/domain/collection.h), with the scope in front.

CREATE TABLE cart (
	scope TEXT NOT NULL,
	id TEXT NOT NULL,
	customer TEXT NOT NULL,
	channel TEXT NOT NULL,
	version INTEGER NOT NULL,
	status TEXT NOT NULL,
	place TEXT NOT NULL,
	body TEXT NOT NULL,
	updated_ms INTEGER NOT NULL,
	PRIMARY KEY (scope, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE pickup_key (
	scope TEXT NOT NULL,
	id INTEGER NOT NULL,
	key TEXT NOT NULL,
	from_ms INTEGER NOT NULL,
	to_ms INTEGER NOT NULL,
	PRIMARY KEY (scope, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE sales_order (
	scope TEXT NOT NULL,
	id TEXT NOT NULL,
	number TEXT NOT NULL,
	channel TEXT NOT NULL,
	customer TEXT NOT NULL,
	customer_name TEXT NOT NULL,
	status TEXT NOT NULL,
	currency TEXT NOT NULL,
	total_minor INTEGER NOT NULL,
	placed_ms INTEGER NOT NULL,
	version INTEGER NOT NULL,
	body TEXT NOT NULL,
	PRIMARY KEY (scope, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE fulfilment (
	scope TEXT NOT NULL,
	id TEXT NOT NULL,
	order_id TEXT NOT NULL,
	number TEXT NOT NULL,
	customer_name TEXT NOT NULL,
	kind TEXT NOT NULL,
	state TEXT NOT NULL,
	promise_ms INTEGER NOT NULL,
	expires_ms INTEGER NOT NULL,
	arrived_ms INTEGER NOT NULL,
	arrival TEXT NOT NULL,
	place TEXT NOT NULL,
	serial INTEGER NOT NULL,
	version INTEGER NOT NULL,
	updated_ms INTEGER NOT NULL,
	body TEXT NOT NULL,
	PRIMARY KEY (scope, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE order_event (
	scope TEXT NOT NULL,
	order_id TEXT NOT NULL,
	seq INTEGER NOT NULL,
	at_ms INTEGER NOT NULL,
	channel TEXT NOT NULL,
	who TEXT NOT NULL,
	kind TEXT NOT NULL,
	words TEXT NOT NULL,
	PRIMARY KEY (scope, order_id, seq)
) STRICT, WITHOUT ROWID;
