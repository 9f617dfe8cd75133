-- SPDX-License-Identifier: Apache-2.0
-- Finding people at the counter: by the end of a phone number (people leave out what stands before), by the beginning
-- of first or last name. And the use of offers by everybody apart from that by single customers, so that rules are
-- read without a walk over all customers.

DROP INDEX customer_phone;

CREATE INDEX customer_phone_end ON customer (
  substr(replace(replace(replace(replace(replace(replace(replace(phone, ' ', ''), '-', ''), '(', ''), ')', ''), '.', ''), '/', ''), '+', ''), -7)
) WHERE phone <> '';
CREATE INDEX customer_name ON customer (name COLLATE NOCASE);
CREATE INDEX customer_last_name ON customer (substr(name, instr(name, ' ') + 1) COLLATE NOCASE);

CREATE INDEX promotion_use_everybody ON promotion_use (promotion, uses, spent_minor) WHERE customer = '';
CREATE INDEX promotion_use_customer ON promotion_use (customer) WHERE customer <> '';
