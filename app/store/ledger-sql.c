/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger-row.h"

/* A row's stock move still counts while the central has not said in which feed number its effect
 * shows, or that number is still ahead of the cursor. Held and parked rows have no effect there
 * yet. */
#define NOT_TOLD_BACK(cursor)                                                                      \
	"(ack.feed_seq > " cursor " OR (ack.outcome IN (2, 4) AND ack.feed_seq = 0))"

/* The same for its use of offers and the chain's cursor. */
#define USE_NOT_TOLD_BACK(cursor)                                                                  \
	"(ack.chain_seq > " cursor " OR (ack.outcome IN (2, 4) AND ack.chain_seq = 0))"

/* A step of an order that the central holds has lost to another one; it counts no longer. */
#define STEP_NOT_TOLD_BACK(cursor)                                                                 \
	"(ack.outcome = 4 OR (ack.outcome <> 2 AND ack.feed_seq > " cursor "))"

/* As the schema's indexes have them, but for white space. */
#define BODY "CAST(body AS TEXT)"
#define RETURN_SOURCE "substr(" BODY ", instr(" BODY ", '\"txn\":\"') + 7, 36)"
#define CUSTOMER_AT "instr(" BODY ", '\"customer\":{\"id\":\"')"
#define RETURN_CUSTOMER                                                                            \
	"CASE WHEN " CUSTOMER_AT " > 0 THEN substr(" BODY ", " CUSTOMER_AT                         \
	" + 18, instr(substr(" BODY ", " CUSTOMER_AT " + 18), '\"') - 1) END"

#define WITHOUT_ACK "NOT EXISTS (SELECT 1 FROM ack WHERE ack.position = journal.position)"

