/* SPDX-License-Identifier: Apache-2.0 */
#include "session-pickups.h"
#include "session-private.h"

#include <string.h>

enum {
	PROP_0,
	PROP_TEXT_FIRST, /* the texts, in the order of TillSessionText */
	PROP_LINES = PROP_TEXT_FIRST + TILL_TEXTS,
	PROP_RESULTS,
	PROP_SIGNED_IN,
	PROP_BUSY,
	PROP_HAS_LINES,
	PROP_CAN_PAY,
	PROP_HAS_UNKNOWN,
	PROP_HAS_TROUBLE,
	PROP_HAS_CUSTOMER,
	PROP_COUNT,
};

enum {
	SIGNAL_CHANGED,
	SIGNAL_NOTICE,
	SIGNAL_PEOPLE_CHANGED,
	SIGNAL_PARKED_CHANGED,
	SIGNAL_BOOKS_CHANGED,
	SIGNAL_ASK_WEIGHT,
	SIGNAL_SIGNIN_ANSWER,
	SIGNAL_CUSTOMERS_FOUND,
	SIGNAL_APPROVAL_ANSWER,
	SIGNAL_SOUND,
	SIGNAL_PICKUPS_CHANGED,
	SIGNAL_PICKUP_CHANGED,
	SIGNAL_PICKUP_ANSWER,
	SIGNAL_PICKUP_UNDO,
	SIGNAL_COUNT,
};

static GParamSpec *properties[PROP_COUNT];
static guint signals[SIGNAL_COUNT];

static const char *const text_names[TILL_TEXTS] = {
    [TILL_TEXT_SHOP_NAME] = "shop-name",
    [TILL_TEXT_PLACE] = "place",
    [TILL_TEXT_CLOCK] = "clock",
    [TILL_TEXT_STAFF_NAME] = "staff-name",
    [TILL_TEXT_STAFF_ROLE] = "staff-role",
    [TILL_TEXT_LINES_PAGE] = "lines-page",
    [TILL_TEXT_PAY_PAGE] = "pay-page",
    [TILL_TEXT_SUBTOTAL_LABEL] = "subtotal-label",
    [TILL_TEXT_SUBTOTAL] = "subtotal",
    [TILL_TEXT_TOTAL] = "total",
    [TILL_TEXT_SAVED] = "saved",
    [TILL_TEXT_CUSTOMER_NAME] = "customer-name",
    [TILL_TEXT_CUSTOMER_DETAIL] = "customer-detail",
    [TILL_TEXT_CUSTOMER_INITIALS] = "customer-initials",
    [TILL_TEXT_STATUS] = "status",
    [TILL_TEXT_UNKNOWN_WORDS] = "unknown-words",
    [TILL_TEXT_RECALL_LABEL] = "recall-label",
    [TILL_TEXT_CHANGE] = "change",
    [TILL_TEXT_RECEIVED] = "received",
    [TILL_TEXT_PAID_TOTAL] = "paid-total",
    [TILL_TEXT_RECEIPT] = "receipt",
    [TILL_TEXT_RECEIPT_TEXT] = "receipt-text",
    [TILL_TEXT_TROUBLE] = "trouble",
    [TILL_TEXT_CHIP_WORDS] = "chip-words",
    [TILL_TEXT_CHIP_STATE] = "chip-state",
};

G_DEFINE_FINAL_TYPE(TillSession, till_session, G_TYPE_OBJECT)

static const char *
get_text(TillSession *self, TillSessionText which)
{
	return self->texts[which] ? self->texts[which] : "";
}

static gboolean
get_flag(TillSession *self, guint id)
{
	switch (id) {
	case PROP_SIGNED_IN:
		return self->staff_id != NULL;
	case PROP_BUSY:
		return self->phase == TILL_PHASE_BUSY;
	case PROP_HAS_LINES:
		return till_basket_count(self->basket) > 0 && self->phase == TILL_PHASE_SELLING;
	case PROP_CAN_PAY:
		return till_session_pay_possible(self);
	case PROP_HAS_CUSTOMER:
		return *get_text(self, TILL_TEXT_CUSTOMER_NAME) != '\0';
	case PROP_HAS_UNKNOWN:
		return *get_text(self, TILL_TEXT_UNKNOWN_WORDS) != '\0';
	default:
		return *get_text(self, TILL_TEXT_TROUBLE) != '\0';
	}
}

