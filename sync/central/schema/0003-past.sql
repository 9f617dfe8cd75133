-- SPDX-License-Identifier: Apache-2.0
-- What the rules were at any number of a feed: each row knows since which number it holds, and what it replaced is
-- kept with the numbers between which that held. A row that is only ever added costs nothing here.

ALTER TABLE item ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
ALTER TABLE price ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tax ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
ALTER TABLE setting ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
ALTER TABLE promotion ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
CREATE INDEX promotion_since ON promotion (scope, since);

CREATE TABLE past (
	scope TEXT NOT NULL,
	collection TEXT NOT NULL,
	about TEXT NOT NULL, -- the SKU of items and prices, else the first column of the key
	key TEXT NOT NULL,
	until INTEGER NOT NULL, -- from this number on it held no more
	since INTEGER NOT NULL,
	value TEXT NOT NULL, -- canonical JSON, as in the feed
	PRIMARY KEY (scope, collection, about, key, until)
) STRICT, WITHOUT ROWID;
-- Prices and items are asked for one by one, rules as a whole.
CREATE INDEX past_rules ON past (scope, collection, until) WHERE collection IN ('promotion', 'tax', 'setting');
CREATE INDEX past_rules_since ON past (scope, collection, since) WHERE collection IN ('promotion', 'tax', 'setting');
