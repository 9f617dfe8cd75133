/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "central-fixture.h"
#include "deliverer.h"
#include "deliveries.h"
#include "error.h"
#include "json.h"
#include "outbox-events.h"
#include "webhook-message.h"
#include "webhook-url.h"
#include "webhooks.h"

#define HOUR_MS (G_GINT64_CONSTANT(3600) * 1000)
#define DAY_MS (24 * HOUR_MS)

/* --- where they may go --- */

static void
test_urls(void)
{
	static const char *const good[] = {
	    "https://shop.example/hooks", "https://shop.example:8443/a?b=c",
	    "https://127.0.0.1/",         "http://127.0.0.1:8000/hooks",
	    "http://localhost/x",         "http://[::1]:99/",
	    "https://8.8.8.8/",           "https://[2606:4700::1]/",
	};
	static const char *const bad[] = {
	    "",
	    "shop.example",
	    "https://",
	    "ftp://shop.example/",
	    "file:///etc/passwd",
	    "http://shop.example/",
	    "https://user:secret@shop.example/",
	    "https://shop.example/#part",
	    "https://shop.example/a b",
	    "https://10.0.0.1/",
	    "https://192.168.1.5/",
	    "https://172.16.0.1/",
	    "https://100.64.0.1/",
	    "https://169.254.169.254/latest/meta-data/",
	    "https://0.0.0.0/",
	    "https://[fd00::1]/",
	    "https://[fe80::1]/",
	    "https://[::ffff:10.0.0.1]/",
	    "https://0xa000001/",
	    "https://10.1/",
	    "https://224.0.0.1/",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(good); i++) {
		g_autoptr(GError) error = NULL;
		g_assert_true(till_webhook_url_check(good[i], FALSE, &error));
		g_assert_no_error(error);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autoptr(GError) error = NULL;
		g_test_message("%s", bad[i]);
		g_assert_false(till_webhook_url_check(bad[i], FALSE, &error));
		g_assert_error(error, TILL_ERROR, TILL_ERROR_INVALID);
	}
	g_assert_true(till_webhook_url_check("https://10.0.0.1/", TRUE, NULL));
	g_assert_false(till_webhook_url_check("http://10.0.0.1/", TRUE, NULL));
	g_assert_false(till_webhook_url_check("https://169.254.169.254/", TRUE, NULL));
}

static gboolean
allows(const char *url, const char *address, gboolean private_too)
{
	struct sockaddr_storage storage = {.ss_family = AF_INET};
	struct sockaddr_in *four = (struct sockaddr_in *)(gpointer)&storage;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)(gpointer)&storage;

	if (inet_pton(AF_INET, address, &four->sin_addr) != 1) {
		storage.ss_family = AF_INET6;
		g_assert_cmpint(inet_pton(AF_INET6, address, &six->sin6_addr), ==, 1);
	}
	return till_webhook_url_allows(url, (struct sockaddr *)(gpointer)&storage, private_too);
}

/* A name may lead anywhere; only the address that is called counts. */
static void
test_addresses(void)
{
	static const char shop[] = "https://shop.example/";

	g_assert_true(allows(shop, "93.184.216.34", FALSE));
	g_assert_true(allows(shop, "2606:2800:220:1::1", FALSE));
	g_assert_false(allows(shop, "127.0.0.1", FALSE));
	g_assert_false(allows(shop, "127.0.0.1", TRUE));
	g_assert_false(allows(shop, "::1", FALSE));
	g_assert_false(allows(shop, "10.1.2.3", FALSE));
	g_assert_true(allows(shop, "10.1.2.3", TRUE));
	g_assert_false(allows(shop, "::ffff:10.1.2.3", FALSE));
	g_assert_false(allows(shop, "64:ff9b::a01:203", FALSE));
	g_assert_false(allows(shop, "2002:a01:203::1", FALSE));
	g_assert_false(allows(shop, "fd12::1", FALSE));
	g_assert_false(allows(shop, "169.254.169.254", TRUE));
	g_assert_false(allows(shop, "fe80::1", TRUE));
	g_assert_false(allows(shop, "255.255.255.255", TRUE));
	g_assert_true(allows("http://localhost:8000/", "127.0.0.1", FALSE));
	g_assert_true(allows("http://127.0.0.1:8000/", "127.0.0.1", FALSE));
	g_assert_false(allows("http://localhost:8000/", "10.1.2.3", FALSE));
}

