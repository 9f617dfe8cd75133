/* SPDX-License-Identifier: Apache-2.0 */
#include "audit.h"

#include <string.h>

#include "entry.h"
#include "sale.h"

#define PROBLEMS_MAX 100

static void add_problem(TillAudit *audit, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void
add_problem(TillAudit *audit, const char *format, ...)
{
	va_list arguments;

	if (audit->problems->len >= PROBLEMS_MAX)
		return;
	va_start(arguments, format);
	g_ptr_array_add(audit->problems, g_strdup_vprintf(format, arguments));
	va_end(arguments);
}

/* --- questions whose every answer row is a problem --- */

static const struct {
	const char *sql; /* one text column: what is wrong */
} questions[] = {
    /* An incarnation's head is its last envelope, and its numbers have no gap. */
    {"SELECT 'till ' || t.till_number || ' of store ' || t.store_code || ': head says ' || i.seq "
     "|| "
     "' entries, there are ' || count(v.seq) FROM incarnation i JOIN terminal t ON t.number = "
     "i.terminal "
     "LEFT JOIN envelope v ON v.terminal = i.terminal AND v.incarnation = i.incarnation "
     "GROUP BY i.terminal, i.incarnation HAVING count(v.seq) <> i.seq OR coalesce(max(v.seq), 0) "
     "<> i.seq"},
    {"SELECT 'an envelope has no entry: till ' || v.terminal || ' number ' || v.seq FROM envelope "
     "v "
     "LEFT JOIN entry e ON e.txn = v.txn WHERE e.txn IS NULL"},
    {"SELECT 'an entry has no envelope: ' || hex(e.txn) FROM entry e WHERE NOT EXISTS (SELECT 1 "
     "FROM "
     "(SELECT DISTINCT txn FROM envelope) v WHERE v.txn = e.txn)"},
    {"SELECT 'an applied sale is not in the tables: ' || hex(e.txn) FROM entry e LEFT JOIN sale s "
     "ON "
     "s.txn = e.txn WHERE e.type = 'sale' AND e.outcome <> 'held' AND s.txn IS NULL"},
    {"SELECT 'a sale has no applied entry: ' || s.receipt FROM sale s LEFT JOIN entry e ON e.txn = "
     "s.txn "
     "WHERE e.txn IS NULL OR e.outcome = 'held'"},
    {"SELECT 'receipt number ' || receipt || ' stands on ' || count(*) || ' sales' FROM sale "
     "GROUP BY receipt HAVING count(*) > 1"},
    {"SELECT 'sale ' || s.receipt || ': lines do not add up to its total' FROM sale s LEFT JOIN "
     "(SELECT txn, sum(total_minor) AS total, sum(tax_minor) AS tax FROM sale_line GROUP BY txn) l "
     "ON l.txn = s.txn WHERE coalesce(l.total, 0) <> s.total_minor OR coalesce(l.tax, 0) <> "
     "s.tax_minor"},
    {"SELECT 'sale ' || s.receipt || ': tenders do not pay its total' FROM sale s LEFT JOIN "
     "(SELECT txn, sum(amount_minor) AS paid FROM sale_tender GROUP BY txn) p ON p.txn = s.txn "
     "WHERE coalesce(p.paid, 0) <> s.total_minor + s.rounding_minor"},
    /* On hand = what imports and counts brought - what sales, exchanges and orders took + what came
     * back to the shelf. */
    {"SELECT 'stock of ' || k.sku || ' in ' || k.scope || ' is ' || k.on_hand_milli || ', should "
     "be ' || "
     "(coalesce(a.adjusted_milli, 0) - coalesce(m.moved, 0) - coalesce(o.taken, 0)) FROM stock k "
     "LEFT JOIN (SELECT 'store:' || store_code AS scope, sku, sum(milli) AS taken FROM order_taken "
     "GROUP BY 1, 2) o ON o.scope = k.scope AND o.sku = k.sku LEFT JOIN "
     "stock_adjustment a "
     "ON a.scope = k.scope AND a.sku = k.sku LEFT JOIN (SELECT scope, sku, sum(moved) AS moved "
     "FROM ("
     "SELECT 'store:' || s.store_code AS scope, l.sku AS sku, l.moved_milli AS moved FROM "
     "sale_line l JOIN sale s ON s.txn = l.txn UNION ALL "
     "SELECT 'store:' || r.store_code, l.sku, -l.moved_milli FROM return_line l JOIN return_book r "
     "ON r.txn = l.txn UNION ALL "
     "SELECT 'store:' || r.store_code, l.sku, l.moved_milli FROM return_taken l JOIN return_book r "
     "ON r.txn = l.txn) GROUP BY 1, 2) m "
     "ON m.scope = k.scope AND m.sku = k.sku "
     "WHERE k.on_hand_milli <> coalesce(a.adjusted_milli, 0) - coalesce(m.moved, 0) - "
     "coalesce(o.taken, 0)"},
    /* What stock says is promised is what parts of orders hold, and that is what stands in them. */
    {"SELECT 'of ' || k.sku || ' in ' || k.scope || ' ' || k.reserved_milli || ' is promised, "
     "should be ' || coalesce(r.milli, 0) FROM stock k LEFT JOIN (SELECT 'store:' || store_code AS "
     "scope, sku, sum(milli) AS milli FROM reservation GROUP BY 1, 2) r ON r.scope = k.scope AND "
     "r.sku = k.sku WHERE k.reserved_milli <> coalesce(r.milli, 0)"},
    {"SELECT 'part ' || p.id || ', line ' || json_extract(l.value, '$.line') || ' holds ' || "
     "coalesce(r.milli, 0) || ', which is not what stands in it' FROM order_part p, "
     "json_each(json_extract(p.row, '$.body'), '$.lines') l LEFT JOIN reservation r ON "
     "r.fulfilment = p.id AND r.line = json_extract(l.value, '$.line') AND r.store_code = "
     "p.store_code WHERE coalesce(r.milli, 0) <> coalesce(json_extract(l.value, "
     "'$.standing.allocated'), 0) + coalesce(json_extract(l.value, '$.standing.picked'), 0) + "
     "coalesce(json_extract(l.value, '$.standing.staged'), 0) + coalesce(json_extract(l.value, "
     "'$.standing.short'), 0)"},
    {"SELECT 'a promise belongs to no part: ' || r.fulfilment FROM reservation r WHERE NOT EXISTS "
     "(SELECT 1 FROM order_part p WHERE p.id = r.fulfilment)"},
    /* Each line of an order stands in its parts, or was given up. */
    {"SELECT 'order ' || b.number || ', line ' || json_extract(l.value, '$.line') || ': its parts "
     "do not add up' FROM order_book b, json_each(b.record, '$.lines') l WHERE "
     "json_extract(l.value, '$.quantity_milli') - coalesce(json_extract(l.value, "
     "'$.cancelled_milli'), 0) <> (SELECT coalesce(sum(s.value), 0) FROM order_part p, "
     "json_each(json_extract(p.row, '$.body'), '$.lines') k, json_each(k.value, '$.standing') s "
     "WHERE p.order_id = b.id AND json_extract(k.value, '$.line') = json_extract(l.value, "
     "'$.line') AND s.key NOT IN ('cancelled', 'refused', 'returned'))"},
    {"SELECT 'orders are numbered to ' || max(CAST(substr(number, 3) AS INTEGER)) || ', there are "
     "' || count(*) FROM order_book HAVING count(*) > 0 AND max(CAST(substr(number, 3) AS "
     "INTEGER)) <> count(*) + 1000"},
    {"SELECT 'store ' || s.store_code || ' sees another order ' || b.number || ' than there is' "
     "FROM order_store s JOIN order_book b ON b.id = s.order_id LEFT JOIN sales_order o ON o.scope "
     "= 'store:' || s.store_code AND o.id = b.id WHERE o.version IS NOT b.version"},
    {"SELECT 'store ' || s.store_code || ' sees another part ' || p.id || ' than there is' FROM "
     "order_store s JOIN order_part p ON p.order_id = s.order_id LEFT JOIN fulfilment f ON f.scope "
     "= 'store:' || s.store_code AND f.id = p.id WHERE f.version IS NOT json_extract(p.row, "
     "'$.version')"},
    {"SELECT 'the timeline of order ' || b.number || ' has a gap' FROM order_book b LEFT JOIN "
     "order_log l ON l.order_id = b.id GROUP BY b.id HAVING count(l.seq) <> b.events OR "
     "coalesce(max(l.seq), 0) <> b.events"},
    /* Every entry of a till about an order was done, or is held. */
    {"SELECT 'an applied step was done to no order: ' || hex(e.txn) FROM entry e LEFT JOIN "
     "order_step s ON s.txn = e.txn WHERE e.type IN ('picking', 'staging', 'hand-over', "
     "'shipping', 'put-back', 'order-undo', 'order-note') AND e.outcome <> 'held' AND s.txn IS "
     "NULL"},
    {"SELECT 'a step has no applied entry: ' || hex(s.txn) FROM order_step s LEFT JOIN entry e ON "
     "e.txn = s.txn WHERE e.txn IS NULL OR e.outcome = 'held'"},
    {"SELECT 'feed ' || c.name || ' holds ' || count(f.seq) || ' rows between ' || c.floor || ' "
     "and ' || "
     "c.head FROM scope c LEFT JOIN feed f ON f.scope = c.name GROUP BY c.name "
     "HAVING count(f.seq) <> c.head - c.floor OR (count(f.seq) > 0 AND "
     "(min(f.seq) <> c.floor + 1 OR max(f.seq) <> c.head))"},
    /* Held entries each have an open exception under their transaction. */
    {"SELECT 'held without an exception: ' || hex(e.txn) FROM entry e WHERE e.outcome = 'held' AND "
     "NOT "
     "EXISTS (SELECT 1 FROM exception x WHERE replace(x.txn, '-', '') = lower(hex(e.txn)) AND "
     "x.resolved = 0)"},
    /* What was counted is what was used, for everybody and for each customer that is counted. */
    {"SELECT 'uses of promotion ' || c.promotion || ' by \"' || c.customer || '\" are ' || c.uses "
     "|| ' (' || c.spent_minor || '), should be ' || count(u.txn) || ' (' || "
     "coalesce(sum(u.spent_minor), 0) || ')' FROM promotion_use c LEFT JOIN offer_use u ON "
     "u.kind = 'promotion' AND u.name = c.promotion AND (c.customer = '' OR u.customer = "
     "c.customer) GROUP BY c.promotion, c.customer HAVING count(u.txn) <> c.uses OR "
     "coalesce(sum(u.spent_minor), 0) <> c.spent_minor"},
    {"SELECT 'uses of coupon ' || c.code || ' by \"' || c.customer || '\" are ' || c.uses || ', "
     "should be ' || count(u.txn) FROM coupon_use c LEFT JOIN offer_use u ON u.kind = 'coupon' AND "
     "u.name = c.code AND (c.customer = '' OR u.customer = c.customer) "
     "GROUP BY c.code, c.customer HAVING count(u.txn) <> c.uses"},
    /* Returns: each is an applied entry, its figures add up, and no more went back than was sold or
     * paid, but where that was noticed and told. */
    {"SELECT 'an applied return is not in the tables: ' || hex(e.txn) FROM entry e LEFT JOIN "
     "return_book r ON r.txn = e.txn WHERE e.type = 'return' AND e.outcome <> 'held' AND r.txn IS "
     "NULL"},
    {"SELECT 'a return has no applied entry: ' || r.receipt FROM return_book r LEFT JOIN entry e "
     "ON e.txn = r.txn WHERE e.txn IS NULL OR e.outcome = 'held'"},
    {"SELECT 'return ' || r.receipt || ': lines, fee and refunds do not add up' FROM return_book r "
     "WHERE (SELECT coalesce(sum(total_minor), 0) FROM return_line l WHERE l.txn = r.txn) <> "
     "r.fee_minor + r.value_minor OR (SELECT coalesce(sum(value_minor), 0) FROM return_refund f "
     "WHERE f.txn = r.txn) <> r.value_minor"},
    {"SELECT 'more of ' || b.sku || ' came back than was sold: sale ' || s.receipt FROM (SELECT "
     "r.source AS source, l.sku AS sku, sum(l.quantity_milli) AS milli FROM return_book r JOIN "
     "return_line l ON l.txn = r.txn WHERE r.source_kind = 'sale' AND NOT EXISTS (SELECT 1 FROM "
     "return_book o WHERE o.source = r.source AND o.is_over = 1) GROUP BY 1, 2) b JOIN sale s ON "
     "s.txn = b.source WHERE b.milli > (SELECT coalesce(sum(q.quantity_milli), 0) FROM sale_line q "
     "WHERE q.txn = s.txn AND q.sku = b.sku)"},
    {"SELECT 'more went back than was paid: sale ' || s.receipt FROM (SELECT f.source AS source, "
     "sum(f.amount_minor) AS given FROM return_refund f JOIN return_book r ON r.txn = f.txn WHERE "
     "r.source_kind = 'sale' AND NOT EXISTS (SELECT 1 FROM return_book o WHERE o.source = r.source "
     "AND o.is_over = 1) GROUP BY 1) g JOIN sale s ON s.txn = g.source WHERE g.given > "
     "s.total_minor + s.rounding_minor"},
    {"SELECT 'credit ' || c.code || ' has a balance of ' || c.balance_minor || ', should be ' || "
     "coalesce(sum(r.amount_minor), 0) FROM credit c LEFT JOIN credit_row r ON r.code = c.code "
     "GROUP BY c.code HAVING coalesce(sum(r.amount_minor), 0) <> c.balance_minor OR "
     "c.balance_minor < 0"},
    {"SELECT 'aside in ' || a.scope || ': ' || a.sku || ' (' || a.disposition || ') is ' || "
     "a.milli || ', should be ' || coalesce(b.milli, 0) FROM stock_aside a LEFT JOIN (SELECT "
     "'store:' || r.store_code AS scope, l.sku AS sku, l.disposition AS disposition, "
     "sum(l.aside_milli) AS milli FROM return_line l JOIN return_book r ON r.txn = l.txn GROUP BY "
     "1, 2, 3) b ON b.scope = a.scope AND b.sku = a.sku AND b.disposition = a.disposition WHERE "
     "a.milli <> coalesce(b.milli, 0)"},
    {"SELECT 'foreign key of ' || \"table\" FROM pragma_foreign_key_check"},
};

static gboolean
ask(TillDb *db, const char *sql, TillAudit *audit, GError **error)
{
	TillDbQuery *query = till_db_query(db, sql);
	g_autoptr(GError) local = NULL;

	while (till_db_step(query, &local))
		add_problem(audit, "%s", till_db_text(query, 0));
	if (local == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&local));
	return FALSE;
}

