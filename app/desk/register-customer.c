/* SPDX-License-Identifier: Apache-2.0 */
#include "register-private.h"

/* ---- By a code ---- */

typedef struct {
	char *code;             /* owned */
	TillCustomer *customer; /* owned until handed over */
	TillRegisterCustomerCb cb;
	gpointer user;
} CustomerJob;

static void
free_customer_job(gpointer data)
{
	CustomerJob *job = data;
	g_free(job->code);
	till_customer_unref(job->customer);
	g_free(job);
}

static gboolean
run_customer(gpointer owner, gpointer data, GError **error)
{
	CustomerJob *job = data;
	return till_catalog_customer(owner, job->code, &job->customer, error);
}

TillCustomer *
till_register_customer(TillRegister *reg, const char *code, GError **error)
{
	g_autofree char *copy = g_strdup(code);
	CustomerJob job = {.code = copy};
	if (!till_worker_call(till_store_worker(reg->store), run_customer, &job, error))
		return NULL;
	return job.customer;
}

static void
customer_done_cb(gpointer data, const GError *error, gpointer user)
{
	(void)user;
	CustomerJob *job = data;
	job->cb(g_steal_pointer(&job->customer), error, job->user);
}

void
till_register_customer_async(TillRegister *reg, const char *code, gpointer receiver,
			     TillRegisterCustomerCb cb, gpointer user)
{
	CustomerJob *job = g_new0(CustomerJob, 1);
	job->code = g_strdup(code);
	job->cb = cb;
	job->user = user;
	till_worker_post(till_store_worker(reg->store), run_customer, job, free_customer_job,
			 receiver, customer_done_cb, NULL);
}

/* ---- By what a person types ---- */

typedef struct {
	char *query;          /* owned */
	GPtrArray *customers; /* of TillCustomer, owned until handed over */
	TillRegisterCustomersCb cb;
	gpointer user;
} CustomersJob;

static void
free_customers_job(gpointer data)
{
	CustomersJob *job = data;
	g_free(job->query);
	g_clear_pointer(&job->customers, g_ptr_array_unref);
	g_free(job);
}

static gboolean
run_customers(gpointer owner, gpointer data, GError **error)
{
	CustomersJob *job = data;
	job->customers =
	    till_catalog_customers(owner, job->query, TILL_REGISTER_CUSTOMERS_MAX, error);
	return job->customers != NULL;
}

GPtrArray *
till_register_customers(TillRegister *reg, const char *query, GError **error)
{
	g_autofree char *copy = g_strdup(query);
	CustomersJob job = {.query = copy};
	if (!till_worker_call(till_store_worker(reg->store), run_customers, &job, error))
		return NULL;
	return job.customers;
}

static void
customers_done_cb(gpointer data, const GError *error, gpointer user)
{
	(void)user;
	CustomersJob *job = data;
	job->cb(g_steal_pointer(&job->customers), error, job->user);
}

void
till_register_customers_async(TillRegister *reg, const char *query, gpointer receiver,
			      TillRegisterCustomersCb cb, gpointer user)
{
	CustomersJob *job = g_new0(CustomersJob, 1);
	job->query = g_strdup(query);
	job->cb = cb;
	job->user = user;
	till_worker_post(till_store_worker(reg->store), run_customers, job, free_customers_job,
			 receiver, customers_done_cb, NULL);
}
