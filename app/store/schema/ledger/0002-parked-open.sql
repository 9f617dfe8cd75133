-- SPDX-License-Identifier: Apache-2.0
-- A recalled sale stays until it is paid or parked again, so that a crash in between loses nothing: open while it lies on
-- the counter.
ALTER TABLE parked_sale ADD COLUMN open INTEGER NOT NULL DEFAULT 0 CHECK (open IN (0, 1));
