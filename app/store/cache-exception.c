/* SPDX-License-Identifier: Apache-2.0 */
#include "catalog.h"

void
till_cache_exception_free(gpointer exception)
{
	TillCacheException *self = exception;
	if (self == NULL)
		return;
	g_free(self->id);
	g_free(self->code);
	g_free(self->severity);
	g_free(self->words);
	g_free(self);
}
