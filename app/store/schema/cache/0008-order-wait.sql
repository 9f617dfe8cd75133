-- SPDX-License-Identifier: Apache-2.0
-- cache.db, version 8: how long shoppers waited outside today is asked at every look at the pickup board.

CREATE INDEX order_event_wait ON order_event (at_ms)
  WHERE kind IN ('outside', 'handed-over', 'part-handed-over');
