-- SPDX-License-Identifier: Apache-2.0
-- What offers go by: who a customer is to us, and how often limited offers and coupons were used (customer '': by
-- everybody). An earlier release passed over these columns and collections when the feed told them, so a cache that is
-- upgraded asks for a whole new one: no central has this epoch. Until it comes, the old one serves.

ALTER TABLE customer ADD COLUMN groups TEXT NOT NULL DEFAULT '';
ALTER TABLE customer ADD COLUMN segments TEXT NOT NULL DEFAULT '';
ALTER TABLE customer ADD COLUMN purchases INTEGER NOT NULL DEFAULT 0;
ALTER TABLE customer ADD COLUMN offers INTEGER NOT NULL DEFAULT 1;

CREATE INDEX customer_loyalty ON customer (loyalty) WHERE loyalty <> '';
CREATE INDEX customer_email ON customer (email COLLATE NOCASE) WHERE email <> '';
CREATE INDEX customer_phone ON customer (
  replace(replace(replace(replace(phone, ' ', ''), '-', ''), '(', ''), ')', '')) WHERE phone <> '';

CREATE TABLE promotion_use (
  promotion TEXT NOT NULL,
  customer TEXT NOT NULL DEFAULT '',
  uses INTEGER NOT NULL DEFAULT 0,
  spent_minor INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (promotion, customer)
) STRICT, WITHOUT ROWID;

CREATE TABLE coupon_use (
  code TEXT NOT NULL,
  customer TEXT NOT NULL DEFAULT '',
  uses INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (code, customer)
) STRICT, WITHOUT ROWID;

UPDATE cursor SET epoch = 'upgraded' WHERE scope = 'chain';
