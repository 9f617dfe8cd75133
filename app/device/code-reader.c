/* SPDX-License-Identifier: Apache-2.0 */
#include "code-reader.h"

#include "bar-match.h"
#include "code-stage.h"
#include "code-vote.h"

/* Frames older than this say nothing about what is held before the camera now. */
#define MEMORY_MS 500
#define FRAMES_MAX 16

typedef struct {
	gint64 at_ms;
	gboolean places;
	GPtrArray *sights; /* owned, of TillCodeSight */
} Frame;

struct TillCodeReader {
	TillCodeScanner *scanner;
	guint64 frames; /* how many came */
	GQueue recent;  /* of Frame, oldest first */
};

static void
frame_free(Frame *frame)
{
	g_ptr_array_unref(frame->sights);
	g_free(frame);
}

TillCodeReader *
till_code_reader_new(gboolean databar)
{
	TillCodeReader *reader = g_new0(TillCodeReader, 1);

	reader->scanner = till_code_scanner_new(databar);
	g_queue_init(&reader->recent);
	return reader;
}

void
till_code_reader_free(TillCodeReader *reader)
{
	if (reader == NULL)
		return;
	g_queue_clear_full(&reader->recent, (GDestroyNotify)frame_free);
	till_code_scanner_free(reader->scanner);
	g_free(reader);
}

/* NULL when the stage cannot show this picture. */
static GPtrArray *
look_through(TillCodeReader *reader, guint stage, const TillImage *image)
{
	g_autoptr(TillImage) shown = till_code_stage_apply(stage, image);

	if (shown == NULL)
		return NULL;
	if (till_code_stage_bars(stage) > 0)
		return till_bar_match_look(shown, till_code_stage_bars(stage));
	return till_code_scanner_look(reader->scanner, shown, till_code_stage_look(stage));
}

/* A picture small enough for stages that double it. */
static TillImage *
reduce(const TillImage *image)
{
	TillImage *small = till_image_copy(image);

	while ((gsize)small->width * small->height > TILL_CODE_STAGE_PIXELS_MAX) {
		TillImage *half = till_image_halve(small);
		if (half == NULL) /* a line one pixel high */
			break;
		till_image_free(small);
		small = half;
	}
	return small;
}

static GPtrArray *
read_raw(TillCodeReader *reader, const TillImage *image)
{
	g_autoptr(TillCodeVote) vote = till_code_vote_new();
	static const TillCodeLook looks[] = {TILL_CODE_LOOK_INVERTED,
					     TILL_CODE_LOOK_INVERTED | TILL_CODE_LOOK_SPARSE};

	for (guint i = 0; i < G_N_ELEMENTS(looks); i++) {
		g_autoptr(GPtrArray) sights =
		    till_code_scanner_look(reader->scanner, image, looks[i]);
		till_code_vote_add(vote, sights, TRUE);
	}
	return till_code_vote_elect(vote);
}

GPtrArray *
till_code_reader_read_still(TillCodeReader *reader, const TillImage *image, TillCodeStages stages)
{
	if (stages == TILL_CODE_STAGES_RAW)
		return read_raw(reader, image);
	g_autoptr(TillCodeVote) vote = till_code_vote_new();
	g_autoptr(TillImage) small = reduce(image);
	for (guint i = 0; i < till_code_stage_count() && !till_code_vote_is_settled(vote); i++) {
		g_autoptr(GPtrArray) sights = look_through(reader, i, i == 0 ? image : small);
		if (sights != NULL)
			till_code_vote_add(vote, sights, till_code_stage_keeps_place(i));
	}
	return till_code_vote_elect(vote);
}

static void
forget(TillCodeReader *reader, gint64 at_ms)
{
	const Frame *oldest;

	while ((oldest = g_queue_peek_head(&reader->recent)) != NULL &&
	       (at_ms - oldest->at_ms > MEMORY_MS || reader->recent.length >= FRAMES_MAX))
		frame_free(g_queue_pop_head(&reader->recent));
}

static void
remember(TillCodeReader *reader, GPtrArray *sights, guint stage, gint64 at_ms)
{
	Frame *frame = g_new0(Frame, 1);

	frame->at_ms = at_ms;
	frame->places = till_code_stage_keeps_place(stage);
	frame->sights = sights;
	g_queue_push_tail(&reader->recent, frame);
}

static gboolean
is_among(const TillCode *code, const GPtrArray *sights)
{
	for (guint i = 0; i < sights->len; i++) {
		const TillCodeSight *sight = g_ptr_array_index(sights, i);
		if (till_code_equal(sight->code, code))
			return TRUE;
	}
	return FALSE;
}

GPtrArray *
till_code_reader_read_frame(TillCodeReader *reader, const TillImage *image, gint64 at_ms)
{
	g_autoptr(TillCodeVote) vote = till_code_vote_new();
	guint stage = till_code_stage_of_frame(reader->frames++);
	GPtrArray *sights = look_through(reader, stage, image);

	forget(reader, at_ms);
	if (sights == NULL)
		return g_ptr_array_new_with_free_func((GDestroyNotify)till_code_free);
	remember(reader, sights, stage, at_ms);
	for (GList *link = reader->recent.head; link != NULL; link = link->next) {
		const Frame *frame = link->data;
		till_code_vote_add(vote, frame->sights, frame->places);
	}
	GPtrArray *codes = till_code_vote_elect(vote);
	/* Only what this frame shows is there now. */
	for (guint i = codes->len; i > 0; i--) {
		if (!is_among(g_ptr_array_index(codes, i - 1), sights))
			g_ptr_array_remove_index(codes, i - 1);
	}
	return codes;
}