/* --- chains and bodies, row by row --- */

typedef struct {
	gint64 terminal;
	gint64 incarnation;
	TillHash chain;
} Walk;

static void
check_body(TillDbQuery *query, TillAudit *audit)
{
	g_autoptr(GBytes) bytes = NULL;
	g_autoptr(TillSale) sale = NULL;
	TillHash hash;
	TillHash claimed;
	gsize size;
	gconstpointer data;

	if (till_db_is_null(query, 7))
		return;
	data = till_db_blob(query, 7, &size);
	till_crypto_hash(data, size, &hash);
	till_db_copy_blob(query, 4, claimed.bytes, sizeof claimed.bytes);
	if (strcmp(till_db_text(query, 8), "held") == 0)
		return;
	if (!till_crypto_hash_equal(&hash, &claimed))
		add_problem(audit, "entry %s: its body is not the one that was signed",
			    till_db_text(query, 10));
	if (strcmp(till_db_text(query, 5), TILL_SALE_TYPE) != 0)
		return;
	bytes = g_bytes_new(data, size);
	sale = till_sale_from_bytes(bytes, NULL);
	if (sale == NULL)
		add_problem(audit, "entry %s: its body cannot be read", till_db_text(query, 10));
	else if (sale->priced->total_minor != till_db_int(query, 9) ||
		 strcmp(sale->receipt, till_db_text(query, 11)) != 0)
		add_problem(audit, "sale %s: the tables differ from the entry", sale->receipt);
}

