/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* The code of a store credit: "CR-XXXX-XXXX-XXXX", eleven letters of Crockford base 32 that hold 55
 * random bits, and a check letter. Whoever brings the code may spend the credit, so nobody can
 * guess one: with a million credits open, one guess in 36 thousand million is right. A till makes
 * it without asking anybody; that two tills make the same is as unlikely.
 *
 * The check letter is the remainder of the letters as a polynomial over the field of 32 elements,
 * so that it finds every single wrong letter and every two that changed places. It is no proof that
 * there is such a credit.
 *
 * Threads: any (pure), after till_crypto_init. */

G_BEGIN_DECLS

#define TILL_STORE_CREDIT_TEXT 18 /* with the final NUL */

/* A new code. text: TILL_STORE_CREDIT_TEXT bytes. Returns text. */
char *till_store_credit_make(char *text);

/* The code in what was typed or scanned: small letters, spaces and missing dashes do not matter, O
 * is 0, I and L are 1. FALSE: no such code, or one with a wrong letter. */
gboolean till_store_credit_read(const char *typed, char *out_text) G_GNUC_WARN_UNUSED_RESULT;

/* For lists and the shopper's screen: "CR-····-····-X7QM". Caller frees. */
char *till_store_credit_mask(const char *text);

G_END_DECLS
