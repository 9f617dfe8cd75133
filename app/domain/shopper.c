/* SPDX-License-Identifier: Apache-2.0 */
#include "shopper.h"

#include <string.h>

#include "item.h"
#include "text.h"

#define CLASS_MAX 32
#define NAME_BYTES_MAX ((gsize)4 * TILL_NAME_MAX)
#define TIME_MAX_MS G_GINT64_CONSTANT(253402300799999) /* the end of the year 9999 */

static void
clear_exemption(TillExemption *exemption)
{
	g_clear_pointer(&exemption->certificate, g_free);
	g_clear_pointer(&exemption->tax_classes, g_strfreev);
	exemption->valid_to_ms = 0;
}

static void
copy_exemption(TillExemption *to, const TillExemption *from)
{
	to->certificate = g_strdup(from->certificate);
	to->tax_classes = g_strdupv(from->tax_classes);
	to->valid_to_ms = from->valid_to_ms;
}

void
till_shopper_clear(TillShopper *shopper)
{
	g_clear_pointer(&shopper->customer, till_customer_unref);
	g_clear_pointer(&shopper->coupons, g_ptr_array_unref);
	clear_exemption(&shopper->exemption);
}

void
till_shopper_set(TillShopper *to, const TillShopper *from)
{
	TillShopper copy = {0};

	if (from->customer != NULL)
		copy.customer = till_customer_ref(from->customer);
	for (guint i = 0; from->coupons != NULL && i < from->coupons->len; i++)
		(void)till_shopper_add_coupon(&copy, g_ptr_array_index(from->coupons, i));
	copy_exemption(&copy.exemption, &from->exemption);
	till_shopper_clear(to);
	*to = copy;
}

gboolean
till_shopper_is_plain(const TillShopper *shopper)
{
	return shopper->customer == NULL && shopper->exemption.certificate == NULL &&
	       (shopper->coupons == NULL || shopper->coupons->len == 0);
}

void
till_shopper_set_customer(TillShopper *shopper, const TillCustomer *customer)
{
	TillCustomer *held = customer != NULL ? till_customer_ref(customer) : NULL;

	till_customer_unref(shopper->customer);
	shopper->customer = held;
}

/* NULL when the text is no code. Caller frees. */
static char *
read_code(const char *text)
{
	g_autofree char *code = g_strstrip(g_strdup(text != NULL ? text : ""));
	gsize size = strlen(code);

	if (size == 0 || size > TILL_SHOPPER_COUPON_MAX || !g_utf8_validate(code, -1, NULL))
		return NULL;
	for (const char *at = code; *at != '\0'; at = g_utf8_next_char(at)) {
		if (!g_unichar_isgraph(g_utf8_get_char(at)))
			return NULL;
	}
	/* As the codes of promotions are. */
	return g_ascii_strup(code, -1);
}

static gboolean
find_coupon(const TillShopper *shopper, const char *code, guint *out_index)
{
	return shopper->coupons != NULL &&
	       g_ptr_array_find_with_equal_func(shopper->coupons, code, g_str_equal, out_index);
}

TillShopperResult
till_shopper_add_coupon(TillShopper *shopper, const char *text)
{
	g_autofree char *code = read_code(text);

	if (code == NULL)
		return TILL_SHOPPER_BAD;
	if (find_coupon(shopper, code, NULL))
		return TILL_SHOPPER_TWICE;
	if (shopper->coupons == NULL)
		shopper->coupons = g_ptr_array_new_with_free_func(g_free);
	if (shopper->coupons->len >= TILL_SHOPPER_COUPONS_MAX)
		return TILL_SHOPPER_FULL;
	g_ptr_array_add(shopper->coupons, g_steal_pointer(&code));
	return TILL_SHOPPER_OK;
}

gboolean
till_shopper_remove_coupon(TillShopper *shopper, const char *text)
{
	g_autofree char *code = read_code(text);
	guint index;

	if (code == NULL || !find_coupon(shopper, code, &index))
		return FALSE;
	g_ptr_array_remove_index(shopper->coupons, index);
	return TRUE;
}

