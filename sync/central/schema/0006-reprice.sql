-- SPDX-License-Identifier: Apache-2.0
-- How far sales were priced again (by entry.number), and what came of it.

CREATE TABLE reprice (
	one INTEGER PRIMARY KEY CHECK (one = 1),
	mark INTEGER NOT NULL, -- every entry up to it was looked at
	repriced INTEGER NOT NULL,
	unjudged INTEGER NOT NULL,
	mismatched INTEGER NOT NULL
) STRICT;
INSERT INTO reprice VALUES (1, 0, 0, 0, 0);

-- Entries whose body came after the mark had passed them.
CREATE TABLE reprice_late (
	number INTEGER PRIMARY KEY
) STRICT;
