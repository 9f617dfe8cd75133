/* SPDX-License-Identifier: Apache-2.0 */
#include "json-arena.h"

#include <jansson.h>
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>

/* The tree of a sale of fifty lines. */
#define BLOCK_BYTES ((gsize)512 * 1024)

typedef struct {
	gsize used;
	gboolean open;
	_Alignas(max_align_t) char bytes[BLOCK_BYTES];
} Arena;

static pthread_key_t key; /* frees the thread's arena */
static _Thread_local Arena *arena;
static gboolean installed;

static void *
take_memory(size_t size)
{
	gsize rounded = (size + _Alignof(max_align_t) - 1) & ~(_Alignof(max_align_t) - 1);

	if (arena == NULL || !arena->open || rounded < size || rounded > BLOCK_BYTES - arena->used)
		return malloc(size);
	arena->used += rounded;
	return arena->bytes + arena->used - rounded;
}

static void
drop_memory(void *memory)
{
	char *at = memory;

	if (arena == NULL || at < arena->bytes || at >= arena->bytes + BLOCK_BYTES)
		free(memory);
}

void
till_json_arena_install(void)
{
	int result = pthread_key_create(&key, free);

	g_assert(result == 0);
	json_set_alloc_funcs(take_memory, drop_memory);
	installed = TRUE;
}

void
till_json_arena_begin(void)
{
	if (!installed)
		return;
	if (arena == NULL) {
		arena = malloc(sizeof *arena);
		g_assert(arena != NULL);
		pthread_setspecific(key, arena);
	}
	arena->used = 0;
	arena->open = TRUE;
}

void
till_json_arena_end(void)
{
	if (arena != NULL)
		arena->open = FALSE;
}
