/* SPDX-License-Identifier: Apache-2.0 */
#include "sound.h"

#include <gio/gio.h>
#include <gsound.h>
#include <sys/mman.h>
#include <unistd.h>

#include "worker.h"

#define PENDING_MAX 4 /* more would only come late */

struct TillSound {
	TillWorker *worker; /* made with the first sound */
	/* The worker's own: */
	GSoundContext *context;
	gboolean silent;             /* there is no way to play here */
	int files[TILL_SOUND_COUNT]; /* memory files; -1: not made yet */
};

static const char *const resources[TILL_SOUND_COUNT] = {
    [TILL_SOUND_ACCEPTED] = "/org/tillhouse/sounds/accepted.wav",
    [TILL_SOUND_UNKNOWN] = "/org/tillhouse/sounds/unknown.wav",
    [TILL_SOUND_ATTENTION] = "/org/tillhouse/sounds/attention.wav",
};

/* The sound library reads files only; a memory file has a name without touching the disk. */
static int
make_file(const char *resource)
{
	g_autoptr(GBytes) bytes = g_resources_lookup_data(resource, 0, NULL);
	int file;

	if (bytes == NULL)
		return -1;
	file = memfd_create("till-sound", MFD_CLOEXEC);
	if (file >= 0 && write(file, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes)) !=
			     (gssize)g_bytes_get_size(bytes)) {
		close(file);
		return -1;
	}
	return file;
}

/* Asked first: without any, the sound library complains at length on the terminal. */
static gboolean
has_output(void)
{
	g_autofree char *server =
	    g_build_filename(g_get_user_runtime_dir(), "pulse", "native", NULL);

	return g_file_test("/dev/snd", G_FILE_TEST_EXISTS) || g_getenv("PULSE_SERVER") != NULL ||
	       g_file_test(server, G_FILE_TEST_EXISTS);
}

static gboolean
play_job(gpointer owner, gpointer data, GError **error)
{
	TillSound *sound = owner;
	guint name = GPOINTER_TO_UINT(data);
	g_autofree char *path = NULL;

	(void)error;
	if (sound->silent || !has_output())
		return TRUE;
	if (sound->context == NULL)
		sound->context = gsound_context_new(NULL, NULL);
	if (sound->files[name] < 0)
		sound->files[name] = make_file(resources[name]);
	path = g_strdup_printf("/proc/self/fd/%d", sound->files[name]);
	/* No sound card is no fault: the same is on screen. */
	sound->silent =
	    sound->context == NULL || sound->files[name] < 0 ||
	    !gsound_context_play_simple(sound->context, NULL, NULL, GSOUND_ATTR_MEDIA_FILENAME,
					path, GSOUND_ATTR_MEDIA_ROLE, "event", NULL);
	return TRUE;
}

TillSound *
till_sound_new(void)
{
	TillSound *sound = g_new0(TillSound, 1);

	for (guint i = 0; i < TILL_SOUND_COUNT; i++)
		sound->files[i] = -1;
	return sound;
}

void
till_sound_free(TillSound *sound)
{
	if (sound == NULL)
		return;
	g_clear_pointer(&sound->worker, till_worker_free);
	g_clear_object(&sound->context);
	for (guint i = 0; i < TILL_SOUND_COUNT; i++)
		if (sound->files[i] >= 0)
			close(sound->files[i]);
	g_free(sound);
}

void
till_sound_play(TillSound *sound, TillSoundName name)
{
	g_assert(name < TILL_SOUND_COUNT);
	if (sound->worker == NULL)
		sound->worker = till_worker_new("till-sound", sound, NULL);
	if (till_worker_pending(sound->worker) < PENDING_MAX)
		till_worker_post(sound->worker, play_job, GUINT_TO_POINTER(name), NULL, NULL, NULL,
				 NULL);
}
