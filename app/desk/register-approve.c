/* SPDX-License-Identifier: Apache-2.0 */
#include "register-private.h"

#include <string.h>

#include "error.h"
#include "json.h"

/* A second person lets a price pass, or does not; both stay on record before anybody hears of it:
 *
 *   {what, value, sku, line, list_minor, paid_minor, reason, staff, approved_by}
 *   {what, value, sku, line, list_minor, paid_minor, reason, staff, asked, refused}
 *
 * what is the kind of the change; refused says why: "wrong_pin", "same_person", "beyond". */

typedef struct {
	TillRegisterOverride asked; /* its texts are owned */
	char *staff_id;             /* owned */
	char pin[TILL_PIN_MAX + 1]; /* wiped */
	gsize length;
	TillRegisterApproval *approval; /* owned until handed over */
	TillRegisterApprovalCb cb;
	gpointer user;
} ApproveJob;

void
till_register_approval_free(TillRegisterApproval *approval)
{
	if (approval == NULL)
		return;
	g_free(approval->words);
	g_free(approval->approved_by);
	g_free(approval->approver_name);
	g_free(approval);
}

static void
free_approve_job(gpointer data)
{
	ApproveJob *job = data;
	explicit_bzero(job->pin, sizeof job->pin);
	g_free((gpointer)(guintptr)job->asked.sku);
	till_manual_clear(&job->asked.manual);
	g_free(job->staff_id);
	till_register_approval_free(job->approval);
	g_free(job);
}

static ApproveJob *
create_job(const TillRegisterOverride *asked, const TillRegisterCredential *credential)
{
	ApproveJob *job = g_new0(ApproveJob, 1);
	job->asked = *asked;
	job->asked.sku = g_strdup(asked->sku);
	job->asked.manual = (TillManual){0};
	till_manual_set(&job->asked.manual, &asked->manual);
	job->staff_id = g_strdup(credential->staff_id);
	job->length = credential->length;
	if (credential->length <= TILL_PIN_MAX)
		memcpy(job->pin, credential->pin, credential->length);
	return job;
}

/* NULL when it was let pass. */
static const char *
name_refusal(TillApprovalResult result)
{
	switch (result) {
	case TILL_APPROVAL_OK:
		return NULL;
	case TILL_APPROVAL_WRONG:
	case TILL_APPROVAL_LOCKED:
		return "wrong_pin";
	case TILL_APPROVAL_SAME_PERSON:
		return "same_person";
	case TILL_APPROVAL_BEYOND:
		return "beyond";
	default:
		g_assert_not_reached();
	}
}

static GBytes *
build_override(const TillEntry *stamp, gpointer user, GError **error)
{
	(void)stamp;
	(void)error;
	const ApproveJob *job = user;
	const TillRegisterOverride *asked = &job->asked;
	const char *refused = name_refusal(job->approval->result);
	g_autoptr(json_t) body = json_pack(
	    "{s:s, s:I, s:s, s:I, s:I, s:I, s:s, s:s}", "what",
	    till_manual_kind_name(asked->manual.kind), "value", (json_int_t)asked->manual.value,
	    "sku", asked->sku, "line", (json_int_t)asked->line_id, "list_minor",
	    (json_int_t)asked->list_minor, "paid_minor", (json_int_t)asked->paid_minor, "reason",
	    asked->manual.reason, "staff", asked->manual.staff);
	g_assert(body != NULL);
	json_object_set_new(body, refused == NULL ? "approved_by" : "asked",
			    json_string(job->staff_id));
	if (refused != NULL)
		json_object_set_new(body, "refused", json_string(refused));
	gsize size = 0;
	char *text = till_json_write(body, &size);
	return g_bytes_new_take(text, size);
}

static gboolean
record(TillStore *store, ApproveJob *job, const TillShop *shop, GError **error)
{
	g_autofree char *date = till_register_private_date(
	    till_clock_wall_ms(till_store_clock(store)), shop->time_zone);
	TillJournalDraft draft = {
	    .type = TILL_OVERRIDE_TYPE,
	    .version = TILL_OVERRIDE_VERSION,
	    .business_date = date,
	    .build = build_override,
	    .user = job,
	};
	g_autoptr(TillEntry) entry = till_journal_append(store, &draft, error);
	return entry != NULL;
}

