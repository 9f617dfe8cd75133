/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "db.h"

/* The one thread that uses the database, with group commit: everything that waits shares one
 * transaction, and each is answered only after it is on disk.
 *
 * Returning FALSE undoes what it wrote and harms
 * nobody else. When the commit itself fails nothing of the group is acknowledged. Built on pthread
 * primitives, so that the thread sanitizer sees its locking.
 *
 * Threads: new, free from the creator's; post from any, also from a done; call from any but the
 * writer's own. */

G_BEGIN_DECLS

typedef struct TillWriter TillWriter;

/* On the writer thread, inside the transaction. FALSE: undo what this job wrote. */
typedef gboolean (*TillWriterRun)(gpointer owner, gpointer data);
/* On the writer thread, after the group was committed. error: NULL, or why nothing was stored. Must
 * not block. */
typedef void (*TillWriterDone)(gpointer data, const GError *error);
/* On the writer thread after a group that wrote something. */
typedef void (*TillWriterCommitted)(gpointer owner);

/* db is borrowed and belongs to the thread until free. owner: handed to run and committed. */
TillWriter *till_writer_new(TillDb *db, gpointer owner, TillWriterCommitted committed);

/* Called on the writer thread when a group is not stored, so that nobody keeps what it read.
 * Before the first job. */
void till_writer_set_undone(TillWriter *writer, TillWriterCommitted undone);

/* Queues a job; done is called exactly once. */
void till_writer_post(TillWriter *writer, TillWriterRun run, TillWriterDone done, gpointer data);

/* Queues a job and waits until its group is on disk. FALSE with error when the commit failed;
 * whether the job itself was content is the job's own business. */
gboolean till_writer_call(TillWriter *writer, TillWriterRun run, gpointer data,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Like call, but outside any transaction (a backup, a check). */
void till_writer_call_alone(TillWriter *writer, TillWriterRun run, gpointer data);

/* Runs what is queued, ends the thread. */
void till_writer_free(TillWriter *writer);

G_END_DECLS