static void
check_link(TillDbQuery *query, Walk *walk, TillAudit *audit)
{
	TillHash body_hash;
	TillHash claimed;
	TillHash chain;
	TillUuid txn;

	if (walk->terminal != till_db_int(query, 0) || walk->incarnation != till_db_int(query, 1)) {
		walk->terminal = till_db_int(query, 0);
		walk->incarnation = till_db_int(query, 1);
		till_entry_genesis((guint64)walk->incarnation, &walk->chain);
	}
	till_db_copy_blob(query, 3, txn.bytes, sizeof txn.bytes);
	till_db_copy_blob(query, 4, body_hash.bytes, sizeof body_hash.bytes);
	till_db_copy_blob(query, 12, claimed.bytes, sizeof claimed.bytes);
	till_entry_chain(&walk->chain, till_db_int(query, 2), &txn, till_db_text(query, 5),
			 (int)till_db_int(query, 6), &body_hash, &chain);
	/* A transaction that is known under another body has another type there: its link cannot be
	 * repeated. */
	if (!till_crypto_hash_equal(&chain, &claimed) && till_db_int(query, 13) == 0)
		add_problem(audit,
			    "till %" G_GINT64_FORMAT ", number %" G_GINT64_FORMAT
			    ": the chain is broken",
			    walk->terminal, till_db_int(query, 2));
	walk->chain = claimed;
}

