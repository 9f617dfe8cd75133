-- SPDX-License-Identifier: Apache-2.0
-- Returns in the books: what came back of what, what went out instead, which payments it went back to, credit.

CREATE TABLE return_book (
	txn BLOB PRIMARY KEY, -- of entry
	terminal INTEGER NOT NULL,
	store_code TEXT NOT NULL,
	receipt TEXT NOT NULL,
	source_kind TEXT NOT NULL,
	source BLOB NOT NULL, -- entry of the sale, or id of the order; zeros: none
	staff_id TEXT NOT NULL,
	approved_by TEXT NOT NULL,
	customer TEXT NOT NULL,
	policy_version INTEGER NOT NULL,
	business_date TEXT NOT NULL,
	closed_ms INTEGER NOT NULL,
	currency TEXT NOT NULL,
	fee_minor INTEGER NOT NULL,
	value_minor INTEGER NOT NULL,
	is_over INTEGER NOT NULL -- more than was left
) STRICT, WITHOUT ROWID;
CREATE INDEX return_book_source ON return_book (source) WHERE source_kind <> 'none';
CREATE INDEX return_book_receipt ON return_book (receipt);
CREATE INDEX return_book_customer ON return_book (customer, closed_ms) WHERE customer <> '';

CREATE TABLE return_line (
	txn BLOB NOT NULL,
	line INTEGER NOT NULL,
	source_line INTEGER NOT NULL,
	sku TEXT NOT NULL,
	quantity_milli INTEGER NOT NULL,
	moved_milli INTEGER NOT NULL, -- back on the shelf; 0 where stock is not kept, or it lies aside
	aside_milli INTEGER NOT NULL,
	disposition TEXT NOT NULL,
	condition TEXT NOT NULL,
	reason TEXT NOT NULL,
	row TEXT NOT NULL, -- of the policy
	fee_minor INTEGER NOT NULL,
	tax_minor INTEGER NOT NULL,
	total_minor INTEGER NOT NULL,
	PRIMARY KEY (txn, line)
) STRICT, WITHOUT ROWID;

-- What went out instead.
CREATE TABLE return_taken (
	txn BLOB NOT NULL,
	line INTEGER NOT NULL,
	sku TEXT NOT NULL,
	quantity_milli INTEGER NOT NULL,
	moved_milli INTEGER NOT NULL,
	tax_minor INTEGER NOT NULL,
	total_minor INTEGER NOT NULL,
	PRIMARY KEY (txn, line)
) STRICT, WITHOUT ROWID;

CREATE TABLE return_refund (
	txn BLOB NOT NULL,
	ordinal INTEGER NOT NULL,
	source BLOB NOT NULL,
	payment INTEGER NOT NULL, -- of the source
	kind TEXT NOT NULL,
	reference TEXT NOT NULL,
	is_carried INTEGER NOT NULL, -- paid for what went out instead
	as_kind TEXT NOT NULL,
	is_intent INTEGER NOT NULL, -- somebody has to give it later
	value_minor INTEGER NOT NULL,
	amount_minor INTEGER NOT NULL,
	code TEXT NOT NULL,
	PRIMARY KEY (txn, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX return_refund_source ON return_refund (source, payment);
CREATE INDEX return_refund_reference ON return_refund (reference) WHERE reference <> '';

-- Store credit, row by row; the balance of the collection "credit" is their sum.
CREATE TABLE credit_row (
	code TEXT NOT NULL,
	txn BLOB NOT NULL,
	ordinal INTEGER NOT NULL,
	at_ms INTEGER NOT NULL,
	amount_minor INTEGER NOT NULL, -- below zero: spent
	PRIMARY KEY (code, txn, ordinal)
) STRICT, WITHOUT ROWID;

-- Entries that wait for the sale they are about.
CREATE TABLE return_wait (
	txn BLOB PRIMARY KEY,
	store_code TEXT NOT NULL,
	source BLOB NOT NULL,
	receipt TEXT NOT NULL,
	since_ms INTEGER NOT NULL,
	is_warned INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX return_wait_source ON return_wait (source);
CREATE INDEX return_wait_receipt ON return_wait (receipt) WHERE receipt <> '';
CREATE INDEX return_wait_store ON return_wait (store_code, since_ms) WHERE is_warned = 0;

-- How a sale is found.
ALTER TABLE sale ADD COLUMN customer TEXT NOT NULL DEFAULT '';
CREATE INDEX sale_receipt ON sale (receipt);
CREATE INDEX sale_customer ON sale (customer, closed_ms) WHERE customer <> '';
CREATE INDEX sale_total ON sale (total_minor, closed_ms);
CREATE INDEX sale_line_sku ON sale_line (sku, txn); -- ids grow with time

DROP INDEX past_sale_sold;
CREATE INDEX past_sale_sold ON past_sale (scope, sold_ms);
