-- SPDX-License-Identifier: Apache-2.0
-- What this till took back of a sale or order, and from whom: looked up before each return. Bodies are canonical JSON, so that
-- the first "txn" of a return is that of its source, and no text inside one can look like a key. Reading them as JSON would
-- need functions that SQLite does not trust in a schema.
CREATE INDEX journal_return_source ON journal (
  substr(CAST(body AS TEXT), instr(CAST(body AS TEXT), '"txn":"') + 7, 36)
) WHERE type = 'return';

CREATE INDEX journal_return_customer ON journal (
  CASE WHEN instr(CAST(body AS TEXT), '"customer":{"id":"') > 0 THEN
    substr(CAST(body AS TEXT), instr(CAST(body AS TEXT), '"customer":{"id":"') + 18,
      instr(substr(CAST(body AS TEXT), instr(CAST(body AS TEXT), '"customer":{"id":"') + 18), '"') - 1)
  END, wall_ms
) WHERE type = 'return';
