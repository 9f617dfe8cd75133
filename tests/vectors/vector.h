/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "ratio.h"

/* One case of somebody else's test suite, and what became of it.
 *
 * An adapter reads inputs, has the product's own code work them out and compares with expected. It
 * never computes a figure by itself. The first word stands: once a case is out of scope or failed,
 * later calls change nothing, so an adapter may read on and check till_vector_open now and then.
 *
 * Unknown fields put a case out of scope, so that nothing is passed by not being looked at.
 *
 * Threads: one. */

G_BEGIN_DECLS

typedef enum {
	TILL_VECTOR_PASSED,
	TILL_VECTOR_FAILED,
	TILL_VECTOR_OUT_OF_SCOPE,
} TillVectorOutcome;

typedef struct {
	const char *id;       /* for messages only; nothing may depend on it */
	const char *source;   /* "odoo/odoo (…)": whose case it is */
	const json_t *tags;   /* NULL: none */
	const json_t *inputs; /* borrowed, as are the others */
	const json_t *expected;
	TillVectorOutcome outcome;
	char *words; /* owned: what differed, or the rule that put it out of scope */
} TillVector;

/* Which adapter reads which cases: by folder, by whose they are, and where a folder holds more than
 * this program reads, by what they ask. */
typedef struct {
	const char *folder; /* "tax" */
	const char *system; /* start of the source, "odoo/odoo"; NULL: any other */
	void (*run)(TillVector *vector);
	gboolean (*wants)(const TillVector *vector); /* NULL: all of them */
} TillVectorSet;

gboolean till_vector_open(const TillVector *vector); /* still passed */
gboolean till_vector_has_tag(const TillVector *vector, const char *tag);
void till_vector_out(TillVector *vector, const char *format, ...) G_GNUC_PRINTF(2, 3);
void till_vector_fail(TillVector *vector, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Out of scope when object has a key outside known ("price quantity taxes"), naming it. */
void till_vector_known(TillVector *vector, const json_t *object, const char *known);

/* A number as text, integer or real; 0 and out of scope when it is none. Reals are read to 15
 * significant digits, which is what a binary number carries. key NULL: value itself. */
TillRatio till_vector_number(TillVector *vector, const json_t *object, const char *key);
TillRatio till_vector_number_or(TillVector *vector, const json_t *object, const char *key,
				const char *fallback);
/* number · 10^exponent, which must be whole and fit (else out of scope). */
gint64 till_vector_scaled(TillVector *vector, const json_t *object, const char *key,
			  guint exponent);
gint64 till_vector_scaled_or(TillVector *vector, const json_t *object, const char *key,
			     guint exponent, gint64 fallback);
gint64 till_vector_scale_ratio(TillVector *vector, TillRatio ratio, guint exponent);
/* Places after the point of a number written in decimals. */
guint till_vector_decimals(const json_t *value);
const char *till_vector_text_or(const json_t *object, const char *key, const char *fallback);
gboolean till_vector_flag_or(const json_t *object, const char *key, gboolean fallback);

/* Fails unless the value under key, if there is one, equals actual · 10^−exponent. what names it.
 */
void till_vector_expect(TillVector *vector, const json_t *object, const char *key, gint64 actual,
			guint exponent, const char *what);
/* The same of an exact figure: equal when rounded to decimals places, at least those written. */
void till_vector_expect_exact(TillVector *vector, const json_t *object, const char *key,
			      TillRatio actual, guint decimals, const char *what);
/* The same to exactly so many places, whatever is written: for figures that were binary numbers. */
void till_vector_expect_near(TillVector *vector, const json_t *object, const char *key,
			     TillRatio actual, guint decimals, const char *what);

G_END_DECLS
