-- SPDX-License-Identifier: Apache-2.0
-- Each use of an offer that is limited, for ever: what promotion_use and coupon_use count, and where the other uses of
-- a coupon were. customer: '' where the offer does not count single customers.

CREATE TABLE offer_use (
	kind TEXT NOT NULL, -- 'promotion' or 'coupon'
	name TEXT NOT NULL, -- its id, or the code in capitals
	txn BLOB NOT NULL,
	store_code TEXT NOT NULL,
	customer TEXT NOT NULL,
	spent_minor INTEGER NOT NULL,
	PRIMARY KEY (kind, name, txn)
) STRICT, WITHOUT ROWID;
