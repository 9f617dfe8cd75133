-- SPDX-License-Identifier: Apache-2.0
-- What offers go by: who a customer is to us, and how often limited offers and coupons were used (customer '': by
-- everybody).

ALTER TABLE customer ADD COLUMN groups TEXT NOT NULL DEFAULT '';
ALTER TABLE customer ADD COLUMN segments TEXT NOT NULL DEFAULT '';
ALTER TABLE customer ADD COLUMN purchases INTEGER NOT NULL DEFAULT 0;
ALTER TABLE customer ADD COLUMN offers INTEGER NOT NULL DEFAULT 1;

CREATE INDEX customer_loyalty ON customer (loyalty) WHERE loyalty <> '';
CREATE INDEX customer_email ON customer (email COLLATE NOCASE) WHERE email <> '';
CREATE INDEX customer_phone ON customer (
	replace(replace(replace(replace(phone, ' ', ''), '-', ''), '(', ''), ')', '')) WHERE phone <> '';

-- Prices of one item, whichever list they stand in.
CREATE INDEX price_sku ON price (sku);

CREATE TABLE promotion_use (
	scope TEXT NOT NULL,
	promotion TEXT NOT NULL,
	customer TEXT NOT NULL,
	uses INTEGER NOT NULL,
	spent_minor INTEGER NOT NULL,
	PRIMARY KEY (scope, promotion, customer)
) STRICT, WITHOUT ROWID;

CREATE TABLE coupon_use (
	scope TEXT NOT NULL,
	code TEXT NOT NULL,
	customer TEXT NOT NULL,
	uses INTEGER NOT NULL,
	PRIMARY KEY (scope, code, customer)
) STRICT, WITHOUT ROWID;

-- Promotions that were ended: one that comes back needs a higher version than it had.
CREATE TABLE promotion_ended (
	id TEXT PRIMARY KEY,
	version INTEGER NOT NULL,
	ended_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
