-- SPDX-License-Identifier: Apache-2.0
-- cache.db, version 7: returns. The policy, the keys that receipts are signed with, what the store sold of late, store
-- credit, and goods that came back and are not for sale.

CREATE TABLE return_policy (
  id TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  body TEXT NOT NULL,
  PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE terminal_key (
  terminal TEXT NOT NULL,
  store TEXT NOT NULL,
  till TEXT NOT NULL,
  key TEXT NOT NULL,
  from_ms INTEGER NOT NULL DEFAULT 0,
  to_ms INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (terminal)
) STRICT, WITHOUT ROWID;

-- With row numbers, since bodies are long: they then lie beside the tree that is searched, and not in it.
CREATE TABLE past_sale (
  receipt TEXT NOT NULL PRIMARY KEY,
  txn TEXT NOT NULL DEFAULT '',
  order_id TEXT NOT NULL DEFAULT '',
  channel TEXT NOT NULL DEFAULT '',
  sold_ms INTEGER NOT NULL DEFAULT 0,
  customer TEXT NOT NULL DEFAULT '',
  customer_name TEXT NOT NULL DEFAULT '',
  card_last4 TEXT NOT NULL DEFAULT '',
  total_minor INTEGER NOT NULL DEFAULT 0,
  body TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE credit (
  code TEXT NOT NULL,
  amount_minor INTEGER NOT NULL,
  balance_minor INTEGER NOT NULL,
  currency TEXT NOT NULL,
  expires_ms INTEGER NOT NULL DEFAULT 0,
  issued_ms INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (code)
) STRICT, WITHOUT ROWID;

CREATE TABLE stock_aside (
  sku TEXT NOT NULL,
  disposition TEXT NOT NULL,
  milli INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (sku, disposition)
) STRICT, WITHOUT ROWID;

CREATE INDEX terminal_key_till ON terminal_key (store, till);
CREATE INDEX past_sale_txn ON past_sale (txn) WHERE txn <> '';
CREATE INDEX past_sale_order ON past_sale (order_id) WHERE order_id <> '';
CREATE INDEX past_sale_sold ON past_sale (sold_ms);
CREATE INDEX past_sale_customer ON past_sale (customer, sold_ms) WHERE customer <> '';
CREATE INDEX past_sale_customer_name ON past_sale (customer_name COLLATE NOCASE) WHERE customer_name <> '';
CREATE INDEX past_sale_card ON past_sale (card_last4, sold_ms) WHERE card_last4 <> '';

-- Which sales hold an item, newest last: kept by the table itself, so that no writer can forget it. A body that is not
-- JSON has no items.
CREATE TABLE past_sale_item (
  sku TEXT NOT NULL,
  sold_ms INTEGER NOT NULL,
  receipt TEXT NOT NULL,
  PRIMARY KEY (sku, sold_ms, receipt)
) STRICT, WITHOUT ROWID;
CREATE INDEX past_sale_item_receipt ON past_sale_item (receipt);

CREATE TRIGGER past_sale_added AFTER INSERT ON past_sale WHEN json_valid(NEW.body)
BEGIN
  INSERT OR IGNORE INTO past_sale_item (sku, sold_ms, receipt)
    SELECT json_extract(line.value, '$.sku'), NEW.sold_ms, NEW.receipt
    FROM json_each(NEW.body, '$.goods.lines') AS line
    WHERE line.type = 'object' AND json_type(line.value, '$.sku') = 'text';
END;

CREATE TRIGGER past_sale_removed AFTER DELETE ON past_sale
BEGIN
  DELETE FROM past_sale_item WHERE receipt = OLD.receipt;
END;

CREATE TRIGGER past_sale_changed AFTER UPDATE ON past_sale
WHEN NEW.sold_ms <> OLD.sold_ms OR NEW.receipt <> OLD.receipt OR NEW.body <> OLD.body
BEGIN
  DELETE FROM past_sale_item WHERE receipt = OLD.receipt;
  INSERT OR IGNORE INTO past_sale_item (sku, sold_ms, receipt)
    SELECT json_extract(line.value, '$.sku'), NEW.sold_ms, NEW.receipt
    FROM json_each(CASE WHEN json_valid(NEW.body) THEN NEW.body ELSE '{}' END, '$.goods.lines') AS line
    WHERE line.type = 'object' AND json_type(line.value, '$.sku') = 'text';
END;

-- An earlier release passed over these collections when the feed told them.
UPDATE cursor SET epoch = 'upgraded' WHERE scope = 'chain';
