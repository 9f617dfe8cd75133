/* SPDX-License-Identifier: Apache-2.0 */
#include "tls.h"

#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>

#include "crypto.h"
#include "error.h"
#include "file.h"

#define DAY_S G_GINT64_CONSTANT(86400)
#define CA_DAYS (30 * 365)
#define SERVER_DAYS (2 * 365)
#define RENEW_DAYS 60
#define PEM_MAX (64 * 1024)
/* Clocks of tills may be behind. */
#define BACKDATE_S (2 * DAY_S)

/* A key pair in GnuTLS's own objects. */
typedef struct {
	gnutls_x509_privkey_t key;
	gnutls_x509_crt_t cert;
} Pair;

static void
clear_pair(Pair *pair)
{
	if (pair->key != NULL)
		gnutls_x509_privkey_deinit(pair->key);
	if (pair->cert != NULL)
		gnutls_x509_crt_deinit(pair->cert);
	memset(pair, 0, sizeof *pair);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Pair, clear_pair)

static gboolean
check(int code, GError **error)
{
	if (code >= 0)
		return TRUE;
	g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
		    "The TLS certificates cannot be made or read: %s.", gnutls_strerror(code));
	return FALSE;
}

static gboolean
init_pair(Pair *pair, GError **error)
{
	return check(gnutls_x509_privkey_init(&pair->key), error) &&
	       check(gnutls_x509_crt_init(&pair->cert), error);
}

static gboolean
read_pair(const char *cert_path, const char *key_path, Pair *out, GError **error)
{
	gsize cert_size;
	gsize key_size;
	g_autofree char *cert = till_file_read(cert_path, PEM_MAX, &cert_size, error);
	g_autofree char *key =
	    cert != NULL ? till_file_read(key_path, PEM_MAX, &key_size, error) : NULL;
	gboolean good;

	if (key == NULL)
		return FALSE;
	gnutls_datum_t cert_data = {(unsigned char *)cert, (unsigned int)cert_size};
	gnutls_datum_t key_data = {(unsigned char *)key, (unsigned int)key_size};
	good = init_pair(out, error) &&
	       check(gnutls_x509_crt_import(out->cert, &cert_data, GNUTLS_X509_FMT_PEM), error) &&
	       check(gnutls_x509_privkey_import(out->key, &key_data, GNUTLS_X509_FMT_PEM), error);
	gnutls_memset(key, 0, key_size);
	return good;
}

static gboolean
write_pair(const Pair *pair, const char *cert_path, const char *key_path, GError **error)
{
	gnutls_datum_t cert = {NULL, 0};
	gnutls_datum_t key = {NULL, 0};
	gboolean good;

	/* The key first: a certificate without its key would stop the next start. */
	good = check(gnutls_x509_privkey_export2(pair->key, GNUTLS_X509_FMT_PEM, &key), error) &&
	       check(gnutls_x509_crt_export2(pair->cert, GNUTLS_X509_FMT_PEM, &cert), error) &&
	       till_file_write(key_path, key.data, key.size, 0600, error) &&
	       till_file_write(cert_path, cert.data, cert.size, 0644, error);
	if (key.data != NULL)
		gnutls_memset(key.data, 0, key.size);
	gnutls_free(key.data);
	gnutls_free(cert.data);
	return good;
}

static gboolean
fill_common(Pair *pair, const char *name, gint64 now_s, gint64 days, GError **error)
{
	guint8 serial[16];

	till_crypto_random(serial, sizeof serial);
	serial[0] &= 0x7f;
	serial[0] |= 0x01;
	return check(gnutls_x509_privkey_generate(pair->key, GNUTLS_PK_ECDSA,
						  GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1),
						  0),
		     error) &&
	       check(gnutls_x509_crt_set_version(pair->cert, 3), error) &&
	       check(gnutls_x509_crt_set_serial(pair->cert, serial, sizeof serial), error) &&
	       check(gnutls_x509_crt_set_activation_time(pair->cert, (time_t)(now_s - BACKDATE_S)),
		     error) &&
	       check(
		   gnutls_x509_crt_set_expiration_time(pair->cert, (time_t)(now_s + days * DAY_S)),
		   error) &&
	       check(gnutls_x509_crt_set_key(pair->cert, pair->key), error) &&
	       check(gnutls_x509_crt_set_dn_by_oid(pair->cert, GNUTLS_OID_X520_COMMON_NAME, 0, name,
						   (unsigned int)strlen(name)),
		     error);
}

static gboolean
set_key_id(Pair *pair, GError **error)
{
	guint8 id[64];
	gsize size = sizeof id;

	return check(gnutls_x509_crt_get_key_id(pair->cert, 0, id, &size), error) &&
	       check(gnutls_x509_crt_set_subject_key_id(pair->cert, id, size), error);
}

static gboolean
make_ca(Pair *out, gint64 now_s, GError **error)
{
	return init_pair(out, error) &&
	       fill_common(out, "Tillhouse private CA", now_s, CA_DAYS, error) &&
	       check(gnutls_x509_crt_set_basic_constraints(out->cert, 1, 0), error) &&
	       check(gnutls_x509_crt_set_key_usage(out->cert, GNUTLS_KEY_KEY_CERT_SIGN), error) &&
	       set_key_id(out, error) &&
	       check(gnutls_x509_crt_sign2(out->cert, out->cert, out->key, GNUTLS_DIG_SHA256, 0),
		     error);
}

