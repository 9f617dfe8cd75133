/* SPDX-License-Identifier: Apache-2.0 */
#include "order-verb.h"

#include "order-lines.h"

gboolean
till_order_verb_has(const TillOrderVerb *self, const char *option)
{
	return till_arguments_option(self->verb->arguments, option) != NULL;
}

void
till_order_verb_put_text(char **field, const char *text)
{
	g_free(*field);
	*field = g_strdup(text);
}

TillOrderStep *
till_order_verb_make_step(const TillOrderVerb *self, TillOrderStepKind kind, const TillUuid *order,
			  const TillUuid *fulfilment)
{
	TillOrderStep *step = till_order_step_new(kind);

	till_order_verb_put_text(&step->staff_id, self->staff.staff_id);
	till_order_verb_put_text(&step->staff_name, self->staff.staff_name);
	step->order = *order;
	step->fulfilment = *fulfilment;
	return step;
}

gboolean
till_order_verb_do_step(const TillOrderVerb *self, const TillOrderStep *step, GError **error)
{
	TillPickupDone *done = till_pickup_desk_do(self->desk, step, error);
	char txn[TILL_UUID_TEXT];
	gboolean said;

	if (done == NULL)
		return FALSE;
	if (self->verb->json) {
		g_autoptr(json_t) answer = done->fulfilment != NULL
					       ? till_order_lines_answer(done->fulfilment)
					       : json_object();
		till_json_put_text(answer, "txn", till_uuid_format(&done->txn, txn));
		said = till_verb_print(answer, error);
	} else {
		g_autofree char *words = till_order_step_words(step);
		said = till_verb_say(error, "%s", words) &&
		       (done->fulfilment == NULL || till_order_lines_say(done->fulfilment, error));
	}
	till_pickup_desk_done_free(done);
	return said;
}

gboolean
till_order_verb_run(const TillVerb *verb, TillOrderVerbBody body, GError **error)
{
	g_autoptr(TillStore) store = till_verb_open(verb, 0, error);
	if (store == NULL)
		return FALSE;
	TillOrderVerb self = {
	    .verb = verb, .desk = till_pickup_desk_new(store), .reg = till_register_new(store)};
	gboolean done =
	    till_seller_read(&self.staff, verb->arguments, self.reg, error) && body(&self, error);
	till_seller_clear(&self.staff);
	till_pickup_desk_free(self.desk);
	till_register_free(self.reg);
	return done;
}
