-- SPDX-License-Identifier: Apache-2.0
-- cache.db, version 3: taxes with everything the tax engine offers. Rows that are here already are plain percentages.
ALTER TABLE tax ADD COLUMN kind TEXT NOT NULL DEFAULT 'percent';
ALTER TABLE tax ADD COLUMN amount_milli INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tax ADD COLUMN include_base INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tax ADD COLUMN base_affected INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tax ADD COLUMN threshold TEXT NOT NULL DEFAULT '';
ALTER TABLE tax ADD COLUMN threshold_minor INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tax ADD COLUMN threshold_per_line INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tax ADD COLUMN tax_group TEXT NOT NULL DEFAULT '';
ALTER TABLE tax ADD COLUMN fulfilment TEXT NOT NULL DEFAULT '';

-- An earlier release passed over these columns when the feed told them: such a cache asks for a whole new one, and sells
-- by what it has until that comes.
UPDATE cursor SET epoch = 'upgraded' WHERE scope = 'chain';