/* --- what they carry --- */

/* The example that the libraries of Standard Webhooks are tested with. */
static void
test_signature(void)
{
	static const char text[] = "{\"test\": 2432232314}";
	g_autoptr(GBytes) body = g_bytes_new_static(text, strlen(text));
	gsize size;
	g_autofree guint8 *secret = g_base64_decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", &size);
	g_autofree char *signature = till_webhook_message_sign(
	    secret, size, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body);

	g_assert_cmpstr(signature, ==, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

static void
test_body(void)
{
	TillWebhookEvent event = {.seq = 42,
				  .id = "7e4a",
				  .type = "order.placed",
				  .subject = "s",
				  .data = "{\"number\":\"W-1001\"}",
				  .at_ms = G_GINT64_CONSTANT(1795000000123)};
	g_autoptr(GBytes) body = till_webhook_message_body(&event, "0199");
	g_autofree char *text = g_strndup(g_bytes_get_data(body, NULL), g_bytes_get_size(body));

	g_assert_cmpstr(text, ==,
			"{\"data\":{\"number\":\"W-1001\"},\"datacontenttype\":\"application/"
			"json\",\"id\":\"7e4a\",\"sequence\":\"0000000000000000042\",\"source\":"
			"\"urn:uuid:0199\",\"specversion\":\"1.0\",\"subject\":\"s\",\"time\":"
			"\"2026-11-18T11:06:40.123Z\",\"type\":\"order.placed\"}");
}

/* --- what becomes of them --- */

typedef struct {
	CentralFixture fixture;
	char *webhook;
} House;

/* A job for the writer with what it wants and what it got. */
typedef struct {
	House *house;
	const char *subject;
	int status;
	gint64 number, retry_after_s;
	guint found;
	GError *error;
} Job;

static gboolean
run(House *house, TillWriterRun job_run, Job *job)
{
	job->house = house;
	return till_writer_call(house->fixture.central->writer, job_run, job, NULL);
}

static gboolean
make_run(gpointer owner, gpointer data)
{
	Job *job = data;
	const char *const none[] = {NULL};
	g_autoptr(json_t) answer =
	    till_webhooks_make(owner, "http://127.0.0.1:1/", none, &job->error);

	job->house->webhook = g_strdup(json_string_value(json_object_get(answer, "id")));
	return answer != NULL;
}

static gboolean
add_run(gpointer owner, gpointer data)
{
	TillCentral *central = owner;
	Job *job = data;
	g_autoptr(json_t) event = json_object();

	return till_outbox_events_add(central->db, "order.placed", job->subject, event,
				      till_central_now_ms(central), &job->error);
}

/* How many are due, and the number of the first. */
static gboolean
due_run(gpointer owner, gpointer data)
{
	TillCentral *central = owner;
	Job *job = data;
	g_autoptr(GPtrArray) found = g_ptr_array_new();

	if (!till_deliveries_due(central->db, job->house->webhook, till_central_now_ms(central), 9,
				 found, &job->error))
		return FALSE;
	job->found = found->len;
	for (guint i = 0; i < found->len; i++) {
		TillWebhookDelivery *delivery = g_ptr_array_index(found, i);
		job->number = i == 0 ? delivery->number : job->number;
		till_deliveries_free_one(delivery);
	}
	return TRUE;
}

static gboolean
note_run(gpointer owner, gpointer data)
{
	Job *job = data;
	TillDeliveryOutcome outcome = {.number = job->number,
				       .status = job->status,
				       .retry_after_s = job->retry_after_s,
				       .reason = job->status == 200 ? "" : "Answered 500.",
				       .wait_max_ms = TILL_DELIVERER_WAIT_MS};

	return till_deliveries_note(owner, &outcome, &job->error);
}

static gboolean
retry_run(gpointer owner, gpointer data)
{
	Job *job = data;

	return till_deliveries_retry(owner, job->house->webhook, job->number, &job->error);
}

static gboolean
prune_run(gpointer owner, gpointer data)
{
	TillCentral *central = owner;
	Job *job = data;

	return till_deliveries_prune(central->db, till_central_now_ms(central), &job->error);
}

static void
house_init(House *house)
{
	Job job = {NULL};

	central_fixture_init(&house->fixture, FALSE);
	g_assert_true(run(house, make_run, &job));
	g_assert_no_error(job.error);
}

static void
house_clear(House *house)
{
	g_free(house->webhook);
	central_fixture_clear(&house->fixture);
}

static void
add(House *house, const char *subject)
{
	Job job = {.subject = subject};

	g_assert_true(run(house, add_run, &job));
	g_assert_no_error(job.error);
}

static guint
count_due(House *house, gint64 *out_first)
{
	Job job = {NULL};

	g_assert_true(run(house, due_run, &job));
	g_assert_no_error(job.error);
	if (out_first != NULL)
		*out_first = job.number;
	return job.found;
}

static void
note(House *house, gint64 number, int status, gint64 retry_after_s)
{
	Job job = {.number = number, .status = status, .retry_after_s = retry_after_s};

	g_assert_true(run(house, note_run, &job));
	g_assert_no_error(job.error);
}

static gint64
count(House *house, const char *sql)
{
	return central_fixture_count(&house->fixture, sql);
}

static void
test_waits(void)
{
	static const gint64 waits_s[] = {5, 60, 300, 1800, 7200, 28800, 86400};
	House house;
	gint64 number;

	house_init(&house);
	add(&house, "a");
	for (gsize i = 0; i < G_N_ELEMENTS(waits_s); i++) {
		g_assert_cmpuint(count_due(&house, &number), ==, 1);
		note(&house, number, 500, 0);
		till_test_clock_advance(&house.fixture.clock, waits_s[i] * 1000 - 1);
		g_assert_cmpuint(count_due(&house, NULL), ==, 0);
		till_test_clock_advance(&house.fixture.clock, waits_s[i] * 200 + 1);
	}
	g_assert_cmpuint(count_due(&house, &number), ==, 1);
	note(&house, number, 500, 0);
	g_assert_cmpint(count(&house, "SELECT tries FROM delivery WHERE state = 'dead' AND status "
				      "= 500 AND reason = 'Answered 500.'"),
			==, TILL_DELIVERIES_TRIES);
	till_test_clock_advance(&house.fixture.clock, 2 * DAY_MS);
	g_assert_cmpuint(count_due(&house, NULL), ==, 0);
	house_clear(&house);
}

static void
test_retry_after(void)
{
	House house;
	gint64 number;

	house_init(&house);
	add(&house, "a");
	g_assert_cmpuint(count_due(&house, &number), ==, 1);
	note(&house, number, 503, 3600);
	till_test_clock_advance(&house.fixture.clock, HOUR_MS - 1);
	g_assert_cmpuint(count_due(&house, NULL), ==, 0);
	till_test_clock_advance(&house.fixture.clock, 1);
	g_assert_cmpuint(count_due(&house, &number), ==, 1);
	/* Nobody is waited for longer than a day. */
	note(&house, number, 503, G_MAXINT32);
	till_test_clock_advance(&house.fixture.clock, DAY_MS);
	g_assert_cmpuint(count_due(&house, NULL), ==, 1);
	house_clear(&house);
}

static void
test_order(void)
{
	House house;
	gint64 first, number;

	house_init(&house);
	add(&house, "a");
	add(&house, "a");
	add(&house, "b");
	g_assert_cmpuint(count_due(&house, &first), ==, 2);
	note(&house, first, 500, 0);
	g_assert_cmpuint(count_due(&house, &number), ==, 1);
	g_assert_cmpint(number, !=, first + 1);
	till_test_clock_advance(&house.fixture.clock, HOUR_MS);
	note(&house, first, 204, 0);
	/* Now a's second may go. */
	g_assert_cmpint(count(&house, "SELECT number FROM delivery WHERE state = 'waiting' AND "
				      "subject = 'a'"),
			==, first + 1);
	note(&house, first, 500, 0);
	g_assert_cmpint(count(&house, "SELECT count(*) FROM delivery WHERE state = 'delivered'"),
			==, 1);
	house_clear(&house);
}

static void
let_die(House *house, gint64 number)
{
	for (int i = 0; i < TILL_DELIVERIES_TRIES; i++)
		note(house, number, 500, 0);
	g_assert_cmpint(count(house, "SELECT count(*) FROM delivery WHERE state = 'dead'"), ==, 1);
}

/* What was given up goes again by hand, and nothing overtakes it or is overtaken. */
static void
test_again(void)
{
	House house;
	Job job = {NULL};
	gint64 first, second;

	house_init(&house);
	add(&house, "a");
	add(&house, "a");
	g_assert_cmpuint(count_due(&house, &first), ==, 1);
	let_die(&house, first);
	g_assert_cmpuint(count_due(&house, &second), ==, 1);
	g_assert_cmpint(second, ==, first + 1);
	job.number = first;
	g_assert_true(run(&house, retry_run, &job));
	g_assert_no_error(job.error);
	g_assert_cmpint(count(&house, "SELECT tries FROM delivery WHERE state = 'queued'"), ==, 0);
	note(&house, second, 200, 0);
	g_assert_cmpuint(count_due(&house, &second), ==, 1);
	g_assert_cmpint(second, ==, first);
	g_assert_true(run(&house, retry_run, &job));
	g_assert_error(job.error, TILL_ERROR, TILL_ERROR_STATE);
	g_clear_error(&job.error);
	job.number = 99;
	g_assert_true(run(&house, retry_run, &job));
	g_assert_error(job.error, TILL_ERROR, TILL_ERROR_NOT_FOUND);
	g_clear_error(&job.error);
	house_clear(&house);
}

static void
test_gone(void)
{
	House house;
	Job job = {NULL};
	gint64 number;

	house_init(&house);
	add(&house, "a");
	add(&house, "a");
	add(&house, "b");
	g_assert_cmpuint(count_due(&house, &number), ==, 2);
	note(&house, number, 410, 0);
	g_assert_cmpint(count(&house, "SELECT count(*) FROM delivery WHERE state = 'dead'"), ==, 3);
	g_assert_cmpint(count(&house, "SELECT count(*) FROM webhook WHERE ended_ms > 0"), ==, 1);
	add(&house, "c");
	g_assert_cmpint(count(&house, "SELECT count(*) FROM delivery"), ==, 3);
	job.number = number;
	g_assert_true(run(&house, retry_run, &job));
	g_assert_error(job.error, TILL_ERROR, TILL_ERROR_STATE);
	g_clear_error(&job.error);
	house_clear(&house);
}

static void
test_prune(void)
{
	House house;
	Job job = {NULL};
	gint64 number;

	house_init(&house);
	add(&house, "a");
	add(&house, "b");
	g_assert_cmpuint(count_due(&house, &number), ==, 2);
	note(&house, number, 200, 0);
	let_die(&house, number + 1);
	till_test_clock_advance(&house.fixture.clock, 31 * DAY_MS);
	g_assert_true(run(&house, prune_run, &job));
	g_assert_cmpint(count(&house, "SELECT count(*) FROM delivery WHERE state = 'delivered'"),
			==, 0);
	g_assert_cmpint(count(&house, "SELECT count(*) FROM delivery WHERE state = 'dead'"), ==, 1);
	g_assert_cmpint(count(&house, "SELECT count(*) FROM outbox_event"), ==, 1);
	till_test_clock_advance(&house.fixture.clock, 366 * DAY_MS);
	g_assert_true(run(&house, prune_run, &job));
	g_assert_cmpint(count(&house, "SELECT count(*) FROM delivery"), ==, 0);
	g_assert_cmpint(count(&house, "SELECT count(*) FROM outbox_event"), ==, 0);
	house_clear(&house);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/central/webhook/goes-to-public-addresses-only", test_urls);
	g_test_add_func("/central/webhook/a-name-leads-into-no-private-network", test_addresses);
	g_test_add_func("/central/webhook/signature-is-that-of-the-standard", test_signature);
	g_test_add_func("/central/webhook/body-is-a-cloud-event", test_body);
	g_test_add_func("/central/webhook/waits-grow-until-it-is-dead", test_waits);
	g_test_add_func("/central/webhook/waits-as-long-as-it-is-asked-to", test_retry_after);
	g_test_add_func("/central/webhook/keeps-the-order-of-a-subject", test_order);
	g_test_add_func("/central/webhook/what-is-dead-goes-again-by-hand", test_again);
	g_test_add_func("/central/webhook/ends-when-its-receiver-is-gone", test_gone);
	g_test_add_func("/central/webhook/forgets-what-is-old", test_prune);
	return g_test_run();
}