gboolean
till_shopper_set_exemption(TillShopper *shopper, const TillExemption *exemption)
{
	TillExemption copy = {0};

	if (exemption != NULL) {
		g_autofree char *number =
		    till_text_clean(exemption->certificate != NULL ? exemption->certificate : "",
				    TILL_SHOPPER_CERTIFICATE_MAX);
		g_strstrip(number);
		if (*number == '\0' || strlen(number) > TILL_SHOPPER_CERTIFICATE_MAX)
			return FALSE;
		copy_exemption(&copy, exemption);
		g_free(copy.certificate);
		copy.certificate = g_steal_pointer(&number);
	}
	clear_exemption(&shopper->exemption);
	shopper->exemption = copy;
	return TRUE;
}

gboolean
till_shopper_is_exempt(const TillShopper *shopper, gint64 now_ms)
{
	const TillExemption *exemption = &shopper->exemption;

	return exemption->certificate != NULL &&
	       (exemption->valid_to_ms == 0 || now_ms < exemption->valid_to_ms);
}

const char *const *
till_shopper_coupons(const TillShopper *shopper, guint *out_count)
{
	*out_count = shopper->coupons != NULL ? shopper->coupons->len : 0;
	return *out_count > 0 ? (const char *const *)shopper->coupons->pdata : NULL;
}

/* --- writing --- */

static json_t *
write_list(const char *const *list, guint count)
{
	json_t *array = json_array();

	for (guint i = 0; i < count; i++)
		json_array_append_new(array, json_string(list[i]));
	return array;
}

static json_t *
write_customer(const TillCustomer *customer, gboolean with_name)
{
	json_t *object = json_object();

	json_object_set_new(object, "id", json_string(customer->id));
	if (with_name)
		json_object_set_new(object, "name",
				    json_string(customer->name != NULL ? customer->name : ""));
	json_object_set_new(
	    object, "groups",
	    write_list((const char *const *)customer->groups, g_strv_length(customer->groups)));
	json_object_set_new(
	    object, "segments",
	    write_list((const char *const *)customer->segments, g_strv_length(customer->segments)));
	json_object_set_new(object, "purchases", json_integer(customer->purchases));
	json_object_set_new(object, "offers", json_boolean(customer->offers));
	return object;
}

static json_t *
write_exemption(const TillExemption *exemption)
{
	json_t *object = json_object();

	json_object_set_new(object, "certificate", json_string(exemption->certificate));
	if (exemption->valid_to_ms != 0)
		json_object_set_new(object, "valid_to_ms", json_integer(exemption->valid_to_ms));
	if (exemption->tax_classes != NULL)
		json_object_set_new(object, "tax_classes",
				    write_list((const char *const *)exemption->tax_classes,
					       g_strv_length(exemption->tax_classes)));
	return object;
}

json_t *
till_shopper_write(const TillShopper *shopper, gboolean with_name)
{
	json_t *object = json_object();
	guint count;
	const char *const *coupons = till_shopper_coupons(shopper, &count);

	if (shopper->customer != NULL)
		json_object_set_new(object, "customer",
				    write_customer(shopper->customer, with_name));
	if (count > 0)
		json_object_set_new(object, "coupons", write_list(coupons, count));
	if (shopper->exemption.certificate != NULL)
		json_object_set_new(object, "exemption", write_exemption(&shopper->exemption));
	return object;
}

/* --- reading --- */

/* NULL when absent. Caller frees. */
static char **
read_list(TillJsonReader *reader, const char *field, gsize max, gsize text_max)
{
	json_t *array = till_json_array(reader, field, max);
	GPtrArray *list;
	gsize index;
	json_t *value;

	if (array == NULL)
		return NULL;
	list = g_ptr_array_new();
	json_array_foreach(array, index, value)
	{
		const char *text = json_string_value(value);
		if (text == NULL || *text == '\0' || json_string_length(value) > text_max ||
		    strlen(text) != json_string_length(value))
			till_json_fault(reader, field, "holds something that is no short text");
		else
			g_ptr_array_add(list, g_strdup(text));
	}
	g_ptr_array_add(list, NULL);
	return (char **)g_ptr_array_free(list, FALSE);
}

