/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* People who work a till, their roles, and what a wrong PIN leads to.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

typedef enum {
	TILL_ROLE_ASSOCIATE,
	TILL_ROLE_CURBSIDE,
	TILL_ROLE_MANAGER,
} TillRole;

typedef struct {
	char *id;   /* "s-014-03" */
	char *name; /* "Ines Moreau" */
	TillRole role;
	char *pin_hash; /* Argon2id, encoded; never leaves store and desk */
	gboolean active;
} TillStaff;

TillStaff *till_staff_new(void);
void till_staff_free(TillStaff *staff);

/* "associate", "curbside", "manager". */
gboolean till_staff_role_parse(const char *name, TillRole *out) G_GNUC_WARN_UNUSED_RESULT;
const char *till_staff_role_name(TillRole role);

/* PINs are 4 to 8 digits. */
#define TILL_PIN_MIN 4
#define TILL_PIN_MAX 8

/* After how many wrong PINs in a row the next try must wait, in milliseconds: 0 for the first two,
 * then 5 s, 15 s, 60 s, 300 s. */
gint64 till_staff_lockout_ms(guint failures);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillStaff, till_staff_free)

G_END_DECLS
