/* SPDX-License-Identifier: Apache-2.0 */
#include "return-desk-private.h"

#include <string.h>

#include "error.h"
#include "json.h"

/* A second person lets a return pass, or does not; both stay on record before anybody hears of it:
 *
 *   {what "return", value, sku, line 0, list_minor, paid_minor 0, reason, staff, approved_by}
 *   {… staff, asked, refused}
 *
 * value and list_minor are what the shopper would get; sku is the receipt or order. */

#define WHAT "return"
#define OVERRIDES_MAX 500 /* so far back an approval is looked for */
#define RETURNS_MAX 50    /* so far back a return that used it */
#define WHY_MAX 500       /* bytes */
#define ID_MAX 64

typedef struct {
	char *source, *why, *asking, *staff_id; /* owned */
	gint64 give_minor;
	char pin[TILL_PIN_MAX + 1]; /* wiped */
	gsize length;
	TillRegisterApproval *approval; /* owned until handed over */
	TillRegisterApprovalCb cb;
	gpointer user;
} ApproveJob;

static void
free_approve_job(gpointer data)
{
	ApproveJob *job = data;
	explicit_bzero(job->pin, sizeof job->pin);
	g_free(job->source);
	g_free(job->why);
	g_free(job->asking);
	g_free(job->staff_id);
	till_register_approval_free(job->approval);
	g_free(job);
}

static ApproveJob *
create_job(const TillReturnDeskApproval *asked, const TillRegisterCredential *credential)
{
	ApproveJob *job = g_new0(ApproveJob, 1);
	job->source = g_strndup(asked->source != NULL ? asked->source : "", ID_MAX);
	job->why =
	    g_utf8_make_valid(asked->why != NULL ? asked->why : "",
			      (gssize)strnlen(asked->why != NULL ? asked->why : "", WHY_MAX));
	job->asking = g_strdup(asked->staff_id != NULL ? asked->staff_id : "");
	job->give_minor = asked->give_minor;
	job->staff_id = g_strdup(credential->staff_id);
	job->length = credential->length;
	if (credential->length <= TILL_PIN_MAX)
		memcpy(job->pin, credential->pin, credential->length);
	return job;
}

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
	const char *refused = name_refusal(job->approval->result);
	g_autoptr(json_t) body = json_object();
	gsize size = 0;
	till_json_put_text(body, "what", WHAT);
	till_json_put_int(body, "value", job->give_minor);
	till_json_put_text(body, "sku", job->source);
	till_json_put_int(body, "line", 0);
	till_json_put_int(body, "list_minor", job->give_minor);
	till_json_put_int(body, "paid_minor", 0);
	till_json_put_text(body, "reason", job->why);
	till_json_put_text(body, "staff", job->asking);
	till_json_put_text(body, refused == NULL ? "approved_by" : "asked", job->staff_id);
	if (refused != NULL)
		till_json_put_text(body, "refused", refused);
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

static void
judge(ApproveJob *job, TillRegisterPin *pin)
{
	TillRegisterApproval *approval = job->approval;
	if (pin->result != TILL_SIGNIN_OK) {
		approval->result =
		    pin->result == TILL_SIGNIN_WRONG ? TILL_APPROVAL_WRONG : TILL_APPROVAL_LOCKED;
		approval->wait_ms = pin->wait_ms;
		approval->words = g_steal_pointer(&pin->words);
	} else if (pin->member->role != TILL_ROLE_MANAGER) {
		approval->result = TILL_APPROVAL_BEYOND;
		approval->words = g_strdup_printf("%s may not approve returns; ask a manager.",
						  pin->member->name);
	} else {
		approval->result = TILL_APPROVAL_OK;
		approval->words = g_strdup_printf("%s approved it.", pin->member->name);
		approval->approved_by = g_strdup(pin->member->id);
		approval->approver_name = g_strdup(pin->member->name);
	}
}