static void
read_customer(TillJsonReader *parent, TillShopper *out)
{
	json_t *object = till_json_object(parent, "customer");
	g_autoptr(TillCustomer) customer = NULL;
	char **list;

	if (object == NULL)
		return;
	TillJsonReader reader = till_json_reader(object, "customer");
	customer = till_customer_new();
	customer->id = g_strdup(till_json_string(&reader, "id", TILL_CUSTOMER_ID_MAX));
	customer->name = g_strdup(till_json_string_or(&reader, "name", NAME_BYTES_MAX, ""));
	customer->email = g_strdup("");
	customer->phone = g_strdup("");
	customer->loyalty = g_strdup("");
	list = read_list(&reader, "groups", TILL_CUSTOMER_LIST_MAX, TILL_CUSTOMER_ID_MAX);
	if (list != NULL) {
		g_strfreev(customer->groups);
		customer->groups = list;
	}
	list = read_list(&reader, "segments", TILL_CUSTOMER_LIST_MAX, TILL_CUSTOMER_ID_MAX);
	if (list != NULL) {
		g_strfreev(customer->segments);
		customer->segments = list;
	}
	customer->purchases = till_json_int_or(&reader, "purchases", 0, G_MAXINT32, 0);
	customer->offers = till_json_bool_or(&reader, "offers", TRUE);
	if (*customer->id == '\0')
		till_json_fault(&reader, "id", "is empty");
	till_json_inherit(parent, &reader);
	till_shopper_set_customer(out, customer);
}

static void
read_coupons(TillJsonReader *reader, TillShopper *out)
{
	g_auto(GStrv) codes =
	    read_list(reader, "coupons", TILL_SHOPPER_COUPONS_MAX, TILL_SHOPPER_COUPON_MAX);

	for (guint i = 0; codes != NULL && codes[i] != NULL; i++) {
		if (till_shopper_add_coupon(out, codes[i]) != TILL_SHOPPER_OK)
			till_json_fault(reader, "coupons",
					"holds a code twice, or one that is none");
	}
}

void
till_shopper_read_exemption(TillJsonReader *parent, TillShopper *out)
{
	json_t *object = till_json_object(parent, "exemption");
	TillExemption exemption = {0};

	if (object == NULL)
		return;
	TillJsonReader reader = till_json_reader(object, "exemption");
	exemption.certificate =
	    g_strdup(till_json_string(&reader, "certificate", TILL_SHOPPER_CERTIFICATE_MAX));
	exemption.valid_to_ms = till_json_int_or(&reader, "valid_to_ms", 0, TIME_MAX_MS, 0);
	exemption.tax_classes =
	    read_list(&reader, "tax_classes", TILL_SHOPPER_CLASSES_MAX, CLASS_MAX);
	if (reader.fault[0] == '\0' && !till_shopper_set_exemption(out, &exemption))
		till_json_fault(&reader, "certificate", "is empty");
	clear_exemption(&exemption);
	till_json_inherit(parent, &reader);
}

void
till_shopper_read(TillJsonReader *parent, const char *field, TillShopper *out)
{
	json_t *object = till_json_object(parent, field);

	if (object == NULL)
		return;
	TillJsonReader reader = till_json_reader(object, field);
	read_customer(&reader, out);
	read_coupons(&reader, out);
	till_shopper_read_exemption(&reader, out);
	till_json_inherit(parent, &reader);
}

const char *
till_shopper_words(TillShopperResult result)
{
	switch (result) {
	case TILL_SHOPPER_OK:
		return "The coupon is on this sale.";
	case TILL_SHOPPER_TWICE:
		return "This coupon is on the sale already.";
	case TILL_SHOPPER_FULL:
		return "A sale takes 20 coupons; take one off first.";
	case TILL_SHOPPER_BAD:
		return "This is no coupon code; scan it again or type what is printed on it.";
	default:
		g_assert_not_reached();
	}
}
