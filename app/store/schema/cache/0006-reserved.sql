-- SPDX-License-Identifier: Apache-2.0
-- cache.db, version 6: of what is on hand, how much is promised to orders.

ALTER TABLE stock ADD COLUMN reserved_milli INTEGER NOT NULL DEFAULT 0;

-- What is promised is heard with the next whole cache.
UPDATE cursor SET epoch = 'upgraded' WHERE scope = 'chain';
