/* SPDX-License-Identifier: Apache-2.0 */
#include "session-private.h"

#include <string.h>

#include "money.h"

/* Prices changed by hand: what it would do, whether this person may, and the second person who lets
 * it pass. A change of many lines is one change: all of them or none, and one undo. */

typedef struct {
	guint line_id;
	TillManual before; /* texts owned */
} Undo;

static void
clear_undo(gpointer data)
{
	till_manual_clear(&((Undo *)data)->before);
}

static GArray *
create_undo(void)
{
	GArray *undo = g_array_new(FALSE, TRUE, sizeof(Undo));

	g_array_set_clear_func(undo, clear_undo);
	return undo;
}

/* ---- what it would do ---- */

/* The price of one unit as the shop has it, whatever a person made of it. */
static gint64
find_unit(const TillPricedLine *priced)
{
	return priced->manual.kind == TILL_MANUAL_PRICE ? priced->manual.original_minor
							: priced->unit_minor;
}

static gboolean
measure(TillSession *self, const TillSessionManual *change, const TillPricedLine *priced,
	TillSessionOutlook *out)
{
	TillRounding rounding = self->shop->rules.rounding;
	TillManual manual = {.kind = change->kind, .value = change->value};

	out->unit_minor = find_unit(priced);
	/* A label's own price is not unit × quantity to the unit. */
	out->list_minor = priced->list_minor;
	if (priced->manual.kind == TILL_MANUAL_PRICE &&
	    !till_money_times_quantity(out->unit_minor, priced->quantity_milli, rounding,
				       &out->list_minor))
		return FALSE;
	if (change->kind != TILL_MANUAL_PRICE) {
		out->paid_minor =
		    out->list_minor - till_manual_discount(&manual, out->list_minor, rounding);
		return change->kind == TILL_MANUAL_AMOUNT ? change->value <= out->list_minor
							  : change->value <= TILL_PPM;
	}
	return till_money_times_quantity(change->value, priced->quantity_milli, rounding,
					 &out->paid_minor);
}

/* Calls see for each line that the change is about; FALSE when one of them says so. */
typedef gboolean (*Visit)(TillSession *self, const TillSessionManual *change, guint index,
			  gpointer user);

static gboolean
visit_lines(TillSession *self, const TillSessionManual *change, Visit see, gpointer user)
{
	for (guint i = 0; i < till_basket_count(self->basket); i++) {
		guint id = till_basket_line(self->basket, i)->id;

		if ((change->everywhere || id == change->line_id) && !see(self, change, i, user))
			return FALSE;
	}
	return TRUE;
}

static gboolean
needs_approval(TillSession *self, TillRole role, const TillSessionOutlook *outlook)
{
	return till_discount_policy_needs_approval(&self->shop->discounts, role,
						   outlook->list_minor, outlook->paid_minor);
}

static gboolean
add_outlook(TillSession *self, const TillSessionManual *change, guint index, gpointer user)
{
	TillSessionOutlook *sum = user;
	TillSessionOutlook one = {0};

	if (!measure(self, change, g_ptr_array_index(self->priced->lines, index), &one))
		return FALSE;
	sum->unit_minor = one.unit_minor;
	sum->list_minor += one.list_minor;
	sum->paid_minor += one.paid_minor;
	sum->lines++;
	sum->needs_approval |= needs_approval(self, self->staff_role, &one);
	return TRUE;
}

gboolean
till_session_manual_outlook(TillSession *self, const TillSessionManual *change,
			    TillSessionOutlook *out)
{
	*out = (TillSessionOutlook){0};
	if (self->priced == NULL || self->shop == NULL)
		return FALSE;
	return visit_lines(self, change, add_outlook, out) && out->lines > 0;
}

char *
till_session_manual_limit(TillSession *self)
{
	const TillManualLimit *limit = &self->shop->discounts.limits[self->staff_role];
	gboolean by_percent = limit->percent_ppm < TILL_PPM;
	gboolean by_amount = limit->amount_minor < G_MAXINT64;
	g_autofree char *percent =
	    till_format_percent(self->format, MIN(limit->percent_ppm, TILL_PPM));
	g_autofree char *amount =
	    by_amount ? till_format_money(self->format, limit->amount_minor) : NULL;

	if (limit->percent_ppm == 0 || limit->amount_minor == 0)
		return g_strdup("Every discount needs another person's approval.");
	if (by_percent && by_amount)
		return g_strdup_printf("On your own: %s off a line, at most %s.", percent, amount);
	if (by_percent || by_amount)
		return g_strdup_printf("On your own: %s off a line.",
				       by_percent ? percent : amount);
	return g_strdup("You need nobody's approval.");
}

