-- SPDX-License-Identifier: Apache-2.0
-- cache.db, version 5: carts that travel, orders with their fulfilments and timelines, the keys of pickup codes.

CREATE TABLE cart (
  id TEXT NOT NULL,
  customer TEXT NOT NULL DEFAULT '',
  channel TEXT NOT NULL DEFAULT '',
  version INTEGER NOT NULL DEFAULT 1,
  status TEXT NOT NULL DEFAULT 'open',
  place TEXT NOT NULL DEFAULT '',
  body TEXT NOT NULL,
  updated_ms INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE pickup_key (
  id INTEGER NOT NULL,
  key TEXT NOT NULL,
  from_ms INTEGER NOT NULL DEFAULT 0,
  to_ms INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE sales_order (
  id TEXT NOT NULL,
  number TEXT NOT NULL,
  channel TEXT NOT NULL DEFAULT '',
  customer TEXT NOT NULL DEFAULT '',
  customer_name TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL DEFAULT 'open',
  currency TEXT NOT NULL DEFAULT '',
  total_minor INTEGER NOT NULL DEFAULT 0,
  placed_ms INTEGER NOT NULL DEFAULT 0,
  version INTEGER NOT NULL DEFAULT 1,
  body TEXT NOT NULL,
  PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE fulfilment (
  id TEXT NOT NULL,
  order_id TEXT NOT NULL,
  number TEXT NOT NULL,
  customer_name TEXT NOT NULL DEFAULT '',
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  promise_ms INTEGER NOT NULL DEFAULT 0,
  expires_ms INTEGER NOT NULL DEFAULT 0,
  arrived_ms INTEGER NOT NULL DEFAULT 0,
  arrival TEXT NOT NULL DEFAULT '',
  place TEXT NOT NULL DEFAULT '',
  serial INTEGER NOT NULL DEFAULT 0,
  version INTEGER NOT NULL DEFAULT 1,
  updated_ms INTEGER NOT NULL DEFAULT 0,
  body TEXT NOT NULL,
  PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE order_event (
  order_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  channel TEXT NOT NULL DEFAULT '',
  who TEXT NOT NULL DEFAULT '',
  kind TEXT NOT NULL,
  words TEXT NOT NULL,
  PRIMARY KEY (order_id, seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX cart_customer ON cart (customer) WHERE status = 'open';
CREATE INDEX sales_order_number ON sales_order (number COLLATE NOCASE);
CREATE INDEX sales_order_customer ON sales_order (customer) WHERE customer <> '';
CREATE INDEX sales_order_customer_name ON sales_order (customer_name COLLATE NOCASE);
CREATE INDEX sales_order_placed ON sales_order (placed_ms);
CREATE INDEX fulfilment_order ON fulfilment (order_id);
CREATE INDEX fulfilment_state ON fulfilment (state, promise_ms);

-- An earlier release passed over these collections when the feed told them: such a cache asks for a whole new one, and
-- sells by what it has until that comes.
UPDATE cursor SET epoch = 'upgraded' WHERE scope = 'chain';
