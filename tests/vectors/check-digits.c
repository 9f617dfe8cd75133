/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "gtin.h"
#include "registry.h"

/* Check digits of GS1 keys of any length. */

gboolean
till_check_digits_wants(const TillVector *vector)
{
	return json_object_size(vector->inputs) == 1 &&
	       json_is_string(json_object_get(vector->inputs, "digits")) &&
	       json_object_get(vector->expected, "valid") != NULL;
}

static void
check_reason(TillVector *vector, const char *digits, const char *reason)
{
	gboolean all_digits = strspn(digits, "0123456789") == strlen(digits);

	if (strcmp(reason, "too_short_for_check_digit") == 0) {
		if (strlen(digits) > 1)
			till_vector_fail(vector, "is long enough");
	} else if (strcmp(reason, "non_digit_character") == 0) {
		if (all_digits)
			till_vector_fail(vector, "has digits only");
	} else if (strcmp(reason, "incorrect_check_digit") == 0) {
		if (!all_digits || strlen(digits) < 2)
			till_vector_fail(vector, "has no check digit to be wrong");
	} else {
		till_vector_out(vector, "reason \"%s\"", reason);
	}
}

void
till_check_digits_run(TillVector *vector)
{
	const char *digits = till_vector_text_or(vector->inputs, "digits", "");
	const char *reason = till_vector_text_or(vector->expected, "reason", NULL);
	const char *right = till_vector_text_or(vector->expected, "right_check_digit", NULL);
	gboolean valid = till_vector_flag_or(vector->expected, "valid", FALSE);

	till_vector_known(vector, vector->expected, "valid reason right_check_digit");
	if (till_gtin_check(digits) != valid)
		till_vector_fail(vector, valid ? "refused" : "accepted");
	if (right != NULL && *digits != '\0' &&
	    till_gtin_check_digit(digits, strlen(digits) - 1) != *right)
		till_vector_fail(vector, "the right digit is another");
	if (reason != NULL)
		check_reason(vector, digits, reason);
}