const char *const *
till_session_manual_reasons(TillSession *self)
{
	return (const char *const *)self->shop->discounts.reasons;
}

/* ---- doing it ---- */

typedef struct {
	const char *approved_by;
	GArray *undo;
} Applying;

static gboolean
apply_line(TillSession *self, const TillSessionManual *change, guint index, gpointer user)
{
	Applying *applying = user;
	const TillBasketLine *line = till_basket_line(self->basket, index);
	g_autofree char *reason = g_strdup(change->reason);
	g_autofree char *staff = g_strdup(self->staff_id);
	g_autofree char *approved_by = g_strdup(applying->approved_by);
	TillManual manual = {.kind = change->kind,
			     .value = change->value,
			     .reason = reason,
			     .staff = staff,
			     .approved_by = approved_by};
	Undo undo = {.line_id = line->id};

	till_manual_set(&undo.before, &line->manual);
	if (till_basket_set_manual(self->basket, line->id, &manual) != TILL_BASKET_OK) {
		till_manual_clear(&undo.before);
		return FALSE;
	}
	g_array_append_val(applying->undo, undo);
	return TRUE;
}

static void
put_back(TillSession *self, GArray *undo)
{
	for (guint i = 0; i < undo->len; i++) {
		Undo *one = &g_array_index(undo, Undo, i);

		if (till_basket_find(self->basket, one->line_id) == NULL)
			continue;
		(void)till_basket_set_manual(self->basket, one->line_id,
					     one->before.kind == TILL_MANUAL_NONE ? NULL
										  : &one->before);
	}
}

static void
remember_undo(TillSession *self, GArray *undo)
{
	g_clear_pointer(&self->undo_manual, g_array_unref);
	self->undo_manual = undo;
	self->undo_line = FALSE;
}

static void
apply(TillSession *self, const TillSessionManual *change, const char *approved_by)
{
	GArray *undo = create_undo();
	Applying applying = {.approved_by = approved_by, .undo = undo};

	if (!visit_lines(self, change, apply_line, &applying)) {
		put_back(self, undo);
		g_array_unref(undo);
		till_session_notice(self, TILL_NOTICE_ATTENTION, FALSE, "%s",
				    till_basket_words(TILL_BASKET_BAD_MANUAL));
		return;
	}
	remember_undo(self, undo);
	till_session_basket_changed(self);
	till_session_notice(self, TILL_NOTICE_PLAIN, TRUE, "%s",
			    change->kind == TILL_MANUAL_PRICE ? "The price is changed."
							      : "The discount is on.");
}

gboolean
till_session_manual_apply(TillSession *self, const TillSessionManual *change)
{
	TillSessionOutlook outlook;

	if (self->phase != TILL_PHASE_SELLING || self->staff_id == NULL ||
	    !till_session_manual_outlook(self, change, &outlook) || outlook.needs_approval)
		return FALSE;
	apply(self, change, "");
	return TRUE;
}

void
till_session_manual_remove(TillSession *self, guint line_id)
{
	const TillBasketLine *line = till_basket_find(self->basket, line_id);
	Undo undo = {.line_id = line_id};
	GArray *all;

	if (line == NULL || line->manual.kind == TILL_MANUAL_NONE ||
	    self->phase != TILL_PHASE_SELLING)
		return;
	till_manual_set(&undo.before, &line->manual);
	all = create_undo();
	g_array_append_val(all, undo);
	(void)till_basket_set_manual(self->basket, line_id, NULL);
	remember_undo(self, all);
	till_session_basket_changed(self);
	till_session_notice(self, TILL_NOTICE_PLAIN, TRUE, "The shop's price counts again.");
}

gboolean
till_session_manual_undo(TillSession *self)
{
	g_autoptr(GArray) undo = g_steal_pointer(&self->undo_manual);

	if (undo == NULL)
		return FALSE;
	put_back(self, undo);
	till_session_basket_changed(self);
	return TRUE;
}

/* ---- a second person ---- */

/* A change that waits for answers: one for each line that goes too far. */
struct TillSessionAsking {
	TillSessionManual change;
	char *reason;      /* the change's own */
	char *staff_id;    /* who is asked */
	char *approved_by; /* who said yes so far; nullable */
	guint next;        /* index of the line to ask about */
	gboolean sent;     /* an answer is on its way */
};

static void
free_asking(TillSessionAsking *asking)
{
	g_free(asking->reason);
	g_free(asking->staff_id);
	g_free(asking->approved_by);
	g_free(asking);
}

void
till_session_manual_forget(TillSession *self)
{
	g_clear_pointer(&self->asking, free_asking);
}

