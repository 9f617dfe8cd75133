/* SPDX-License-Identifier: Apache-2.0 */
#include "code-stage.h"

#define STEPS_MAX 4

typedef enum {
	STEP_END,
	STEP_HALVE,
	STEP_DOUBLE,
	STEP_SCALE,  /* numerator, denominator */
	STEP_TURN,   /* degrees */
	STEP_SMOOTH, /* radius */
	STEP_MEDIAN,
	STEP_SHARPEN,   /* radius, percent */
	STEP_THRESHOLD, /* radius, bias */
	STEP_NORMALISE, /* radius */
	STEP_LIGHTEN,
	STEP_DARKEN,
	STEP_GROW_DARK,
} StepKind;

typedef struct {
	StepKind kind;
	int first;
	int second;
} Step;

static const struct {
	const char *name;
	TillCodeLook look;
	guint bars;
	Step steps[STEPS_MAX];
} stages[] = {
    {"plain", TILL_CODE_LOOK_INVERTED, 0, {{STEP_END, 0, 0}}},
    {"sharpen", TILL_CODE_LOOK_PLAIN, 0, {{STEP_SHARPEN, 1, 100}}},
    {"threshold", TILL_CODE_LOOK_PLAIN, 0, {{STEP_THRESHOLD, 24, 5}}},
    {"double, threshold wide",
     TILL_CODE_LOOK_PLAIN,
     0,
     {{STEP_DOUBLE, 0, 0}, {STEP_THRESHOLD, 48, 3}}},
    {"bars of 6 rows", TILL_CODE_LOOK_PLAIN, 6, {{STEP_END, 0, 0}}},
    {"bars of 10 rows", TILL_CODE_LOOK_PLAIN, 10, {{STEP_END, 0, 0}}},
    {"halve", TILL_CODE_LOOK_INVERTED, 0, {{STEP_HALVE, 0, 0}}},
    {"double", TILL_CODE_LOOK_INVERTED, 0, {{STEP_DOUBLE, 0, 0}}},
    {"three quarters", TILL_CODE_LOOK_PLAIN, 0, {{STEP_SCALE, 3, 4}}},
    {"double, sharpen wide",
     TILL_CODE_LOOK_PLAIN,
     0,
     {{STEP_DOUBLE, 0, 0}, {STEP_SHARPEN, 3, 250}}},
    {"double, threshold", TILL_CODE_LOOK_PLAIN, 0, {{STEP_DOUBLE, 0, 0}, {STEP_THRESHOLD, 24, 2}}},
    {"double, threshold widest",
     TILL_CODE_LOOK_PLAIN,
     0,
     {{STEP_DOUBLE, 0, 0}, {STEP_THRESHOLD, 64, 5}}},
    {"darken", TILL_CODE_LOOK_PLAIN, 0, {{STEP_DARKEN, 0, 0}}},
    {"lighten", TILL_CODE_LOOK_PLAIN, 0, {{STEP_LIGHTEN, 0, 0}}},
    {"normalise", TILL_CODE_LOOK_PLAIN, 0, {{STEP_NORMALISE, 24, 0}}},
    {"smooth, normalise", TILL_CODE_LOOK_PLAIN, 0, {{STEP_SMOOTH, 1, 0}, {STEP_NORMALISE, 24, 0}}},
    {"sharpen wide", TILL_CODE_LOOK_PLAIN, 0, {{STEP_SHARPEN, 3, 200}}},
    {"two thirds", TILL_CODE_LOOK_PLAIN, 0, {{STEP_SCALE, 2, 3}}},
    {"half as large again", TILL_CODE_LOOK_PLAIN, 0, {{STEP_SCALE, 3, 2}}},
    {"double, threshold near",
     TILL_CODE_LOOK_PLAIN,
     0,
     {{STEP_DOUBLE, 0, 0}, {STEP_THRESHOLD, 16, 0}}},
    {"turn 90, bars of 6 rows", TILL_CODE_LOOK_PLAIN, 6, {{STEP_TURN, 90, 0}}},
    {"turn 90, bars of 10 rows", TILL_CODE_LOOK_PLAIN, 10, {{STEP_TURN, 90, 0}}},
    {"turn 20", TILL_CODE_LOOK_PLAIN, 0, {{STEP_TURN, 20, 0}}},
    {"turn back 20", TILL_CODE_LOOK_PLAIN, 0, {{STEP_TURN, -20, 0}}},
    {"turn 45", TILL_CODE_LOOK_PLAIN, 0, {{STEP_TURN, 45, 0}}},
    {"turn 60, median", TILL_CODE_LOOK_PLAIN, 0, {{STEP_TURN, 60, 0}, {STEP_MEDIAN, 0, 0}}},
    {"turn 15, double, grow dark",
     TILL_CODE_LOOK_PLAIN,
     0,
     {{STEP_TURN, 15, 0}, {STEP_DOUBLE, 0, 0}, {STEP_GROW_DARK, 0, 0}}},
    {"turn 30, double, grow dark",
     TILL_CODE_LOOK_PLAIN,
     0,
     {{STEP_TURN, 30, 0}, {STEP_DOUBLE, 0, 0}, {STEP_GROW_DARK, 0, 0}}},
    {"turn 50, double, grow dark",
     TILL_CODE_LOOK_PLAIN,
     0,
     {{STEP_TURN, 50, 0}, {STEP_DOUBLE, 0, 0}, {STEP_GROW_DARK, 0, 0}}},
    {"turn 60, double, grow dark",
     TILL_CODE_LOOK_PLAIN,
     0,
     {{STEP_TURN, 60, 0}, {STEP_DOUBLE, 0, 0}, {STEP_GROW_DARK, 0, 0}}},
    {"turn 10, double, grow dark",
     TILL_CODE_LOOK_PLAIN,
     0,
     {{STEP_TURN, 10, 0}, {STEP_DOUBLE, 0, 0}, {STEP_GROW_DARK, 0, 0}}},
    {"turn back 10, double, grow dark",
     TILL_CODE_LOOK_PLAIN,
     0,
     {{STEP_TURN, -10, 0}, {STEP_DOUBLE, 0, 0}, {STEP_GROW_DARK, 0, 0}}},
    {"turn 40, double, grow dark",
     TILL_CODE_LOOK_PLAIN,
     0,
     {{STEP_TURN, 40, 0}, {STEP_DOUBLE, 0, 0}, {STEP_GROW_DARK, 0, 0}}},
    {"turn 55, double, grow dark",
     TILL_CODE_LOOK_PLAIN,
     0,
     {{STEP_TURN, 55, 0}, {STEP_DOUBLE, 0, 0}, {STEP_GROW_DARK, 0, 0}}},
};

