/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view.h"

/* What a signed-in person sees: rail, top bar with the one field for scan and search, and the
 * surfaces.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_DESK_PAGE (till_desk_page_get_type())
G_DECLARE_FINAL_TYPE(TillDeskPage, till_desk_page, TILL, DESK_PAGE, TillView)

/* "checkout", "sync" or "help". */
/* How much room the window has, in pixels. Upright and narrow, it is a handheld: Pickups alone, in
 * one column, without the rail. */
void till_desk_page_set_room(TillDeskPage *self, int width, int height);
gboolean till_desk_page_is_handheld(TillDeskPage *self);
void till_desk_page_show(TillDeskPage *self, const char *surface);
void till_desk_page_focus_search(TillDeskPage *self);
void till_desk_page_toggle_keyboard(TillDeskPage *self);

G_END_DECLS