/* The first line from `next` on that this person may not change alone; FALSE: none is left. */
static gboolean
find_next(TillSession *self, TillSessionAsking *asking, TillSessionOutlook *out)
{
	const TillSessionManual *change = &asking->change;

	for (; asking->next < till_basket_count(self->basket); asking->next++) {
		const TillBasketLine *line = till_basket_line(self->basket, asking->next);

		*out = (TillSessionOutlook){0};
		if ((change->everywhere || line->id == change->line_id) &&
		    add_outlook(self, change, asking->next, out) && out->needs_approval)
			return TRUE;
	}
	return FALSE;
}

static void
tell_answer(TillSession *self, TillApprovalResult result, const char *words, gboolean more)
{
	g_signal_emit_by_name(self, "approval-answer", (guint)result, words, more);
}

static void
take_yes(TillSession *self, const TillRegisterApproval *approval)
{
	TillSessionAsking *asking = self->asking;
	TillSessionOutlook outlook;

	g_free(asking->approved_by);
	asking->approved_by = g_strdup(approval->approved_by);
	asking->next++;
	if (find_next(self, asking, &outlook)) {
		tell_answer(self, TILL_APPROVAL_OK, "", TRUE);
		return;
	}
	self->asking = NULL;
	apply(self, &asking->change, asking->approved_by);
	free_asking(asking);
	tell_answer(self, TILL_APPROVAL_OK, "", FALSE);
}

static void
approval_cb(TillRegisterApproval *approval, const GError *error, gpointer user)
{
	TillSession *self = user;

	if (self->asking == NULL || !self->asking->sent) {
		g_clear_pointer(&approval, till_register_approval_free);
		return; /* the dialog was left meanwhile */
	}
	self->asking->sent = FALSE;
	if (error == NULL && approval->result == TILL_APPROVAL_OK &&
	    self->phase == TILL_PHASE_SELLING && self->staff_id != NULL) {
		take_yes(self, approval);
	} else {
		till_session_manual_forget(self);
		till_session_notice(self, TILL_NOTICE_ATTENTION, FALSE, "%s",
				    error ? error->message : approval->words);
		tell_answer(self, error ? TILL_APPROVAL_WRONG : approval->result,
			    error ? error->message : approval->words, FALSE);
	}
	g_clear_pointer(&approval, till_register_approval_free);
}

static void
send_question(TillSession *self, const TillSessionOutlook *outlook, const char *pin, gsize length)
{
	TillSessionAsking *asking = self->asking;
	const TillBasketLine *line = till_basket_line(self->basket, asking->next);
	g_autofree char *staff = g_strdup(self->staff_id);
	char nobody[] = "";
	TillRegisterOverride asked = {.sku = line->item->sku,
				      .line_id = line->id,
				      .manual = {.kind = asking->change.kind,
						 .value = asking->change.value,
						 .reason = asking->reason,
						 .staff = staff,
						 .approved_by = nobody},
				      .list_minor = outlook->list_minor,
				      .paid_minor = outlook->paid_minor};
	TillRegisterCredential credential = {
	    .staff_id = asking->staff_id, .pin = pin, .length = length};

	asking->sent = TRUE;
	till_register_approve_async(self->reg, &asked, &credential, self, approval_cb, self);
}

void
till_session_manual_ask(TillSession *self, const TillSessionManual *change, const char *staff_id,
			const char *pin, gsize length)
{
	TillSessionOutlook outlook;

	if (self->phase != TILL_PHASE_SELLING || self->staff_id == NULL || self->priced == NULL)
		return;
	if (self->asking == NULL) {
		self->asking = g_new0(TillSessionAsking, 1);
		self->asking->change = *change;
		self->asking->reason = g_strdup(change->reason);
		self->asking->change.reason = self->asking->reason;
		self->asking->staff_id = g_strdup(staff_id);
	}
	if (!self->asking->sent && find_next(self, self->asking, &outlook))
		send_question(self, &outlook, pin, length);
}

GPtrArray *
till_session_manual_approvers(TillSession *self, const TillSessionManual *change)
{
	GPtrArray *able = g_ptr_array_new();

	for (guint i = 0; self->people != NULL && i < self->people->len; i++) {
		TillRegisterPerson *person = g_ptr_array_index(self->people, i);
		gboolean enough = g_strcmp0(person->id, self->staff_id) != 0;

		for (guint n = 0; enough && n < till_basket_count(self->basket); n++) {
			TillSessionOutlook one = {0};

			if ((change->everywhere ||
			     till_basket_line(self->basket, n)->id == change->line_id) &&
			    add_outlook(self, change, n, &one))
				enough = !needs_approval(self, person->role, &one);
		}
		if (enough)
			g_ptr_array_add(able, person);
	}
	return able;
}
