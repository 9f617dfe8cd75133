/* SPDX-License-Identifier: Apache-2.0 */
#include "witness.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "error.h"
#include "file.h"
#include "id.h"
#include "text.h"

/* "tillhouse-witness-1 INCARNATION SEQ CHAIN CHECK\n", space-padded to a fixed size; CHECK is the
 * hash of what stands before it. */
#define MARK "tillhouse-witness-1"
#define RECORD_BYTES 256

struct TillWitness {
	char *path;
	int descriptor;
	gboolean dirty;
};

static gboolean
fail(const TillWitness *witness, const char *verb, GError **error)
{
	g_set_error(error, TILL_ERROR, TILL_ERROR_DISK,
		    "Could not %s the witness file %s: %s. Check that disk.", verb, witness->path,
		    g_strerror(errno));
	return FALSE;
}

char *
till_witness_directory(void)
{
	const char *given = g_getenv("TILLHOUSE_STATE_DIR");
	if (given != NULL && *given != '\0')
		return g_strdup(given);
	return g_build_filename(g_get_user_state_dir(), "tillhouse", NULL);
}

static void
check_text(const char *text, char *out)
{
	TillHash hash;
	till_crypto_hash(text, strlen(text), &hash);
	till_crypto_hash_format(&hash, out);
}

static gboolean
parse(const char *record, TillWitnessHead *out)
{
	g_auto(GStrv) fields = g_strsplit_set(record, " \n", 6);
	TillWitnessHead head;
	if (g_strv_length(fields) < 5 || strcmp(fields[0], MARK) != 0 ||
	    !till_id_incarnation_parse(fields[1], &head.incarnation) ||
	    !till_text_parse_int(fields[2], 0, G_MAXINT64, &head.seq) ||
	    !till_crypto_hash_parse(fields[3], &head.chain))
		return FALSE;
	g_autofree char *checked =
	    g_strdup_printf("%s %s %s %s", fields[0], fields[1], fields[2], fields[3]);
	char check[TILL_HASH_TEXT];
	check_text(checked, check);
	if (strcmp(check, fields[4]) != 0)
		return FALSE;
	*out = head;
	return TRUE;
}

static void
read_head(TillWitness *witness, TillWitnessHead *out)
{
	char record[RECORD_BYTES + 1] = {0};
	*out = (TillWitnessHead){0};
	if (pread(witness->descriptor, record, RECORD_BYTES, 0) <= 0)
		return;
	if (!parse(record, out))
		g_message("The witness file %s could not be read and starts anew", witness->path);
}

TillWitness *
till_witness_open(const char *directory, const char *terminal_id, TillWitnessHead *out_head,
		  GError **error)
{
	if (!till_file_make_dir(directory, error))
		return NULL;
	g_autoptr(TillWitness) witness = g_new0(TillWitness, 1);
	g_autofree char *name = g_strconcat(terminal_id, ".witness", NULL);
	witness->path = g_build_filename(directory, name, NULL);
	witness->descriptor = open(witness->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (witness->descriptor < 0) {
		fail(witness, "open", error);
		return NULL;
	}
	read_head(witness, out_head);
	return g_steal_pointer(&witness);
}

void
till_witness_free(TillWitness *witness)
{
	if (witness == NULL)
		return;
	if (witness->descriptor >= 0)
		(void)close(witness->descriptor);
	g_free(witness->path);
	g_free(witness);
}

gboolean
till_witness_write(TillWitness *witness, const TillWitnessHead *head, GError **error)
{
	char incarnation[14];
	char chain[TILL_HASH_TEXT];
	char check[TILL_HASH_TEXT];
	char text[RECORD_BYTES];
	char record[RECORD_BYTES];
	g_snprintf(text, sizeof text, "%s %s %" G_GINT64_FORMAT " %s", MARK,
		   till_id_incarnation_format(head->incarnation, incarnation), head->seq,
		   till_crypto_hash_format(&head->chain, chain));
	check_text(text, check);
	memset(record, ' ', sizeof record);
	int used = g_snprintf(record, sizeof record, "%s %s\n", text, check);
	record[used] = ' ';
	record[RECORD_BYTES - 1] = '\n';
	if (pwrite(witness->descriptor, record, sizeof record, 0) != (ssize_t)sizeof record)
		return fail(witness, "write", error);
	witness->dirty = TRUE;
	return TRUE;
}

gboolean
till_witness_sync(TillWitness *witness, GError **error)
{
	if (!witness->dirty)
		return TRUE;
	if (fdatasync(witness->descriptor) != 0)
		return fail(witness, "sync", error);
	witness->dirty = FALSE;
	return TRUE;
}
