/* SPDX-License-Identifier: Apache-2.0 */
#include "verbs.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "audit.h"
#include "auditor.h"
#include "changes.h"
#include "demo-orders.h"
#include "enrolment.h"
#include "error.h"
#include "file.h"
#include "import.h"
#include "json.h"
#include "money.h"
#include "past.h"
#include "promo-json.h"
#include "promotion-test.h"
#include "server-log.h"
#include "snapshots.h"
#include "verbs-private.h"

#include "till-central-resources.h"

/* Bad rows told in one answer: what a control socket's line can carry. */
#define FAULTS_TOLD_MAX 4000
#define DEMO_DIR "/tillhouse/central/demo/"

typedef TillVerbJob Job;

static void add_line(Job *job, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void
add_line(Job *job, const char *format, ...)
{
	g_autofree char *words = NULL;
	va_list arguments;

	va_start(arguments, format);
	words = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	json_array_append_new(job->lines, json_string(words));
}

/* --- import --- */

static void
tell_report(Job *job, const char *what, const TillImportReport *report)
{
	for (guint i = 0; i < report->notes->len; i++)
		add_line(job, "%s: %s", what, (const char *)g_ptr_array_index(report->notes, i));
	for (guint i = 0; i < report->faults->len && i < FAULTS_TOLD_MAX; i++) {
		const TillImportFault *fault = &g_array_index(report->faults, TillImportFault, i);
		if (fault->line > 0)
			add_line(job, "%s: line %u: %s", what, fault->line, fault->words);
		else
			add_line(job, "%s: %s", what, fault->words);
	}
	if (report->faults->len > FAULTS_TOLD_MAX)
		add_line(job, "%s: and %u more", what, report->faults->len - FAULTS_TOLD_MAX);
}

static gboolean
import_text(Job *job, const TillImportOptions *options, const char *what, const char *text,
	    gsize size)
{
	TillImportReport report;
	gboolean good;

	till_import_report_init(&report);
	good = till_import_run(job->central, options, text, size, &report, &job->error);
	tell_report(job, what, &report);
	if (!good && job->error == NULL)
		g_set_error(&job->error, TILL_ERROR, TILL_ERROR_INVALID,
			    "Nothing was imported: %u %s. Mend the file and import it again.",
			    report.faults->len, report.faults->len == 1 ? "fault" : "faults");
	if (good) {
		add_line(job, "%s: %" G_GINT64_FORMAT " rows", what, report.rows);
		json_object_set_new(job->answer, "rows", json_integer(report.rows));
		till_server_log("import", "kind=%s rows=%" G_GINT64_FORMAT, options->kind,
				report.rows);
	}
	till_import_report_clear(&report);
	return good;
}

static gboolean
import_run(gpointer owner G_GNUC_UNUSED, gpointer data)
{
	Job *job = data;
	TillImportOptions options = {.kind = till_json_string(&job->reader, "kind", 32)};
	const char *currency = till_json_string_or(&job->reader, "currency", 3, "");
	const char *store = till_json_string_or(&job->reader, "store", 8, "");

	options.currency = *currency != '\0' ? currency : NULL;
	options.store = *store != '\0' ? store : NULL;
	return import_text(job, &options, options.kind, job->text, job->size);
}

static void
verb_import(Job *job)
{
	const char *kind = till_json_string(&job->reader, "kind", 32);
	const char *path = till_json_string(&job->reader, "file", 4096);
	g_autoptr(GMappedFile) file = NULL;

	if (!till_import_kind_known(kind)) {
		g_set_error(&job->error, TILL_ERROR, TILL_ERROR_INVALID,
			    "There is no kind \"%s\" to import. Use products, prices, stock, "
			    "staff, stores, "
			    "taxes, customers, settings, promotions or policies.",
			    kind);
		return;
	}
	file = g_mapped_file_new(path, FALSE, NULL);
	if (file == NULL) {
		g_set_error(&job->error, TILL_ERROR, TILL_ERROR_NOT_FOUND,
			    "%s cannot be read; check its name and that it is a file you may read. "
			    "Nothing was imported.",
			    path);
		return;
	}
	job->text = g_mapped_file_get_contents(file);
	job->size = g_mapped_file_get_length(file);
	if (job->text == NULL)
		job->text = "";
	if (!till_writer_call(job->central->writer, import_run, job, &job->error))
		return;
}

/* --- demo --- */

/* In the order in which one needs the other. */
static const struct {
	const char *kind;
	const char *file;
} demo_files[] = {
    {"stores", "stores.csv"},       {"taxes", "taxes.csv"},       {"products", "products.csv"},
    {"prices", "prices.csv"},       {"stock", "stock.csv"},       {"staff", "staff.csv"},
    {"customers", "customers.csv"}, {"settings", "settings.csv"}, {"promotions", "promotions.json"},
    {"policies", "returns.json"},
};

static gboolean
load_orders(Job *job)
{
	g_autoptr(GBytes) bytes =
	    g_resource_lookup_data(till_central_get_resource(), DEMO_DIR "orders.json",
				   G_RESOURCE_LOOKUP_FLAGS_NONE, &job->error);

	return bytes != NULL && till_demo_orders_load(job->central, g_bytes_get_data(bytes, NULL),
						      g_bytes_get_size(bytes), &job->error);
}

static gboolean
demo_run(gpointer owner G_GNUC_UNUSED, gpointer data)
{
	Job *job = data;

	for (gsize i = 0; i < G_N_ELEMENTS(demo_files); i++) {
		g_autofree char *path = g_strconcat(DEMO_DIR, demo_files[i].file, NULL);
		g_autoptr(GBytes) bytes = g_resource_lookup_data(
		    till_central_get_resource(), path, G_RESOURCE_LOOKUP_FLAGS_NONE, &job->error);
		TillImportOptions options = {.kind = demo_files[i].kind, .light_pins = TRUE};
		gsize size;
		const char *text;
		if (bytes == NULL)
			return FALSE;
		text = g_bytes_get_data(bytes, &size);
		if (!import_text(job, &options, demo_files[i].file, text, size))
			return FALSE;
	}
	json_object_del(job->answer, "rows");
	return load_orders(job);
}

static void
verb_demo(Job *job)
{
	if (!till_writer_call(job->central->writer, demo_run, job, &job->error))
		return;
	if (job->error == NULL)
		add_line(job, "The demo chain Juniper & Rye is in the books. Stores: 014, 002.");
}

/* --- enrol-code, check, backup --- */

static gboolean
code_run(gpointer owner, gpointer data)
{
	Job *job = data;
	const char *store = till_json_string(&job->reader, "store", 16);
	g_autofree char *code = till_enrolment_make_code(owner, store, &job->error);

	if (code == NULL)
		return FALSE;
	add_line(job, "%s", code);
	json_object_set_new(job->answer, "code", json_string(code));
	return TRUE;
}

static void
snapshot_ready_cb(const TillSnapshot *snapshot G_GNUC_UNUSED, const GError *error G_GNUC_UNUSED,
		  gpointer user G_GNUC_UNUSED)
{
}

/* A till is about to come: its snapshot is made while somebody walks over with the code. */
static void
verb_enrol_code(Job *job)
{
	const char *store = till_json_string(&job->reader, "store", 16);

	if (till_writer_call(job->central->writer, code_run, job, &job->error) &&
	    job->error == NULL && job->central->serving)
		till_snapshots_request(job->central->snapshots, store, snapshot_ready_cb, NULL);
}

static void
tell_prices(Job *job, const TillAuditorReport *report)
{
	json_t *differences = json_array();

	json_object_set_new(job->answer, "repriced", json_integer(report->repriced));
	json_object_set_new(job->answer, "unjudged", json_integer(report->unjudged));
	json_object_set_new(job->answer, "mismatched", json_integer(report->mismatched));
	for (guint i = 0; report->differences != NULL && i < report->differences->len; i++) {
		const char *words = g_ptr_array_index(report->differences, i);
		json_array_append_new(differences, json_string(words));
		add_line(job, "price: %s", words);
	}
	if (report->differences != NULL)
		json_object_set(job->answer, "differences", differences);
	json_decref(differences);
	add_line(job,
		 "priced again %" G_GINT64_FORMAT ", different %" G_GINT64_FORMAT
		 ", not judged %" G_GINT64_FORMAT,
		 report->repriced, report->mismatched, report->unjudged);
}

/* A sale that differs stands, so it is no fault of the books. */
static void
check_prices(Job *job)
{
	TillAuditor *auditor = job->central->auditor;
	TillAuditorReport report = {.differences = NULL};

	if (till_auditor_catch_up(auditor, &report, &job->error) &&
	    (!till_json_bool_or(&job->reader, "prices", FALSE) ||
	     till_auditor_review(auditor, &report, &job->error)))
		tell_prices(job, &report);
	till_auditor_report_clear(&report);
}

static void
tell_audit(Job *job, const TillAudit *audit)
{
	json_t *problems = json_array();

	for (guint i = 0; i < audit->problems->len; i++) {
		const char *words = g_ptr_array_index(audit->problems, i);
		json_array_append_new(problems, json_string(words));
		add_line(job, "problem: %s", words);
	}
	json_object_set_new(job->answer, "sales", json_integer(audit->sales));
	json_object_set_new(job->answer, "refunds", json_integer(audit->refunds));
	json_object_set_new(job->answer, "held", json_integer(audit->held));
	json_object_set_new(job->answer, "problems", problems);
	add_line(job,
		 "sales %" G_GINT64_FORMAT ", refunds %" G_GINT64_FORMAT ", held %" G_GINT64_FORMAT,
		 audit->sales, audit->refunds, audit->held);
	if (audit->problems->len > 0)
		g_set_error(&job->error, TILL_ERROR, TILL_ERROR_CORRUPT,
			    "The books do not hold: %u problems. Keep a copy and ask support.",
			    audit->problems->len);
}

static gboolean
check_run(gpointer owner, gpointer data)
{
	Job *job = data;
	TillAudit audit;

	if (till_audit_run(owner, &audit, &job->error))
		tell_audit(job, &audit);
	till_audit_clear(&audit);
	return TRUE;
}

static void
verb_check(Job *job)
{
	check_prices(job);
	if (job->error == NULL)
		till_writer_call_alone(job->central->writer, check_run, job);
}

static gboolean
backup_run(gpointer owner, gpointer data)
{
	TillCentral *central = owner;
	Job *job = data;
	const char *path = till_json_string(&job->reader, "file", 4096);

	g_autofree char *dir = g_path_get_dirname(path);

	if (g_file_test(path, G_FILE_TEST_EXISTS)) {
		g_set_error(&job->error, TILL_ERROR, TILL_ERROR_STATE,
			    "%s is there already. Name a new file.", path);
		return FALSE;
	}
	if (g_access(dir, W_OK) != 0) {
		g_set_error(&job->error, TILL_ERROR, TILL_ERROR_NOT_FOUND,
			    "Nothing can be written into %s. Name another place for the copy.",
			    dir);
		return FALSE;
	}
	/* Whoever opens the copy is told that it is one, and mints a new incarnation. */
	if (till_db_backup(central->db, path, "UPDATE meta SET value = '1' WHERE name = 'restored'",
			   &job->error))
		add_line(job,
			 "The books were copied to %s. To restore: put it in place of central.db.",
			 path);
	return TRUE;
}

static void
verb_backup(Job *job)
{
	till_writer_call_alone(job->central->writer, backup_run, job);
}

/* --- past --- */

static gint
compare_since(gconstpointer a, gconstpointer b)
{
	const TillPastRow *left = a;
	const TillPastRow *right = b;

	return left->since < right->since ? -1 : left->since > right->since;
}

static void
tell_version(Job *job, const TillPastRow *row, json_t *versions)
{
	gint64 version = json_integer_value(json_object_get(row->value, "version"));
	const char *body = json_string_value(json_object_get(row->value, "body"));
	json_t *object = json_object();

	json_object_set_new(object, "version", json_integer(version));
	json_object_set_new(object, "since", json_integer(row->since));
	if (row->until > 0)
		json_object_set_new(object, "until", json_integer(row->until));
	json_object_set_new(object, "body", json_string(body));
	json_array_append_new(versions, object);
	if (row->until > 0)
		add_line(job,
			 "version %" G_GINT64_FORMAT ", from %" G_GINT64_FORMAT
			 " to before %" G_GINT64_FORMAT " of the feed: %s",
			 version, row->since, row->until, body);
	else
		add_line(job,
			 "version %" G_GINT64_FORMAT ", from %" G_GINT64_FORMAT
			 " of the feed until now: %s",
			 version, row->since, body);
}

static gboolean
past_run(gpointer owner, gpointer data)
{
	TillCentral *central = owner;
	Job *job = data;
	const char *id = till_json_string(&job->reader, "id", 64);
	g_autoptr(GArray) rows = till_past_rows_new();
	json_t *versions = json_array();

	json_object_set_new(job->answer, "versions", versions);
	if (!till_past_about(central->db, TILL_CHANGES_CHAIN, till_collection_find("promotion"), id,
			     0, rows, &job->error))
		return TRUE;
	if (rows->len == 0)
		g_set_error(&job->error, TILL_ERROR, TILL_ERROR_NOT_FOUND,
			    "There never was a promotion \"%.64s\". Check its id.", id);
	g_array_sort(rows, compare_since);
	for (guint i = 0; i < rows->len; i++)
		tell_version(job, &g_array_index(rows, TillPastRow, i), versions);
	return TRUE;
}

static void
verb_past(Job *job)
{
	if (!till_writer_call(job->central->writer, past_run, job, &job->error))
		return;
}

/* --- promotion-test --- */

static void
tell_trial(Job *job, const json_t *report)
{
	const json_t *totals = json_object_get(report, "totals");
	size_t index;
	json_t *row;

	add_line(job, "%lld sales looked at, %lld touched, %lld not judged",
		 (long long)json_integer_value(json_object_get(report, "sales")),
		 (long long)json_integer_value(json_object_get(report, "touched")),
		 (long long)json_integer_value(json_object_get(report, "unjudged")));
	json_array_foreach(totals, index, row)
	{
		const TillCurrency *currency =
		    till_currency_find(json_string_value(json_object_get(row, "currency")));
		gint64 change = json_integer_value(json_object_get(row, "change_minor"));
		g_autofree char *off = till_money_format(
		    json_integer_value(json_object_get(row, "discount_minor")), currency);
		g_autofree char *difference = till_money_format(ABS(change), currency);
		add_line(job, "%s: it takes off %s; shoppers would have paid %s %s", currency->code,
			 off, difference, change > 0 ? "more" : "less");
	}
	json_array_foreach(json_object_get(report, "lines"), index, row)
	{
		const char *code = json_string_value(json_object_get(row, "currency"));
		g_autofree char *discount =
		    till_money_format(json_integer_value(json_object_get(row, "discount_minor")),
				      till_currency_find(code));
		add_line(job, "  %s (%s): %s %s off",
			 json_string_value(json_object_get(row, "sku")),
			 json_string_value(json_object_get(row, "name")), discount, code);
	}
}

static void
run_trial(Job *job, const TillPromo *promo)
{
	const char *store = till_json_string_or(&job->reader, "store", 8, "");
	TillPromotionTestOptions options = {
	    .last = (guint)till_json_int_or(&job->reader, "last", 1, TILL_PROMOTION_TEST_LAST_MAX,
					    TILL_PROMOTION_TEST_LAST),
	    .store = *store != '\0' ? store : NULL};
	json_t *report;

	if (job->reader.fault[0] != '\0')
		return;
	report = till_promotion_test_run(job->central, promo, &options, &job->error);
	if (report == NULL)
		return;
	tell_trial(job, report);
	json_object_update(job->answer, report);
	json_decref(report);
}

static void
verb_promotion_test(Job *job)
{
	const char *path = till_json_string(&job->reader, "file", 4096);
	g_autofree char *text = NULL;
	gsize size;
	g_autoptr(TillPromo) promo = NULL;

	text = till_file_read(path, TILL_PROMO_JSON_MAX, &size, &job->error);
	if (text != NULL)
		promo = till_promotion_test_read(text, size, &job->error);
	if (promo != NULL)
		run_trial(job, promo);
}

static const struct {
	const char *name;
	void (*run)(Job *job);
} verbs[] = {
    {"import", verb_import},
    {"enrol-code", verb_enrol_code},
    {"check", verb_check},
    {"demo", verb_demo},
    {"backup", verb_backup},
    {"past", verb_past},
    {"promotion-test", verb_promotion_test},
    {"channel-key", till_verb_channel_key},
    {"pickup-key", till_verb_pickup_key},
    {"rules", till_verb_rules},
};

static void
run_named(Job *job, const char *name)
{
	for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++) {
		if (strcmp(verbs[i].name, name) == 0) {
			verbs[i].run(job);
			return;
		}
	}
	g_set_error(&job->error, TILL_ERROR, TILL_ERROR_INVALID, "There is no verb \"%s\".", name);
}

json_t *
till_verbs_run(TillCentral *central, const json_t *question)
{
	Job job = {.central = central, .reader = till_json_reader(question, "question")};

	job.answer = json_object();
	job.lines = json_array();
	json_object_set_new(job.answer, "lines", job.lines);
	run_named(&job, till_json_string(&job.reader, "verb", 32));
	if (job.error == NULL && !till_json_reader_finish(&job.reader, &job.error))
		till_server_log("control", "reason=\"%s\"", job.error->message);
	json_object_set_new(job.answer, "ok", json_boolean(job.error == NULL));
	if (job.error != NULL)
		json_object_set_new(job.answer, "error", json_string(job.error->message));
	g_clear_error(&job.error);
	return job.answer;
}