static gboolean
add_host(Pair *pair, const char *host, GError **error)
{
	guint8 address[16];
	gnutls_x509_subject_alt_name_t kind = GNUTLS_SAN_DNSNAME;
	const void *data = host;
	unsigned int size = (unsigned int)strlen(host);

	if (inet_pton(AF_INET, host, address) == 1) {
		kind = GNUTLS_SAN_IPADDRESS;
		data = address;
		size = 4;
	} else if (inet_pton(AF_INET6, host, address) == 1) {
		kind = GNUTLS_SAN_IPADDRESS;
		data = address;
		size = 16;
	}
	return check(
	    gnutls_x509_crt_set_subject_alt_name(pair->cert, kind, data, size, GNUTLS_FSAN_APPEND),
	    error);
}

static gboolean
make_server(Pair *out, const Pair *ca, const char *const *hosts, gint64 now_s, GError **error)
{
	if (!init_pair(out, error) || !fill_common(out, hosts[0], now_s, SERVER_DAYS, error))
		return FALSE;
	for (const char *const *host = hosts; *host != NULL; host++) {
		if (!add_host(out, *host, error))
			return FALSE;
	}
	return check(gnutls_x509_crt_set_basic_constraints(out->cert, 0, -1), error) &&
	       check(gnutls_x509_crt_set_key_usage(out->cert, GNUTLS_KEY_DIGITAL_SIGNATURE),
		     error) &&
	       check(gnutls_x509_crt_set_key_purpose_oid(out->cert, GNUTLS_KP_TLS_WWW_SERVER, 0),
		     error) &&
	       set_key_id(out, error) &&
	       check(gnutls_x509_crt_sign2(out->cert, ca->cert, ca->key, GNUTLS_DIG_SHA256, 0),
		     error);
}

static gboolean
is_current(const Pair *server, const Pair *ca, const char *const *hosts, gint64 now_s)
{
	if ((gint64)gnutls_x509_crt_get_expiration_time(server->cert) < now_s + RENEW_DAYS * DAY_S)
		return FALSE;
	if (gnutls_x509_crt_check_issuer(server->cert, ca->cert) != 1)
		return FALSE;
	for (const char *const *host = hosts; *host != NULL; host++) {
		if (gnutls_x509_crt_check_hostname(server->cert, *host) == 0)
			return FALSE;
	}
	return TRUE;
}

/* The pair at the two paths, or a new one written there. A file that is there and cannot be read is
 * never replaced: tills have pinned it. */
static gboolean
need_ca(const char *cert_path, const char *key_path, gint64 now_s, Pair *out, GError **error)
{
	if (g_file_test(cert_path, G_FILE_TEST_EXISTS))
		return read_pair(cert_path, key_path, out, error);
	return make_ca(out, now_s, error) && write_pair(out, cert_path, key_path, error);
}

static gboolean
need_server(const char *cert_path, const char *key_path, const Pair *ca, const char *const *hosts,
	    gint64 now_s, GError **error)
{
	g_auto(Pair) old = {NULL, NULL};
	g_auto(Pair) fresh = {NULL, NULL};

	if (g_file_test(cert_path, G_FILE_TEST_EXISTS) &&
	    read_pair(cert_path, key_path, &old, NULL) && is_current(&old, ca, hosts, now_s))
		return TRUE;
	return make_server(&fresh, ca, hosts, now_s, error) &&
	       write_pair(&fresh, cert_path, key_path, error);
}

gboolean
till_tls_prepare(const char *dir, const char *const *hosts, gint64 now_s, TillTls *out,
		 GError **error)
{
	g_autofree char *folder = g_build_filename(dir, "tls", NULL);
	g_autofree char *ca_path = g_build_filename(folder, "ca.pem", NULL);
	g_autofree char *ca_key_path = g_build_filename(folder, "ca.key", NULL);
	g_autofree char *cert_path = g_build_filename(folder, "server.pem", NULL);
	g_autofree char *key_path = g_build_filename(folder, "server.key", NULL);
	g_auto(Pair) ca = {NULL, NULL};
	TillTls tls = {NULL, NULL, NULL};
	g_autofree char *cert = NULL;

	if (!till_file_make_dir(folder, error) ||
	    !need_ca(ca_path, ca_key_path, now_s, &ca, error) ||
	    !need_server(cert_path, key_path, &ca, hosts, now_s, error))
		return FALSE;
	tls.ca_pem = till_file_read(ca_path, PEM_MAX, NULL, error);
	cert = tls.ca_pem != NULL ? till_file_read(cert_path, PEM_MAX, NULL, error) : NULL;
	tls.key_pem = cert != NULL ? till_file_read(key_path, PEM_MAX, NULL, error) : NULL;
	if (tls.key_pem == NULL) {
		till_tls_clear(&tls);
		return FALSE;
	}
	tls.cert_pem = g_strconcat(cert, tls.ca_pem, NULL);
	*out = tls;
	return TRUE;
}

void
till_tls_clear(TillTls *tls)
{
	if (tls->key_pem != NULL)
		gnutls_memset(tls->key_pem, 0, strlen(tls->key_pem));
	g_clear_pointer(&tls->key_pem, g_free);
	g_clear_pointer(&tls->cert_pem, g_free);
	g_clear_pointer(&tls->ca_pem, g_free);
}
