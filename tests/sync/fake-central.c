/* SPDX-License-Identifier: Apache-2.0 */
#include "fake-central.h"

#include <string.h>

#include "fake-protocol.h"

#define STRANGER "99999999-9999-4999-8999-999999999999"

static void
free_faults(FakeCentral *central)
{
	for (guint i = 0; i < central->faults->len; i++)
		g_free(g_array_index(central->faults, FakeFaultRow, i).part);
	g_array_set_size(central->faults, 0);
}

/* TRUE: the fault answers instead of the central. */
static gboolean
fault_instead(const FakeFaultRow *fault, FakeResponse *response)
{
	switch (fault->fault) {
	case FAKE_FAULT_DROP:
		response->fate = FAKE_CLOSE;
		return TRUE;
	case FAKE_FAULT_HANG:
		response->fate = FAKE_HANG;
		return TRUE;
	case FAKE_FAULT_INTERNAL:
		fake_protocol_problem(response, TILL_PROBLEM_INTERNAL, NULL, 0);
		return TRUE;
	case FAKE_FAULT_BUSY:
		if (fault->number > 0)
			g_string_append_printf(response->headers,
					       "Retry-After: %" G_GINT64_FORMAT "\r\n",
					       fault->number);
		fake_protocol_problem(response, TILL_PROBLEM_BUSY, NULL, 0);
		return TRUE;
	case FAKE_FAULT_TOO_LARGE:
		fake_protocol_problem(response, TILL_PROBLEM_TOO_LARGE, NULL, 0);
		return TRUE;
	case FAKE_FAULT_FORBIDDEN:
		fake_protocol_problem(response, TILL_PROBLEM_FORBIDDEN, NULL, 0);
		return TRUE;
	case FAKE_FAULT_SESSION:
		fake_protocol_problem(response, TILL_PROBLEM_SESSION, NULL, 0);
		return TRUE;
	case FAKE_FAULT_GONE:
		fake_protocol_problem(response, TILL_PROBLEM_GONE, NULL, 0);
		return TRUE;
	case FAKE_FAULT_PROXY:
		fake_protocol_text(response, 502, "text/html", "<html>bad gateway</html>");
		return TRUE;
	case FAKE_FAULT_PORTAL:
		fake_protocol_text(response, 200, "text/html", "<html>sign in</html>");
		return TRUE;
	case FAKE_FAULT_GARBAGE:
		fake_protocol_text(response, 200, "application/json", "{{{");
		return TRUE;
	case FAKE_FAULT_SWALLOW:
	case FAKE_FAULT_CUT_ANSWER:
	case FAKE_FAULT_STRANGER:
	case FAKE_FAULT_LIE_SIGNATURE:
	case FAKE_FAULT_LIE_HEAD:
	case FAKE_FAULT_POISON:
		return FALSE;
	default:
		g_assert_not_reached();
	}
}

static const char *
name_for(FakeCentral *central, const FakeFaultRow *fault)
{
	if (fault->times == 0)
		return central->server_id;
	if (fault->fault == FAKE_FAULT_PORTAL || fault->fault == FAKE_FAULT_PROXY)
		return NULL;
	return fault->fault == FAKE_FAULT_STRANGER ? STRANGER : central->server_id;
}

static FakeFaultRow
next_fault(FakeCentral *central, const char *line)
{
	for (guint i = 0; i < central->faults->len; i++) {
		FakeFaultRow *fault = &g_array_index(central->faults, FakeFaultRow, i);
		if (fault->times == 0 || strstr(line, fault->part) == NULL)
			continue;
		FakeFaultRow found = *fault;
		fault->times--;
		return found;
	}
	return (FakeFaultRow){0};
}

static void
handle_cb(const FakeRequest *request, FakeResponse *response, gpointer user)
{
	FakeCentral *central = user;
	char *line = g_strdup_printf("%s %s", request->method, request->target);

	g_ptr_array_add(central->log, line);
	FakeFaultRow fault = next_fault(central, line);
	const char *name = name_for(central, &fault);
	if (name != NULL)
		g_string_append_printf(response->headers, "%s: %s\r\n", TILL_WIRE_SERVER_HEADER,
				       name);
	if (fault.times > 0 && fault_instead(&fault, response))
		return;
	fake_protocol_route(central, request, &fault, response);
	if (fault.times > 0 && fault.fault == FAKE_FAULT_SWALLOW)
		response->fate = FAKE_CLOSE;
	if (fault.times > 0 && fault.fault == FAKE_FAULT_CUT_ANSWER)
		response->fate = FAKE_HALF;
}

static void
random_id(char *text)
{
	TillUuid id = till_uuid_random();

	till_uuid_format(&id, text);
}

FakeCentral *
fake_central_new(void)
{
	FakeCentral *central = g_new0(FakeCentral, 1);

	central->key = till_crypto_key_new();
	random_id(central->server_id);
	random_id(central->terminal_id);
	random_id(central->store_id);
	central->life = 1;
	central->time_ms = 1795420000000;
	central->rows = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					      (GDestroyNotify)g_ptr_array_unref);
	central->feeds = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					       (GDestroyNotify)g_ptr_array_unref);
	central->log = g_ptr_array_new_with_free_func(g_free);
	central->faults = g_array_new(FALSE, TRUE, sizeof(FakeFaultRow));
	central->http = fake_http_new(handle_cb, central);
	return central;
}