/* A wait alone is no answer to what was asked, and leaves no row. */
static gboolean
answer(TillStore *store, ApproveJob *job, TillRegisterPin *pin, const TillShop *shop,
       GError **error)
{
	if (strcmp(job->staff_id, job->asking) == 0) {
		job->approval->result = TILL_APPROVAL_SAME_PERSON;
		job->approval->words =
		    g_strdup("Nobody approves what they ask themselves; ask a colleague.");
		return record(store, job, shop, error);
	}
	if (!till_register_private_check_pin(store, job->staff_id, job->pin, job->length, pin,
					     error))
		return FALSE;
	judge(job, pin);
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
	g_autoptr(TillShop) shop = till_catalog_shop(owner, error);
	if (shop == NULL)
		return FALSE;
	if (*job->asking == '\0' || job->give_minor < 0) {
		g_set_error_literal(error, TILL_ERROR, TILL_ERROR_INVALID,
				    "Say who asks and what for; nothing was asked yet.");
		return FALSE;
	}
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
till_return_desk_approve(TillRegister *reg, const TillReturnDeskApproval *asked,
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
till_return_desk_approve_async(TillRegister *reg, const TillReturnDeskApproval *asked,
			       const TillRegisterCredential *credential, gpointer receiver,
			       TillRegisterApprovalCb cb, gpointer user)
{
	ApproveJob *job = create_job(asked, credential);
	job->cb = cb;
	job->user = user;
	till_worker_post(till_store_worker(reg->store), run_approve, job, free_approve_job,
			 receiver, approve_done_cb, NULL);
}

/* ---- On record ---- */

static gboolean
approves(const TillEntry *entry, const TillReturnDeskApproval *asked, const char *approved_by)
{
	gsize size = 0;
	const char *text = g_bytes_get_data(entry->body, &size);
	g_autoptr(json_t) body = till_json_parse(text, size, size, "override", NULL);
	TillJsonReader reader = till_json_reader(body, "override");
	return body != NULL && json_object_get(body, "refused") == NULL &&
	       strcmp(till_json_string(&reader, "what", ID_MAX), WHAT) == 0 &&
	       strcmp(till_json_string(&reader, "approved_by", ID_MAX), approved_by) == 0 &&
	       strcmp(till_json_string(&reader, "staff", ID_MAX), asked->staff_id) == 0 &&
	       strcmp(till_json_string(&reader, "sku", ID_MAX), asked->source) == 0 &&
	       till_json_int(&reader, "value", 0, G_MAXINT64) >= asked->give_minor;
}

/* Whether a return after that entry was made by its approval. */
static gboolean
is_used(TillStore *store, const TillEntry *approval, const char *source, const char *approved_by,
	gboolean *out_used, GError **error)
{
	g_autoptr(GPtrArray) rows = till_journal_list(store, TILL_RETURN_TYPE, RETURNS_MAX, error);
	*out_used = FALSE;
	for (guint i = 0; rows != NULL && i < rows->len; i++) {
		const TillJournalRow *row = g_ptr_array_index(rows, i);
		if (row->incarnation == approval->incarnation && row->seq < approval->seq)
			break;
		g_autoptr(TillEntry) entry =
		    till_journal_find(store, row->incarnation, row->seq, error);
		g_autoptr(TillReturn) body =
		    entry != NULL ? till_return_from_bytes(entry->body, error) : NULL;
		if (body == NULL)
			return FALSE;
		const char *of =
		    *body->source_receipt != '\0' ? body->source_receipt : body->source_order;
		*out_used |= strcmp(of, source) == 0 && strcmp(body->approved_by, approved_by) == 0;
	}
	return rows != NULL;
}

gboolean
till_return_desk_private_approved(TillStore *store, const TillReturnDeskApproval *asked,
				  const char *approved_by, gboolean *out_is, GError **error)
{
	g_autoptr(GPtrArray) entries = till_journal_overrides(store, OVERRIDES_MAX, error);
	*out_is = FALSE;
	for (guint i = 0; entries != NULL && i < entries->len; i++) {
		const TillEntry *entry = g_ptr_array_index(entries, i);
		gboolean used = FALSE;
		if (!approves(entry, asked, approved_by))
			continue;
		if (!is_used(store, entry, asked->source, approved_by, &used, error))
			return FALSE;
		*out_is = !used;
		return TRUE;
	}
	return entries != NULL;
}
