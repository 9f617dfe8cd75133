/* SPDX-License-Identifier: Apache-2.0 */
#include <gio/gio.h>
#include <jansson.h>

#include "api.h"
#include "messages.h"

#include "till-central-resources.h"

gboolean
till_info_api_ca(TillCentral *central, TillRequest *request G_GNUC_UNUSED, TillResponse *response)
{
	TillWireCa message = {.ca_pem = central->ca_pem,
			      .server_id = central->server_id,
			      .server_key = *till_crypto_key_public(central->key),
			      .server_time_ms = till_central_now_ms(central)};

	till_response_json(response, till_messages_write_ca(&message));
	return TRUE;
}

gboolean
till_info_api_health(TillCentral *central, TillRequest *request G_GNUC_UNUSED,
		     TillResponse *response)
{
	json_t *answer = json_object();

	json_object_set_new(answer, "status", json_string("ok"));
	json_object_set_new(answer, "home",
			    json_string(central->dir_warning != NULL ? central->dir_warning : ""));
	till_response_json(response, answer);
	return TRUE;
}

gboolean
till_info_api_openapi(TillCentral *central G_GNUC_UNUSED, TillRequest *request G_GNUC_UNUSED,
		      TillResponse *response)
{
	response->status = 200;
	response->content_type = "application/json";
	response->body =
	    g_resource_lookup_data(till_central_get_resource(), "/tillhouse/central/openapi.json",
				   G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
	g_assert(response->body != NULL);
	return TRUE;
}