void
fake_central_free(FakeCentral *central)
{
	fake_http_free(central->http);
	free_faults(central);
	g_array_unref(central->faults);
	g_ptr_array_unref(central->log);
	g_hash_table_unref(central->rows);
	g_hash_table_unref(central->feeds);
	till_crypto_key_free(central->key);
	g_free(central->snapshot_path);
	g_free(central);
}

void
fake_central_stop(FakeCentral *central)
{
	fake_http_stop(central->http);
}

void
fake_central_start(FakeCentral *central)
{
	fake_http_start(central->http);
}

char *
fake_central_url(FakeCentral *central)
{
	return g_strdup_printf("http://127.0.0.1:%d", fake_http_port(central->http));
}

const char *
fake_central_id(FakeCentral *central)
{
	return central->server_id;
}

const char *
fake_central_terminal(FakeCentral *central)
{
	return central->terminal_id;
}

const TillPublicKey *
fake_central_key(FakeCentral *central)
{
	return till_crypto_key_public(central->key);
}

void
fake_central_trust(FakeCentral *central, const TillPublicKey *terminal_key)
{
	fake_http_lock(central->http);
	central->terminal_key = *terminal_key;
	fake_http_unlock(central->http);
}

void
fake_central_fault(FakeCentral *central, const char *part, FakeFault fault, guint times,
		   gint64 number)
{
	FakeFaultRow row = {g_strdup(part), fault, times, number};

	fake_http_lock(central->http);
	g_array_append_val(central->faults, row);
	fake_http_unlock(central->http);
}

void
fake_central_clear_faults(FakeCentral *central)
{
	fake_http_lock(central->http);
	free_faults(central);
	fake_http_unlock(central->http);
}

guint
fake_central_count(FakeCentral *central, const char *part)
{
	guint count = 0;

	fake_http_lock(central->http);
	for (guint i = 0; i < central->log->len; i++)
		count += strstr(g_ptr_array_index(central->log, i), part) != NULL;
	fake_http_unlock(central->http);
	return count;
}

guint
fake_central_rows(FakeCentral *central, guint64 incarnation)
{
	fake_http_lock(central->http);
	guint count = fake_protocol_rows(central, incarnation)->len;
	fake_http_unlock(central->http);
	return count;
}

guint
fake_central_facts(FakeCentral *central)
{
	g_autoptr(GHashTable) facts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	GHashTableIter iter;
	gpointer value;

	fake_http_lock(central->http);
	g_hash_table_iter_init(&iter, central->rows);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const GPtrArray *rows = value;
		for (guint i = 0; i < rows->len; i++) {
			const TillEntry *entry = g_ptr_array_index(rows, i);
			char *text = g_malloc(TILL_UUID_TEXT);
			till_uuid_format(&entry->txn, text);
			if (entry->body != NULL)
				g_hash_table_add(facts, text);
			else
				g_free(text);
		}
	}
	fake_http_unlock(central->http);
	return g_hash_table_size(facts);
}

guint
fake_central_largest_batch(FakeCentral *central)
{
	fake_http_lock(central->http);
	guint largest = central->largest_batch;
	fake_http_unlock(central->http);
	return largest;
}

void
fake_central_restore(FakeCentral *central, gint64 seq)
{
	GHashTableIter iter;
	gpointer value;

	fake_http_lock(central->http);
	g_hash_table_iter_init(&iter, central->rows);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		GPtrArray *rows = value;
		if ((gint64)rows->len > seq)
			g_ptr_array_set_size(rows, (int)seq);
	}
	central->life++;
	fake_http_unlock(central->http);
}

void
fake_central_feed(FakeCentral *central, const char *scope, const char *collection, const char *key,
		  json_t *value)
{
	TillWireFeedRow *row = g_new0(TillWireFeedRow, 1);

	fake_http_lock(central->http);
	GPtrArray *feed = fake_protocol_feed(central, scope);
	row->seq = feed->len + 1;
	row->collection = g_strdup(collection);
	row->key = g_strdup(key);
	row->value = value;
	g_ptr_array_add(feed, row);
	fake_http_unlock(central->http);
}

void
fake_central_snapshot(FakeCentral *central, const char *path)
{
	fake_http_lock(central->http);
	g_free(central->snapshot_path);
	central->snapshot_path = g_strdup(path);
	fake_http_unlock(central->http);
}

void
fake_central_hint(FakeCentral *central, const char *scope, gint64 head)
{
	g_autofree char *text = g_strdup_printf(
	    "event: head\ndata: {\"head\":%" G_GINT64_FORMAT ",\"scope\":\"%s\"}\n\n", head, scope);

	fake_http_broadcast(central->http, text);
}

void
fake_central_beat(FakeCentral *central)
{
	fake_http_broadcast(central->http, ":\n\n");
}

guint
fake_central_listeners(FakeCentral *central)
{
	return fake_http_streams(central->http);
}

void
fake_central_set_time(FakeCentral *central, gint64 time_ms)
{
	fake_http_lock(central->http);
	central->time_ms = time_ms;
	fake_http_unlock(central->http);
}
