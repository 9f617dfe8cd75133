/* SPDX-License-Identifier: Apache-2.0 */
#include "sylius-cart.h"

void
till_sylius_cart_promote(TillSyliusCart *cart)
{
	if (json_array_size(json_object_get(cart->vector->inputs, "promotions")) > 0)
		till_vector_out(cart->vector, "needs the promotion engine");
}