static gboolean
walk_entries(TillDb *db, TillAudit *audit, GError **error)
{
	TillDbQuery *query =
	    till_db_query(db, "SELECT v.terminal, v.incarnation, v.seq, v.txn, v.body_hash, "
			      "e.type, e.version, e.body, "
			      "e.outcome, coalesce(s.total_minor, 0), lower(hex(v.txn)), "
			      "coalesce(s.receipt, ''), v.chain, "
			      "v.body_hash <> e.body_hash FROM envelope v JOIN entry e ON e.txn = "
			      "v.txn LEFT JOIN sale s ON "
			      "s.txn = v.txn ORDER BY v.terminal, v.incarnation, v.seq");
	g_autoptr(GError) local = NULL;
	Walk walk = {.terminal = -1};

	while (till_db_step(query, &local)) {
		check_link(query, &walk, audit);
		if (till_db_int(query, 13) == 0)
			check_body(query, audit);
	}
	if (local == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&local));
	return FALSE;
}

static gboolean
count(TillDb *db, const char *sql, gint64 *out, GError **error)
{
	return till_db_fetch_int(till_db_query(db, sql), 0, out, error);
}

gboolean
till_audit_run(TillCentral *central, TillAudit *out, GError **error)
{
	g_autofree char *complaint = till_db_complaint(central->db);

	memset(out, 0, sizeof *out);
	out->problems = g_ptr_array_new_with_free_func(g_free);
	if (complaint != NULL)
		add_problem(out, "the database file: %s", complaint);
	for (gsize i = 0; i < G_N_ELEMENTS(questions); i++) {
		if (!ask(central->db, questions[i].sql, out, error))
			return FALSE;
	}
	return walk_entries(central->db, out, error) &&
	       count(central->db, "SELECT count(*) FROM sale", &out->sales, error) &&
	       count(central->db,
		     "SELECT count(*) FROM entry WHERE type = 'return' AND outcome <> 'held'",
		     &out->refunds, error) &&
	       count(central->db, "SELECT count(*) FROM entry WHERE outcome = 'held'", &out->held,
		     error);
}

void
till_audit_clear(TillAudit *audit)
{
	g_clear_pointer(&audit->problems, g_ptr_array_unref);
}
