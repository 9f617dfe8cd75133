-- SPDX-License-Identifier: Apache-2.0
-- cache.db, version 1: what the central told us. The terminal keeps it by the feed; the central builds snapshots
-- with this same file, sets user_version to its number, fills the tables and the cursors. Each collection of
-- the feed is the table of its name; rows come as INSERT … ON CONFLICT (key) DO UPDATE.
-- Search follows by triggers and needs no function of ours. A builder should bring all items by one statement (INSERT INTO
-- item (…) SELECT … FROM a temporary table): FTS5 writes its index out at each statement that fires a trigger,
-- which by single rows takes four times as long. Then, once:
--   INSERT INTO item_words (item_words) VALUES ('optimize'); INSERT INTO item_head (item_head) VALUES ('optimize');

CREATE TABLE meta (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE cursor (
  scope TEXT NOT NULL PRIMARY KEY,
  epoch TEXT NOT NULL,
  seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE item (
  id INTEGER PRIMARY KEY,
  sku TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  variant TEXT NOT NULL DEFAULT '',
  style TEXT NOT NULL DEFAULT '',
  category TEXT NOT NULL DEFAULT '',
  tags TEXT NOT NULL DEFAULT '',
  brand TEXT NOT NULL DEFAULT '',
  unit TEXT NOT NULL DEFAULT 'ea',
  weighed INTEGER NOT NULL DEFAULT 0,
  tax_class TEXT NOT NULL DEFAULT 'standard',
  plu TEXT NOT NULL DEFAULT '',
  active INTEGER NOT NULL DEFAULT 1,
  stocked INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE INDEX item_sku_any_case ON item (sku COLLATE NOCASE);
CREATE INDEX item_plu ON item (plu) WHERE plu <> '';

CREATE TABLE barcode (
  code TEXT NOT NULL PRIMARY KEY,
  sku TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE price (
  list TEXT NOT NULL,
  sku TEXT NOT NULL,
  min_quantity_milli INTEGER NOT NULL DEFAULT 0,
  valid_from_ms INTEGER NOT NULL DEFAULT 0,
  valid_to_ms INTEGER NOT NULL DEFAULT 0,
  price_minor INTEGER NOT NULL,
  PRIMARY KEY (sku, list, min_quantity_milli, valid_from_ms)
) STRICT, WITHOUT ROWID;

CREATE TABLE tax (
  tax_class TEXT NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  rate_ppm INTEGER NOT NULL,
  inclusive INTEGER NOT NULL,
  ordinal INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (tax_class, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE staff (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  pin_hash TEXT NOT NULL,
  active INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE stock (
  sku TEXT NOT NULL PRIMARY KEY,
  on_hand_milli INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE customer (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  email TEXT NOT NULL DEFAULT '',
  phone TEXT NOT NULL DEFAULT '',
  loyalty TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;

CREATE TABLE promotion (
  id TEXT NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL DEFAULT 1,
  body TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE exception (
  id TEXT NOT NULL PRIMARY KEY,
  code TEXT NOT NULL,
  severity TEXT NOT NULL,
  words TEXT NOT NULL,
  txn TEXT NOT NULL DEFAULT '',
  raised_ms INTEGER NOT NULL,
  deadline_ms INTEGER NOT NULL DEFAULT 0,
  resolved INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- Search. item_words holds the words of active items, item_head each name as a single token (every kind of character
-- is part of it), so that its term list is an index of folded names in order. Neither keeps a copy of the
-- text; both fold case and accents. Letters without a decomposition are written out before, where a text holds more
-- than ASCII at all.
CREATE VIEW item_text (id, head, words) AS
SELECT id,
  CASE WHEN name NOT GLOB '*[^ -~]*' THEN name ELSE
    replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(name,
    'ß', 'ss'), 'ẞ', 'ss'), 'ø', 'o'), 'Ø', 'o'), 'ł', 'l'), 'Ł', 'l'), 'đ', 'd'), 'Đ', 'd'),
    'æ', 'ae'), 'Æ', 'ae'), 'œ', 'oe'), 'Œ', 'oe') END,
  CASE WHEN words NOT GLOB '*[^ -~]*' THEN words ELSE
    replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(words,
    'ß', 'ss'), 'ẞ', 'ss'), 'ø', 'o'), 'Ø', 'o'), 'ł', 'l'), 'Ł', 'l'), 'đ', 'd'), 'Đ', 'd'),
    'æ', 'ae'), 'Æ', 'ae'), 'œ', 'oe'), 'Œ', 'oe') END
FROM (SELECT id, name, name || ' ' || variant || ' ' || brand AS words FROM item WHERE active = 1);

CREATE VIRTUAL TABLE item_words USING fts5 (
  words, content = '', detail = none, columnsize = 0, prefix = '1 2 3 4 5 6 7',
  tokenize = "unicode61 remove_diacritics 2"
);

CREATE VIRTUAL TABLE item_head USING fts5 (
  head, content = '', detail = none, columnsize = 0,
  tokenize = "unicode61 remove_diacritics 2 categories 'L* M* N* P* S* Zs Co'"
);

CREATE VIRTUAL TABLE item_head_term USING fts5vocab (item_head, instance);

CREATE TRIGGER item_comes AFTER INSERT ON item
BEGIN
  INSERT INTO item_words (rowid, words) SELECT id, words FROM item_text WHERE id = new.id;
  INSERT INTO item_head (rowid, head) SELECT id, head FROM item_text WHERE id = new.id;
END;

-- Taking a row out of an index without content needs the text it was put in with, so this runs before.
CREATE TRIGGER item_leaves BEFORE DELETE ON item
BEGIN
  INSERT INTO item_words (item_words, rowid, words)
    SELECT 'delete', id, words FROM item_text WHERE id = old.id;
  INSERT INTO item_head (item_head, rowid, head)
    SELECT 'delete', id, head FROM item_text WHERE id = old.id;
END;

CREATE TRIGGER item_text_leaves BEFORE UPDATE ON item
WHEN (old.name, old.variant, old.brand, old.active) IS NOT (new.name, new.variant, new.brand, new.active)
BEGIN
  INSERT INTO item_words (item_words, rowid, words)
    SELECT 'delete', id, words FROM item_text WHERE id = old.id;
  INSERT INTO item_head (item_head, rowid, head)
    SELECT 'delete', id, head FROM item_text WHERE id = old.id;
END;

CREATE TRIGGER item_text_comes AFTER UPDATE ON item
WHEN (old.name, old.variant, old.brand, old.active) IS NOT (new.name, new.variant, new.brand, new.active)
BEGIN
  INSERT INTO item_words (rowid, words) SELECT id, words FROM item_text WHERE id = new.id;
  INSERT INTO item_head (rowid, head) SELECT id, head FROM item_text WHERE id = new.id;
END;