static const char *const SQL[TILL_LEDGER_STATEMENTS] = {
    [TILL_LEDGER_IDENTITY_LOAD] =
	"SELECT store_id, terminal_id, store_code, till_number, server_url, server_id, server_key, "
	"ca_pem FROM identity WHERE only = 1",
    [TILL_LEDGER_IDENTITY_SAVE] =
	"INSERT INTO identity (only, store_id, terminal_id, store_code, till_number, server_url, "
	"server_id, server_key, ca_pem) VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    [TILL_LEDGER_INCARNATIONS] =
	"SELECT ordinal, id, letters, coalesce(parent, 0), parent_seq, parent_chain, fingerprint "
	"FROM incarnation ORDER BY ordinal",
    [TILL_LEDGER_INCARNATION_ADD] =
	"INSERT INTO incarnation (ordinal, id, letters, parent, parent_seq, parent_chain, reason, "
	"fingerprint, started_ms) VALUES (?1, ?2, ?3, nullif(?4, 0), ?5, ?6, ?7, ?8, ?9)",
    [TILL_LEDGER_HEAD] = "SELECT seq, chain FROM journal WHERE position > ?1 AND position < ?2 "
			 "ORDER BY position DESC LIMIT 1",
    [TILL_LEDGER_ROW_ADD] =
	"INSERT INTO journal (position, ordinal, seq, txn, type, version, receipt, total_minor, "
	"wall_ms, mono_ms, boot, offset_ms, uncertainty_ms, business_date, shift, cursor, "
	"orig_incarnation, orig_seq, body_hash, chain, signature, body) VALUES (?1, ?2, ?3, ?4, "
	"?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)",
    [TILL_LEDGER_ROW_AT] =
	"SELECT " TILL_LEDGER_ROW_COLUMNS ", receipt FROM journal WHERE position = ?1",
    [TILL_LEDGER_ROW_TXN] = "SELECT " TILL_LEDGER_ROW_COLUMNS
			    " FROM journal WHERE txn = ?1 ORDER BY ordinal DESC LIMIT 1",
    [TILL_LEDGER_ROW_RECEIPT] = "SELECT " TILL_LEDGER_ROW_COLUMNS " FROM journal WHERE receipt = "
				"?1 COLLATE NOCASE ORDER BY position DESC LIMIT 1",
    [TILL_LEDGER_ROWS_FROM] =
	"SELECT " TILL_LEDGER_ROW_COLUMNS ", receipt, total_minor, position FROM journal "
	"WHERE position > ?1 AND position < ?2 ORDER BY position LIMIT ?3",
    [TILL_LEDGER_ROWS_NEWEST] =
	"SELECT ordinal, seq, txn, type, receipt, total_minor, wall_ms, "
	"coalesce(ack.outcome, -1) FROM journal LEFT JOIN ack USING (position) "
	"WHERE ?1 = '' OR type = ?1 ORDER BY position DESC LIMIT ?2",
    [TILL_LEDGER_ROWS_OVERRIDE] =
	"SELECT " TILL_LEDGER_ROW_COLUMNS ", receipt FROM journal WHERE type = 'override' "
	"ORDER BY position DESC LIMIT ?1",
    [TILL_LEDGER_RETURNS_OF] =
	"SELECT " TILL_LEDGER_ROW_COLUMNS ", ack.position IS NOT NULL AND "
	"NOT " NOT_TOLD_BACK("?2") " FROM journal LEFT JOIN ack USING (position) "
				   "WHERE type = 'return' AND " RETURN_SOURCE
				   " = ?1 ORDER BY position LIMIT 1000",
    [TILL_LEDGER_RETURNS_FOR] =
	"SELECT " TILL_LEDGER_ROW_COLUMNS ", 0 FROM journal "
	"WHERE type = 'return' AND " RETURN_CUSTOMER " = ?1 AND wall_ms >= ?2 "
	"ORDER BY wall_ms LIMIT 1000",
    [TILL_LEDGER_CHAIN_AT] = "SELECT chain FROM journal WHERE position = ?1",
    [TILL_LEDGER_PENDING_COUNT] = "SELECT count(*), coalesce(sum(type = 'sale'), 0) FROM journal "
				  "WHERE position > ?1 AND position < ?2 AND " WITHOUT_ACK,
    [TILL_LEDGER_PENDING_FIRST] =
	"SELECT seq, wall_ms FROM journal WHERE position > ?1 AND position < ?2 AND " WITHOUT_ACK
	" ORDER BY position LIMIT 1",
    [TILL_LEDGER_ACK_FIND] =
	"SELECT journal.txn, journal.type, coalesce(ack.outcome, -1) FROM journal "
	"LEFT JOIN ack USING (position) WHERE position = ?1",
    [TILL_LEDGER_ACK_NEWEST] = "SELECT acknowledged_ms FROM ack ORDER BY position DESC LIMIT 1",
    [TILL_LEDGER_ACK_PUT] =
	"INSERT INTO ack (position, outcome, feed_seq, reason, acknowledged_ms, chain_seq) "
	"VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (position) DO UPDATE SET "
	"outcome = excluded.outcome, feed_seq = excluded.feed_seq, reason = excluded.reason, "
	"acknowledged_ms = excluded.acknowledged_ms, chain_seq = excluded.chain_seq "
	"WHERE ack.outcome IN (2, 4)",
    [TILL_LEDGER_ACK_POSITIONS] =
	"SELECT position FROM ack WHERE position > ?1 AND position < ?2 ORDER BY position",
    [TILL_LEDGER_ACK_OPEN_COUNT] = "SELECT coalesce(sum(outcome = 2), 0), "
				   "coalesce(sum(outcome = 4), 0) FROM ack "
				   "WHERE outcome IN (2, 4)",
    [TILL_LEDGER_ACK_PARKED] = "SELECT " TILL_LEDGER_ROW_COLUMNS " FROM journal WHERE position IN "
			       "(SELECT position FROM ack WHERE outcome IN (2, 4) AND outcome = 4) "
			       "ORDER BY position LIMIT ?1",
    [TILL_LEDGER_ACK_SIGNATURE_PUT] =
	"INSERT INTO ack_signature (ordinal, seq, signature) VALUES (?1, ?2, ?3) "
	"ON CONFLICT (ordinal) DO UPDATE SET seq = excluded.seq, signature = excluded.signature "
	"WHERE excluded.seq >= ack_signature.seq",
    [TILL_LEDGER_MOVE_ADD] =
	"INSERT INTO stock_move (sku, position, delta_milli) VALUES (?1, ?2, ?3) "
	"ON CONFLICT (position, sku) DO UPDATE SET delta_milli = delta_milli + "
	"excluded.delta_milli",
    [TILL_LEDGER_MOVE_SUMS] = "SELECT sku, sum(delta_milli) FROM stock_move "
			      "LEFT JOIN ack USING (position) "
			      "WHERE ack.position IS NULL OR " NOT_TOLD_BACK("?1") " GROUP BY sku",
    [TILL_LEDGER_MOVE_PRUNE] = "DELETE FROM stock_move WHERE EXISTS (SELECT 1 FROM ack "
			       "WHERE ack.position = stock_move.position AND "
			       "NOT " NOT_TOLD_BACK("?1") ")",
    [TILL_LEDGER_MOVE_PRUNE_ACKED] =
	"DELETE FROM stock_move WHERE EXISTS (SELECT 1 FROM ack "
	"WHERE ack.position = stock_move.position AND ack.outcome NOT IN (2, 4))",
    [TILL_LEDGER_MOVE_SHIFT] = "UPDATE stock_move SET position = ?2 WHERE position = ?1",
    [TILL_LEDGER_USE_ADD] =
	"INSERT INTO offer_use (position, kind, offer, customer, uses, spent_minor) "
	"VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    [TILL_LEDGER_USE_SUMS] =
	"SELECT kind, offer, customer, sum(uses), sum(spent_minor) FROM offer_use "
	"LEFT JOIN ack USING (position) "
	"WHERE ack.position IS NULL OR " USE_NOT_TOLD_BACK("?1") " GROUP BY kind, offer, customer",
    [TILL_LEDGER_USE_PRUNE] = "DELETE FROM offer_use WHERE EXISTS (SELECT 1 FROM ack "
			      "WHERE ack.position = offer_use.position AND "
			      "NOT " USE_NOT_TOLD_BACK("?1") ")",
    [TILL_LEDGER_USE_PRUNE_ACKED] =
	"DELETE FROM offer_use WHERE EXISTS (SELECT 1 FROM ack "
	"WHERE ack.position = offer_use.position AND ack.outcome NOT IN (2, 4))",
    [TILL_LEDGER_USE_SHIFT] = "UPDATE offer_use SET position = ?2 WHERE position = ?1",
    [TILL_LEDGER_STEP_ADD] = "INSERT INTO order_step (position, fulfilment) VALUES (?1, ?2)",
    [TILL_LEDGER_STEPS_OPEN] =
	"SELECT " TILL_LEDGER_ROW_COLUMNS " FROM order_step JOIN journal USING (position) "
	"LEFT JOIN ack USING (position) "
	"WHERE ack.position IS NULL OR " STEP_NOT_TOLD_BACK("?1") " ORDER BY position LIMIT ?2",
    [TILL_LEDGER_STEP_PRUNE] = "DELETE FROM order_step WHERE EXISTS (SELECT 1 FROM ack "
			       "WHERE ack.position = order_step.position AND "
			       "NOT " STEP_NOT_TOLD_BACK("?1") ")",
    [TILL_LEDGER_STEP_PRUNE_ACKED] =
	"DELETE FROM order_step WHERE EXISTS (SELECT 1 FROM ack "
	"WHERE ack.position = order_step.position AND ack.outcome <> 4)",
    [TILL_LEDGER_STEP_SHIFT] = "UPDATE order_step SET position = ?2 WHERE position = ?1",
    [TILL_LEDGER_PARKED_ADD] = "INSERT INTO parked_sale (id, label, staff_name, parked_ms, "
			       "line_count, total_minor, body) "
			       "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [TILL_LEDGER_PARKED_LIST] =
	"SELECT id, label, staff_name, parked_ms, line_count, total_minor FROM parked_sale "
	"WHERE open = 0 ORDER BY parked_ms DESC, id DESC",
    [TILL_LEDGER_PARKED_FIND] = "SELECT body FROM parked_sale WHERE id = ?1 AND open = 0",
    [TILL_LEDGER_PARKED_OPEN] = "UPDATE parked_sale SET open = 1 WHERE id = ?1",
    [TILL_LEDGER_PARKED_FINISH] = "DELETE FROM parked_sale WHERE open = 1",
    [TILL_LEDGER_PARKED_RELEASE] = "UPDATE parked_sale SET open = 0 WHERE open = 1",
    [TILL_LEDGER_SIGNIN_GET] = "SELECT count, until_ms FROM signin_failure WHERE staff_id = ?1",
    [TILL_LEDGER_SIGNIN_SET] =
	"INSERT INTO signin_failure (staff_id, count, until_ms) VALUES (?1, ?2, ?3) "
	"ON CONFLICT (staff_id) DO UPDATE SET count = excluded.count, "
	"until_ms = excluded.until_ms",
    [TILL_LEDGER_NOTE_GET] = "SELECT value FROM note WHERE name = ?1",
    [TILL_LEDGER_NOTE_SET] = "INSERT INTO note (name, value) VALUES (?1, ?2) "
			     "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
};

const TillDatabaseKind till_ledger_kind = {
    .what = "ledger.db",
    .damage_advice = "The file is damaged and was left as it is. " TILL_DATABASE_RECOVER,
    .schema = "/tillhouse/schema/ledger/",
    .synchronous = "FULL",
    .cache_kib = 2048,
    .trusted_schema = FALSE,
    .sql = SQL,
    .count = TILL_LEDGER_STATEMENTS,
};
