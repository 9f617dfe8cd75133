/* SPDX-License-Identifier: Apache-2.0 */
#include "reading.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "error.h"

#define SLOTS 16

enum { FREE, CLAIMED, IN_HAND };

/* state becomes IN_HAND after txn is whole, so that a crash between the two names nothing wrong. */
typedef struct {
	TillUuid txn;
	gint state;
} Slot;

struct TillReading {
	Slot *slots; /* SLOTS of them, mapped */
};

TillReading *
till_reading_open(const char *path, GArray *out_left, GError **error)
{
	int descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	gsize size = SLOTS * sizeof(Slot);
	TillReading *reading;
	void *memory = MAP_FAILED;

	if (descriptor >= 0 && ftruncate(descriptor, (off_t)size) == 0)
		memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
	if (memory == MAP_FAILED)
		g_set_error(error, TILL_ERROR, TILL_ERROR_DISK,
			    "%s could not be opened: %s. Check the directory's owner and the disk.",
			    path, g_strerror(errno));
	if (descriptor >= 0)
		close(descriptor);
	if (memory == MAP_FAILED)
		return NULL;
	reading = g_new0(TillReading, 1);
	reading->slots = memory;
	for (int i = 0; i < SLOTS; i++) {
		if (reading->slots[i].state == IN_HAND)
			g_array_append_val(out_left, reading->slots[i].txn);
	}
	return reading;
}

void
till_reading_forget(TillReading *reading)
{
	for (int i = 0; i < SLOTS; i++)
		g_atomic_int_set(&reading->slots[i].state, FREE);
}

int
till_reading_begin(TillReading *reading, const TillUuid *txn)
{
	for (int i = 0; i < SLOTS; i++) {
		Slot *slot = &reading->slots[i];
		if (!g_atomic_int_compare_and_exchange(&slot->state, FREE, CLAIMED))
			continue;
		slot->txn = *txn;
		g_atomic_int_set(&slot->state, IN_HAND);
		return i;
	}
	return -1;
}

void
till_reading_end(TillReading *reading, int slot)
{
	if (slot >= 0)
		g_atomic_int_set(&reading->slots[slot].state, FREE);
}

void
till_reading_close(TillReading *reading)
{
	if (reading == NULL)
		return;
	munmap(reading->slots, SLOTS * sizeof(Slot));
	g_free(reading);
}
