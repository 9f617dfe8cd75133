/* SPDX-License-Identifier: Apache-2.0 */
#include "register-private.h"

/* ---- Rules for a shopper ---- */

typedef struct {
	TillShopper shopper;  /* owned */
	TillPriceRules rules; /* owned */
	TillRegisterRulesCb cb;
	gpointer user;
} RulesJob;

static void
free_rules_job(gpointer data)
{
	RulesJob *job = data;
	till_shopper_clear(&job->shopper);
	till_price_rules_clear(&job->rules);
	g_free(job);
}

static gboolean
run_rules(gpointer owner, gpointer data, GError **error)
{
	RulesJob *job = data;
	return till_catalog_rules(owner, &job->shopper, &job->rules, error);
}

static RulesJob *
create_rules_job(const TillShopper *shopper)
{
	RulesJob *job = g_new0(RulesJob, 1);
	if (shopper != NULL)
		till_shopper_set(&job->shopper, shopper);
	return job;
}

gboolean
till_register_rules(TillRegister *reg, const TillShopper *shopper, TillPriceRules *out,
		    GError **error)
{
	RulesJob *job = create_rules_job(shopper);
	gboolean is_read = till_worker_call(till_store_worker(reg->store), run_rules, job, error);
	if (is_read)
		till_price_rules_copy(out, &job->rules);
	free_rules_job(job);
	return is_read;
}

static void
rules_done_cb(gpointer data, const GError *error, gpointer user)
{
	(void)user;
	RulesJob *job = data;
	job->cb(error == NULL ? &job->rules : NULL, error, job->user);
}

void
till_register_rules_async(TillRegister *reg, const TillShopper *shopper, gpointer receiver,
			  TillRegisterRulesCb cb, gpointer user)
{
	RulesJob *job = create_rules_job(shopper);
	job->cb = cb;
	job->user = user;
	till_worker_post(till_store_worker(reg->store), run_rules, job, free_rules_job, receiver,
			 rules_done_cb, NULL);
}

/* ---- The moment ---- */

void
till_register_moment(TillRegister *reg, const TillRegisterShop *shop, TillPriceMoment *out)
{
	gint64 now_ms = till_clock_wall_ms(till_store_clock(reg->store));
	g_autoptr(GDateTime) local = till_register_private_local(now_ms, shop->time_zone);
	*out = (TillPriceMoment){
	    .now_ms = now_ms,
	    .weekday = (guint)g_date_time_get_day_of_week(local) - 1,
	    .minute = (guint)(g_date_time_get_hour(local) * 60 + g_date_time_get_minute(local)),
	    .channel = TILL_CHANNEL_STORE,
	    .store = shop->store_code,
	};
}

TillPriced *
till_register_price(TillRegister *reg, const TillRegisterShop *shop, const TillBasket *basket,
		    GError **error)
{
	TillPriceMoment moment;
	till_register_moment(reg, shop, &moment);
	return till_price_for(basket, &shop->rules, &moment, error);
}
