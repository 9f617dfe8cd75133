-- SPDX-License-Identifier: Apache-2.0
-- What this till's own sales used of limited offers and coupons, until the chain's feed has told it back; then it is
-- pruned. kind: 0 promotion (offer: its id), 1 coupon (offer: the code in capitals). customer '': nobody known.
CREATE TABLE offer_use (
  position INTEGER NOT NULL REFERENCES journal (position),
  kind INTEGER NOT NULL CHECK (kind IN (0, 1)),
  offer TEXT NOT NULL,
  customer TEXT NOT NULL,
  uses INTEGER NOT NULL,
  spent_minor INTEGER NOT NULL,
  PRIMARY KEY (position, kind, offer)
) STRICT, WITHOUT ROWID;

-- The chain's feed number under which the use of offers shows; 0: none.
ALTER TABLE ack ADD COLUMN chain_seq INTEGER NOT NULL DEFAULT 0;

-- A sale whose price was changed by hand looks its approval up among these.
CREATE INDEX journal_override ON journal (position) WHERE type = 'override';
