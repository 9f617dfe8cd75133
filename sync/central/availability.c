/* SPDX-License-Identifier: Apache-2.0 */
#include "availability.h"

#include "changes.h"
#include "quantity.h"
#include "rules.h"
#include "text.h"

static gboolean
read_safety(TillDb *db, const char *store_code, gint64 *out, GError **error)
{
	g_autofree char *text =
	    till_rules_setting(db, store_code, "safety_stock_milli", "0", error);

	if (text == NULL)
		return FALSE;
	if (!till_text_parse_int(text, 0, TILL_QUANTITY_MAX_MILLI, out))
		*out = 0;
	return TRUE;
}

/* Whether stock is kept of an item at all; of an unknown one it is. */
static gboolean
is_counted(TillDb *db, const char *sku, gboolean *out, GError **error)
{
	TillDbQuery *query =
	    till_db_query(db, "SELECT stocked FROM item WHERE scope = 'chain' AND sku = ?1");
	gint64 stocked;

	till_db_bind_text(query, 1, sku);
	if (!till_db_fetch_int(query, 1, &stocked, error))
		return FALSE;
	*out = stocked != 0;
	return TRUE;
}

gboolean
till_availability_read(TillDb *db, const char *store_code, const char *sku, TillAvailability *out,
		       GError **error)
{
	TillDbQuery *query = till_db_query(
	    db, "SELECT on_hand_milli, reserved_milli FROM stock WHERE scope = ?1 AND sku = ?2");
	TillAvailability found = {.counted = TRUE};
	char scope[TILL_CHANGES_SCOPE_MAX];
	g_autoptr(GError) local = NULL;

	till_db_bind_text(query, 1, till_changes_scope(store_code, scope));
	till_db_bind_text(query, 2, sku);
	if (till_db_step(query, &local)) {
		found.on_hand_milli = till_db_int(query, 0);
		found.reserved_milli = till_db_int(query, 1);
		till_db_reset(query);
	}
	if (local != NULL || !is_counted(db, sku, &found.counted, &local) ||
	    !read_safety(db, store_code, &found.safety_milli, &local)) {
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	found.available_milli = found.on_hand_milli - found.reserved_milli - found.safety_milli;
	*out = found;
	return TRUE;
}
