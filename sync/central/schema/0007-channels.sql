-- SPDX-License-Identifier: Apache-2.0
-- Who may ask besides the tills: a web shop, an app, a support desk. A key is kept as its hash and never shown again.

CREATE TABLE channel_key (
	name TEXT PRIMARY KEY,
	channel TEXT NOT NULL,
	key_hash BLOB NOT NULL UNIQUE,
	created_ms INTEGER NOT NULL,
	revoked_ms INTEGER NOT NULL DEFAULT 0 -- 0: it counts
) STRICT, WITHOUT ROWID;

-- What a quote asks for: the use of offers by one customer, and a SKU in whatever letters it was typed.
CREATE INDEX promotion_use_customer ON promotion_use (customer);
CREATE INDEX item_sku_any_case ON item (sku COLLATE NOCASE);
