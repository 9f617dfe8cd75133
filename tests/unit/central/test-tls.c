/* SPDX-License-Identifier: Apache-2.0 */
#include <gnutls/x509.h>
#include <string.h>

#include "crypto.h"
#include "till-test.h"
#include "tls.h"

#define NOW_S G_GINT64_CONSTANT(1795000000)
#define YEAR_S (G_GINT64_CONSTANT(365) * 86400)

static gnutls_x509_crt_t
read_cert(const char *pem)
{
	gnutls_datum_t data = {(unsigned char *)(guintptr)pem, (unsigned int)strlen(pem)};
	gnutls_x509_crt_t cert;

	g_assert_cmpint(gnutls_x509_crt_init(&cert), ==, 0);
	g_assert_cmpint(gnutls_x509_crt_import(cert, &data, GNUTLS_X509_FMT_PEM), ==, 0);
	return cert;
}

static void
prepare(const char *dir, const char *const *hosts, gint64 now_s, TillTls *out)
{
	g_autoptr(GError) error = NULL;

	g_assert_true(till_tls_prepare(dir, hosts, now_s, out, &error));
	g_assert_no_error(error);
}

static void
test_made(void)
{
	static const char *const hosts[] = {"central.example", "127.0.0.1", "::1", NULL};
	char *dir = till_test_temp_dir();
	gnutls_x509_crt_t ca;
	gnutls_x509_crt_t server;
	unsigned int status;
	TillTls tls;

	prepare(dir, hosts, NOW_S, &tls);
	ca = read_cert(tls.ca_pem);
	server = read_cert(tls.cert_pem);
	g_assert_cmpint(gnutls_x509_crt_get_ca_status(ca, NULL), ==, 1);
	g_assert_cmpint(gnutls_x509_crt_get_ca_status(server, NULL), ==, 0);
	g_assert_cmpint(
	    gnutls_x509_crt_verify(server, &ca, 1, GNUTLS_VERIFY_DISABLE_TIME_CHECKS, &status), ==,
	    0);
	g_assert_cmpuint(status, ==, 0);
	for (const char *const *host = hosts; *host != NULL; host++)
		g_assert_cmpint(gnutls_x509_crt_check_hostname(server, *host), !=, 0);
	g_assert_cmpint(gnutls_x509_crt_check_hostname(server, "other.example"), ==, 0);
	gnutls_x509_crt_deinit(ca);
	gnutls_x509_crt_deinit(server);
	till_tls_clear(&tls);
	till_test_remove_dir(dir);
	g_free(dir);
}

static void
test_kept(void)
{
	static const char *const hosts[] = {"a.example", NULL};
	static const char *const more[] = {"a.example", "b.example", NULL};
	char *dir = till_test_temp_dir();
	TillTls first;
	TillTls again;
	TillTls named;
	TillTls later;

	prepare(dir, hosts, NOW_S, &first);
	prepare(dir, hosts, NOW_S + YEAR_S, &again);
	g_assert_cmpstr(first.cert_pem, ==, again.cert_pem);
	prepare(dir, more, NOW_S, &named);
	g_assert_cmpstr(first.cert_pem, !=, named.cert_pem);
	prepare(dir, more, NOW_S + 2 * YEAR_S, &later);
	g_assert_cmpstr(named.cert_pem, !=, later.cert_pem);
	/* Tills have pinned the CA: it stays whatever happens to the certificate. */
	g_assert_cmpstr(first.ca_pem, ==, later.ca_pem);
	till_tls_clear(&first);
	till_tls_clear(&again);
	till_tls_clear(&named);
	till_tls_clear(&later);
	till_test_remove_dir(dir);
	g_free(dir);
}

static void
test_damaged(void)
{
	static const char *const hosts[] = {"a.example", NULL};
	char *dir = till_test_temp_dir();
	g_autofree char *path = g_build_filename(dir, "tls", "ca.pem", NULL);
	g_autofree char *left = NULL;
	g_autoptr(GError) error = NULL;
	TillTls tls;

	prepare(dir, hosts, NOW_S, &tls);
	till_tls_clear(&tls);
	g_assert_true(g_file_set_contents(path, "rubbish", -1, NULL));
	g_assert_false(till_tls_prepare(dir, hosts, NOW_S, &tls, &error));
	g_assert_nonnull(error);
	g_assert_true(g_file_get_contents(path, &left, NULL, NULL));
	g_assert_cmpstr(left, ==, "rubbish");
	till_test_remove_dir(dir);
	g_free(dir);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	till_crypto_init();
	g_test_add_func("/central/tls/the-certificate-names-its-hosts-and-its-ca", test_made);
	g_test_add_func("/central/tls/the-ca-is-made-once", test_kept);
	g_test_add_func("/central/tls/a-damaged-ca-is-left-alone", test_damaged);
	return g_test_run();
}