/* Whether the one who was asked may go so far; their PIN is right. */
static gboolean
judge_limit(TillStore *store, ApproveJob *job, const TillStaff *member, const TillShop *shop,
	    GError **error)
{
	TillDiscountPolicy policy = {0};
	TillRegisterApproval *approval = job->approval;
	if (!till_catalog_discounts(store, &policy, error))
		return FALSE;
	if (till_discount_policy_needs_approval(&policy, member->role, job->asked.list_minor,
						job->asked.paid_minor)) {
		g_autofree char *most =
		    till_discount_policy_words(&policy.limits[member->role], shop->currency);
		approval->result = TILL_APPROVAL_BEYOND;
		approval->words = g_strdup_printf(
		    "%s may take off %s; ask somebody who may go further.", member->name, most);
	} else {
		approval->result = TILL_APPROVAL_OK;
		approval->words = g_strdup_printf("%s approved it.", member->name);
		approval->approved_by = g_strdup(member->id);
		approval->approver_name = g_strdup(member->name);
	}
	till_discount_policy_clear(&policy);
	return TRUE;
}

static gboolean
judge(TillStore *store, ApproveJob *job, TillRegisterPin *pin, const TillShop *shop, GError **error)
{
	TillRegisterApproval *approval = job->approval;
	if (!till_register_private_check_pin(store, job->staff_id, job->pin, job->length, pin,
					     error))
		return FALSE;
	if (pin->result == TILL_SIGNIN_OK)
		return judge_limit(store, job, pin->member, shop, error);
	approval->result =
	    pin->result == TILL_SIGNIN_WRONG ? TILL_APPROVAL_WRONG : TILL_APPROVAL_LOCKED;
	approval->wait_ms = pin->wait_ms;
	approval->words = g_steal_pointer(&pin->words);
	return TRUE;
}

/* A wait alone is no answer to what was asked, and leaves no row. */
static gboolean
answer(TillStore *store, ApproveJob *job, TillRegisterPin *pin, const TillShop *shop,
       GError **error)
{
	TillRegisterApproval *approval = job->approval;
	if (strcmp(job->staff_id, job->asked.manual.staff) == 0) {
		approval->result = TILL_APPROVAL_SAME_PERSON;
		approval->words =
		    g_strdup("Nobody approves what they ask themselves; ask a colleague.");
		return record(store, job, shop, error);
	}
	if (!judge(store, job, pin, shop, error))
		return FALSE;
	if (!pin->was_tried)
		return TRUE;
	return record(store, job, shop, error) &&
	       (pin->result != TILL_SIGNIN_OK ||
		till_register_private_forgive_pin(store, pin, error));
}

static gboolean
run_approve(gpointer owner, gpointer data, GError **error)
{
	ApproveJob *job = data;
	TillRegisterPin pin = {0};
	if (job->asked.manual.kind == TILL_MANUAL_NONE ||
	    !till_manual_is_sound(&job->asked.manual) || job->asked.manual.staff == NULL ||
	    *job->asked.manual.staff == '\0') {
		g_set_error_literal(error, TILL_ERROR, TILL_ERROR_INVALID,
				    "Say what is to be changed, why and by whom; nothing was "
				    "asked yet.");
		return FALSE;
	}
	g_autoptr(TillShop) shop = till_catalog_shop(owner, error);
	if (shop == NULL)
		return FALSE;
	job->approval = g_new0(TillRegisterApproval, 1);
	gboolean is_done = answer(owner, job, &pin, shop, error);
	till_register_private_clear_pin(&pin);
	if (job->approval->approved_by == NULL) {
		job->approval->approved_by = g_strdup("");
		job->approval->approver_name = g_strdup("");
	}
	return is_done;
}

TillRegisterApproval *
till_register_approve(TillRegister *reg, const TillRegisterOverride *asked,
		      const TillRegisterCredential *credential, GError **error)
{
	ApproveJob *job = create_job(asked, credential);
	TillRegisterApproval *approval = NULL;
	if (till_worker_call(till_store_worker(reg->store), run_approve, job, error))
		approval = g_steal_pointer(&job->approval);
	free_approve_job(job);
	return approval;
}

static void
approve_done_cb(gpointer data, const GError *error, gpointer user)
{
	(void)user;
	ApproveJob *job = data;
	job->cb(error == NULL ? g_steal_pointer(&job->approval) : NULL, error, job->user);
}

void
till_register_approve_async(TillRegister *reg, const TillRegisterOverride *asked,
			    const TillRegisterCredential *credential, gpointer receiver,
			    TillRegisterApprovalCb cb, gpointer user)
{
	ApproveJob *job = create_job(asked, credential);
	job->cb = cb;
	job->user = user;
	till_worker_post(till_store_worker(reg->store), run_approve, job, free_approve_job,
			 receiver, approve_done_cb, NULL);
}