/* Rows of the table above: plain, halve, plain, sharpen, plain, smooth + normalise, threshold, turn
 * 45. */
static const guint8 of_frames[] = {0, 6, 0, 1, 0, 15, 2, 24};

guint
till_code_stage_count(void)
{
	return G_N_ELEMENTS(stages);
}

const char *
till_code_stage_name(guint stage)
{
	return stages[stage].name;
}

guint
till_code_stage_bars(guint stage)
{
	return stages[stage].bars;
}

TillCodeLook
till_code_stage_look(guint stage)
{
	return stages[stage].look;
}

gboolean
till_code_stage_keeps_place(guint stage)
{
	return stages[stage].steps[0].kind != STEP_TURN;
}

guint
till_code_stage_of_frame(guint64 number)
{
	return of_frames[number % G_N_ELEMENTS(of_frames)];
}

static TillImage *
take_step(const Step *step, const TillImage *image)
{
	guint first = (guint)step->first, second = (guint)step->second;

	switch (step->kind) {
	case STEP_HALVE:
		return till_image_halve(image);
	case STEP_DOUBLE:
		return till_image_double(image);
	case STEP_SCALE:
		return till_image_scale(image, first, second);
	case STEP_TURN:
		return till_image_turn(image, step->first);
	case STEP_SMOOTH:
		return till_image_smooth(image, first);
	case STEP_MEDIAN:
		return till_image_median(image);
	case STEP_SHARPEN:
		return till_image_sharpen(image, first, second);
	case STEP_THRESHOLD:
		return till_image_threshold(image, first, second);
	case STEP_NORMALISE:
		return till_image_normalise(image, first);
	case STEP_LIGHTEN:
		return till_image_lighten(image);
	case STEP_DARKEN:
		return till_image_darken(image);
	case STEP_GROW_DARK:
		return till_image_grow_dark(image);
	case STEP_END:
		break;
	}
	return till_image_copy(image);
}

TillImage *
till_code_stage_apply(guint stage, const TillImage *image)
{
	g_autoptr(TillImage) shown = till_image_copy(image);

	for (guint i = 0; i < STEPS_MAX && stages[stage].steps[i].kind != STEP_END; i++) {
		TillImage *next = take_step(&stages[stage].steps[i], shown);
		till_image_free(shown);
		shown = next;
		if (shown == NULL)
			return NULL;
	}
	return g_steal_pointer(&shown);
}
