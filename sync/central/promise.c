/* SPDX-License-Identifier: Apache-2.0 */
#include "promise.h"

#include <string.h>

#include "opening-hours.h"
#include "rules.h"
#include "text.h"

#define DAY_MS G_GINT64_CONSTANT(86400000)
#define MINUTES_MAX 1000000
#define DAYS_MAX 3650
#define ALL_KINDS "pickup,ship,carry-out"

static gboolean
read_number(TillDb *db, const char *store_code, const char *name, gint64 max, gint64 fallback,
	    gint64 *out, GError **error)
{
	g_autofree char *text = till_rules_setting(db, store_code, name, "", error);

	if (text == NULL)
		return FALSE;
	if (!till_text_parse_int(text, 0, max, out))
		*out = fallback;
	return TRUE;
}

static gboolean
read_hours(TillDb *db, const char *store_code, TillOpeningHours *out, GTimeZone **out_zone,
	   GError **error)
{
	g_autofree char *text = till_rules_setting(db, store_code, "opening_hours", "", error);
	g_autofree char *zone =
	    text != NULL ? till_rules_setting(db, store_code, "time_zone", "", error) : NULL;

	if (zone == NULL)
		return FALSE;
	if (!till_opening_hours_parse(text, out, NULL))
		out->count = 0;
	*out_zone = *zone != '\0' ? g_time_zone_new_identifier(zone) : NULL;
	if (*out_zone == NULL)
		*out_zone = g_time_zone_new_utc();
	return TRUE;
}

gboolean
till_promise_expiry(TillDb *db, const char *store_code, TillFulfilmentKind kind, gint64 promise_ms,
		    gint64 *out_ms, GError **error)
{
	gint64 days;

	if (!read_number(db, store_code, "pickup_hold_days", DAYS_MAX, 7, &days, error))
		return FALSE;
	*out_ms = kind == TILL_FULFILMENT_PICKUP ? promise_ms + days * DAY_MS : 0;
	return TRUE;
}

gboolean
till_promise_make(TillDb *db, const char *store_code, TillFulfilmentKind kind, gint64 now_ms,
		  TillPromise *out, GError **error)
{
	gboolean ships = kind == TILL_FULFILMENT_SHIP;
	TillOpeningHours hours;
	GTimeZone *zone = NULL;
	gint64 minutes;

	if (!read_number(db, store_code, ships ? "ship_prep_minutes" : "pickup_prep_minutes",
			 MINUTES_MAX, ships ? 1440 : 120, &minutes, error) ||
	    !read_hours(db, store_code, &hours, &zone, error))
		return FALSE;
	out->promise_ms = kind == TILL_FULFILMENT_CARRY_OUT
			      ? now_ms
			      : till_opening_hours_after(&hours, zone, now_ms, minutes);
	g_time_zone_unref(zone);
	return till_promise_expiry(db, store_code, kind, out->promise_ms, &out->expires_ms, error);
}

gboolean
till_promise_does(TillDb *db, const char *store_code, TillFulfilmentKind kind, gboolean *out,
		  GError **error)
{
	g_autofree char *text = till_rules_setting(db, store_code, "order_kinds", ALL_KINDS, error);
	g_auto(GStrv) kinds = text != NULL ? g_strsplit(text, ",", -1) : NULL;

	if (text == NULL)
		return FALSE;
	*out = FALSE;
	for (char **name = kinds; *name != NULL; name++)
		*out |= strcmp(g_strstrip(*name), till_fulfilment_kind_name(kind)) == 0;
	return TRUE;
}