static void
till_session_get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
	TillSession *self = TILL_SESSION(object);

	(void)spec;
	if (id < PROP_LINES)
		g_value_set_string(value, get_text(self, id - PROP_TEXT_FIRST));
	else if (id == PROP_LINES)
		g_value_set_object(value, self->lines);
	else if (id == PROP_RESULTS)
		g_value_set_object(value, self->results);
	else
		g_value_set_boolean(value, get_flag(self, id));
}

static void
till_session_finalize(GObject *object)
{
	TillSession *self = TILL_SESSION(object);

	for (guint i = 0; i < TILL_TEXTS; i++)
		g_free(self->texts[i]);
	g_clear_pointer(&self->shop, till_register_shop_free);
	g_clear_pointer(&self->format, till_format_free);
	g_clear_pointer(&self->people, g_ptr_array_unref);
	g_clear_pointer(&self->basket, till_basket_free);
	g_clear_pointer(&self->cleared, till_basket_free);
	g_clear_pointer(&self->priced, till_price_free);
	g_clear_pointer(&self->weighing, till_item_unref);
	g_clear_pointer(&self->books, till_register_books_free);
	g_clear_pointer(&self->pickups, till_session_pickups_free);
	g_queue_clear_full(&self->scans, g_free);
	g_clear_object(&self->lines);
	g_clear_object(&self->parked);
	g_clear_object(&self->results);
	g_clear_object(&self->found);
	g_clear_pointer(&self->customers, g_ptr_array_unref);
	g_clear_pointer(&self->undo_manual, g_array_unref);
	till_session_manual_forget(self);
	g_free(self->card);
	g_free(self->entered);
	g_free(self->locale);
	g_free(self->staff_id);
	g_free(self->staff_name);
	g_free(self->recall_id);
	g_free(self->weighing_code);
	g_free(self->typed);
	g_free(self->signin_id);
	G_OBJECT_CLASS(till_session_parent_class)->finalize(object);
}

static void
install_properties(GObjectClass *object_class)
{
	const GParamFlags flags =
	    G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
	static const char *const flag_names[] = {"signed-in",   "busy",        "has-lines",
						 "can-pay",     "has-unknown", "has-trouble",
						 "has-customer"};

	for (guint i = 0; i < TILL_TEXTS; i++)
		properties[PROP_TEXT_FIRST + i] =
		    g_param_spec_string(text_names[i], NULL, NULL, "", flags);
	properties[PROP_LINES] = g_param_spec_object("lines", NULL, NULL, G_TYPE_LIST_MODEL, flags);
	properties[PROP_RESULTS] =
	    g_param_spec_object("results", NULL, NULL, G_TYPE_LIST_MODEL, flags);
	for (guint i = 0; i < G_N_ELEMENTS(flag_names); i++)
		properties[PROP_SIGNED_IN + i] =
		    g_param_spec_boolean(flag_names[i], NULL, NULL, FALSE, flags);
	g_object_class_install_properties(object_class, PROP_COUNT, properties);
}

static guint
install_signal(const char *name, guint count, GType first, GType second, GType third)
{
	return g_signal_new(name, TILL_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
			    G_TYPE_NONE, count, first, second, third);
}

