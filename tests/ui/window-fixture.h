/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "fake-pickup-desk.h"
#include "fake-register.h"
#include "till-test.h"
#include "window.h"

/* The whole window over the fake register, for tests that do what a person does: press by action or
 * label, scan and type through the wedge's two doors, read what then stands on the screen.
 *
 * Threads: main. */

G_BEGIN_DECLS

typedef struct {
	TillRegister *reg;
	TillPickupDesk *desk;
	TillSession *session;
	TillWindow *window;
	TillTestClock clock;
} WindowFixture;

/* Once, before the tests: display, assets, no animations. */
void window_init(int *argc, char ***argv);
/* For g_test_add. */
void window_set_up(WindowFixture *fixture, gconstpointer data);
void window_tear_down(WindowFixture *fixture, gconstpointer data);

/* Turns the main loop until nothing is left to do; the rest does it by itself. */
void window_settle(void);
void window_act(WindowFixture *fixture, const char *action, const char *target);
/* The first button on screen that does an action, pressed as a finger would. */
void window_press(WindowFixture *fixture, const char *action);
void window_press_labelled(WindowFixture *fixture, const char *label);
void window_sign_in(WindowFixture *fixture); /* as s1 */
void window_scan(WindowFixture *fixture, const char *code);

/* The first on screen; nullable. */
GtkWidget *window_find_type(WindowFixture *fixture, GType type);
GtkWidget *window_find_action(WindowFixture *fixture, const char *action);
/* Sets how large the window is, and lets it fit what it shows. */
void window_resize(WindowFixture *fixture, int width, int height);
/* Whether a label on screen has these words. */
gboolean window_says(WindowFixture *fixture, const char *words);
guint window_count_lines(WindowFixture *fixture);
void window_assert_text(WindowFixture *fixture, const char *property, const char *expected);

G_END_DECLS
