/* SPDX-License-Identifier: Apache-2.0 */
#include "reading.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "error.h"

/* in_hand is written last and cleared first, so that a crash between the two names nothing wrong.
 */
typedef struct {
	TillUuid txn;
	gint in_hand;
} Slot;

struct TillReading {
	Slot *slot;
};

TillReading *
till_reading_open(const char *path, TillUuid *out_left, gboolean *out_has_left, GError **error)
{
	int descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	TillReading *reading;
	void *memory = MAP_FAILED;

	if (descriptor >= 0 && ftruncate(descriptor, sizeof(Slot)) == 0)
		memory =
		    mmap(NULL, sizeof(Slot), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
	if (memory == MAP_FAILED) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_DISK,
			    "%s could not be opened: %s. Check the directory's owner and the disk.",
			    path, g_strerror(errno));
		if (descriptor >= 0)
			close(descriptor);
		return NULL;
	}
	close(descriptor);
	reading = g_new0(TillReading, 1);
	reading->slot = memory;
	*out_has_left = reading->slot->in_hand != 0;
	if (*out_has_left)
		memcpy(out_left, &reading->slot->txn, sizeof *out_left);
	return reading;
}

void
till_reading_begin(TillReading *reading, const TillUuid *txn)
{
	memcpy(&reading->slot->txn, txn, sizeof *txn);
	g_atomic_int_set(&reading->slot->in_hand, 1);
}

void
till_reading_end(TillReading *reading)
{
	g_atomic_int_set(&reading->slot->in_hand, 0);
}

void
till_reading_close(TillReading *reading)
{
	if (reading == NULL)
		return;
	munmap(reading->slot, sizeof(Slot));
	g_free(reading);
}