static void
till_session_class_init(TillSessionClass *class)
{
	GObjectClass *object_class = G_OBJECT_CLASS(class);

	object_class->get_property = till_session_get_property;
	object_class->finalize = till_session_finalize;
	install_properties(object_class);
	signals[SIGNAL_CHANGED] = install_signal("changed", 0, 0, 0, 0);
	signals[SIGNAL_NOTICE] =
	    install_signal("notice", 3, G_TYPE_UINT, G_TYPE_STRING, G_TYPE_BOOLEAN);
	signals[SIGNAL_PEOPLE_CHANGED] = install_signal("people-changed", 0, 0, 0, 0);
	signals[SIGNAL_PARKED_CHANGED] = install_signal("parked-changed", 0, 0, 0, 0);
	signals[SIGNAL_BOOKS_CHANGED] = install_signal("books-changed", 0, 0, 0, 0);
	signals[SIGNAL_ASK_WEIGHT] = install_signal("ask-weight", 0, 0, 0, 0);
	signals[SIGNAL_SIGNIN_ANSWER] =
	    install_signal("signin-answer", 2, G_TYPE_UINT, G_TYPE_STRING, 0);
	signals[SIGNAL_CUSTOMERS_FOUND] = install_signal("customers-found", 1, G_TYPE_UINT, 0, 0);
	signals[SIGNAL_SOUND] = install_signal("sound", 1, G_TYPE_UINT, 0, 0);
	signals[SIGNAL_PICKUPS_CHANGED] = install_signal("pickups-changed", 0, 0, 0, 0);
	signals[SIGNAL_PICKUP_CHANGED] = install_signal("pickup-changed", 0, 0, 0, 0);
	signals[SIGNAL_PICKUP_ANSWER] = install_signal("pickup-answer", 0, 0, 0, 0);
	signals[SIGNAL_PICKUP_UNDO] = install_signal("pickup-undo", 0, 0, 0, 0);
	signals[SIGNAL_APPROVAL_ANSWER] =
	    install_signal("approval-answer", 3, G_TYPE_UINT, G_TYPE_STRING, G_TYPE_BOOLEAN);
}

static void
till_session_init(TillSession *self)
{
	self->basket = till_basket_new();
	self->lines = g_list_store_new(TILL_TYPE_ROW_ITEM);
	self->parked = g_list_store_new(TILL_TYPE_ROW_ITEM);
	self->results = g_list_store_new(TILL_TYPE_ROW_ITEM);
	self->found = g_list_store_new(TILL_TYPE_ROW_ITEM);
	self->pickups = till_session_pickups_new();
	self->health.cursor_age_s = -1;
	g_queue_init(&self->scans);
	self->texts[TILL_TEXT_LINES_PAGE] = g_strdup("empty");
	self->texts[TILL_TEXT_PAY_PAGE] = g_strdup("totals");
	self->texts[TILL_TEXT_RECALL_LABEL] = g_strdup("Recall · 0");
	self->texts[TILL_TEXT_CHIP_WORDS] = g_strdup("Connecting");
	self->texts[TILL_TEXT_CHIP_STATE] = g_strdup("starting");
}

TillSession *
till_session_new(TillRegister *reg, const TillClock *clock, const char *locale,
		 const TillSessionHooks *hooks)
{
	TillSession *self = g_object_new(TILL_TYPE_SESSION, NULL);

	self->reg = reg;
	self->clock = clock;
	self->locale = g_strdup(locale);
	self->hooks = *hooks;
	return self;
}

void
till_session_take_text(TillSession *self, TillSessionText which, char *text)
{
	g_autofree char *old = self->texts[which];

	self->texts[which] = text;
	if (g_strcmp0(old ? old : "", text ? text : "") == 0)
		return;
	g_object_notify_by_pspec(G_OBJECT(self), properties[PROP_TEXT_FIRST + which]);
	if (which == TILL_TEXT_UNKNOWN_WORDS)
		g_object_notify_by_pspec(G_OBJECT(self), properties[PROP_HAS_UNKNOWN]);
	if (which == TILL_TEXT_TROUBLE)
		g_object_notify_by_pspec(G_OBJECT(self), properties[PROP_HAS_TROUBLE]);
	if (which == TILL_TEXT_CUSTOMER_NAME)
		g_object_notify_by_pspec(G_OBJECT(self), properties[PROP_HAS_CUSTOMER]);
	if (which == TILL_TEXT_STAFF_NAME)
		g_object_notify_by_pspec(G_OBJECT(self), properties[PROP_SIGNED_IN]);
}

void
till_session_set_text(TillSession *self, TillSessionText which, const char *text)
{
	till_session_take_text(self, which, g_strdup(text));
}

static const char *
choose_lines_page(TillSession *self)
{
	if (self->phase == TILL_PHASE_PAID)
		return "receipt";
	return till_basket_count(self->basket) > 0 ? "lines" : "empty";
}

