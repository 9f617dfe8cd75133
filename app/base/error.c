/* SPDX-License-Identifier: Apache-2.0 */
#include "error.h"

GQuark
till_error_quark(void)
{
	return g_quark_from_static_string("till-error-quark");
}
