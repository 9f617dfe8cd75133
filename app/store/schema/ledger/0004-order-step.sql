-- SPDX-License-Identifier: Apache-2.0
-- What this till's own steps did to the fulfilment of an order, until the store's feed has told it back or the central
-- holds it; then it is pruned.
CREATE TABLE order_step (
  position INTEGER PRIMARY KEY REFERENCES journal (position),
  fulfilment BLOB NOT NULL CHECK (length(fulfilment) = 16)
) STRICT;