void
till_session_set_phase(TillSession *self, TillPhase phase)
{
	self->phase = phase;
	till_session_set_text(self, TILL_TEXT_LINES_PAGE, choose_lines_page(self));
	till_session_set_text(self, TILL_TEXT_PAY_PAGE,
			      phase == TILL_PHASE_PAID ? "change" : "totals");
	g_object_notify_by_pspec(G_OBJECT(self), properties[PROP_BUSY]);
	g_object_notify_by_pspec(G_OBJECT(self), properties[PROP_HAS_LINES]);
	g_object_notify_by_pspec(G_OBJECT(self), properties[PROP_CAN_PAY]);
	g_signal_emit(self, signals[SIGNAL_CHANGED], 0);
}

void
till_session_notice(TillSession *self, TillNotice kind, gboolean undo, const char *format, ...)
{
	g_autofree char *words = NULL;
	va_list args;

	va_start(args, format);
	words = g_strdup_vprintf(format, args);
	va_end(args);
	till_session_set_text(self, TILL_TEXT_STATUS, words);
	g_signal_emit(self, signals[SIGNAL_NOTICE], 0, (guint)kind, words, undo);
}

/* ---- shop ---- */

static void
take_shop(TillSession *self, TillRegisterShop *shop)
{
	g_clear_pointer(&self->shop, till_register_shop_free);
	g_clear_pointer(&self->format, till_format_free);
	self->shop = shop;
	self->format = till_format_new(self->locale, shop->currency, shop->time_zone);
	till_session_set_text(self, TILL_TEXT_SHOP_NAME, shop->shop_name);
	till_session_take_text(
	    self, TILL_TEXT_PLACE,
	    g_strdup_printf("Store %s · Till %s", shop->store_code, shop->till_number));
	till_session_basket_changed(self);
	if (!till_shopper_is_plain(till_session_shopper(self)))
		till_session_shopper_load_rules(self);
	till_session_tick(self);
}

static void
shop_cb(TillRegisterShop *shop, const GError *error, gpointer user)
{
	TillSession *self = user;
	TillSessionLoaded loaded = self->loaded;

	self->loaded = NULL;
	if (shop != NULL)
		take_shop(self, shop);
	if (loaded != NULL)
		loaded(self, error, self->loaded_user);
}

void
till_session_load(TillSession *self, TillSessionLoaded done, gpointer user)
{
	self->loaded = done;
	self->loaded_user = user;
	till_register_shop_async(self->reg, self, shop_cb, self);
	till_session_staff_load(self);
	till_session_basket_load_parked(self);
	till_session_pickups_load(self);
}

void
till_session_set_desk(TillSession *self, TillPickupDesk *desk)
{
	self->desk = desk;
}

/* ---- health and time ---- */

void
till_session_set_health(TillSession *self, const TillHealth *health)
{
	self->health = *health;
	till_session_set_text(self, TILL_TEXT_CHIP_STATE, till_health_state_name(health->state));
	till_session_tick(self);
	g_signal_emit(self, signals[SIGNAL_PICKUPS_CHANGED], 0);
}

const TillHealth *
till_session_get_health(TillSession *self)
{
	return &self->health;
}

void
till_session_tick(TillSession *self)
{
	till_session_take_text(self, TILL_TEXT_CHIP_WORDS,
			       till_health_words(&self->health, till_clock_mono_ms(self->clock)));
	if (self->format != NULL)
		till_session_take_text(
		    self, TILL_TEXT_CLOCK,
		    till_format_time(self->format, till_clock_wall_ms(self->clock)));
}

void
till_session_try_now(TillSession *self)
{
	if (self->hooks.try_now != NULL)
		self->hooks.try_now(self->hooks.user);
}

/* ---- reading ---- */

TillFormat *
till_session_get_format(TillSession *self)
{
	return self->format;
}

const TillRegisterShop *
till_session_get_shop(TillSession *self)
{
	return self->shop;
}

TillPhase
till_session_get_phase(TillSession *self)
{
	return self->phase;
}

const TillPriced *
till_session_get_priced(TillSession *self)
{
	return self->priced;
}

GListModel *
till_session_get_lines(TillSession *self)
{
	return G_LIST_MODEL(self->lines);
}

const char *
till_session_get_text(TillSession *self, const char *property)
{
	for (guint i = 0; i < TILL_TEXTS; i++)
		if (strcmp(text_names[i], property) == 0)
			return get_text(self, i);
	g_assert_not_reached();
}
