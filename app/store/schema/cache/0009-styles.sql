-- SPDX-License-Identifier: Apache-2.0
-- cache.db, version 9: the sizes and colours of one style, for an exchange.
CREATE INDEX item_style ON item (style) WHERE style <> '';
