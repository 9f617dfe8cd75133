/* SPDX-License-Identifier: Apache-2.0 */

/* tillctl: a till without a screen, for scripts and for the person who mends one.
 *
 * main finds the home, hands the words to the verb and turns its error into one sentence on
 * standard error and an exit code: 0 done, 1 not done, 2 the command line is wrong. */

#include <glib.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "crypto.h"
#include "verb.h"

static const char *const enrol_options[] = {"code=", NULL};
static const char *const status_options[] = {"timeout=", NULL};
static const char *const price_options[] = {"rules=", NULL};
static const char *const sell_options[] = {"tender=", "staff=", "approve=", "pin-file=", NULL};
static const char *const customer_options[] = {"reveal", NULL};
static const char *const journal_options[] = {"limit=", "type=", NULL};
static const char *const sync_options[] = {"once", "until-empty", "timeout=", NULL};
static const char *const decode_options[] = {"stages=", NULL};
static const char *const camera_options[] = {"source=", "seconds=", "once", NULL};
static const char *const receipt_options[] = {"format=", "gift", "code", NULL};
static const char *const return_options[] = {"quote", "find=", "offline", "staff=", NULL};

static const char *const pickup_options[] = {
    "board",         "undo",       "look",        "line=",  "refuse=",
    "collected-by=", "id-checked", "age-checked", "staff=", NULL};
static const char *const order_options[] = {"line=",    "short=",    "cancel=", "place=",
					    "carrier=", "tracking=", "reason=", "give-up",
					    "words=",   "staff=",    NULL};

/* The two tables have the same order. */
static const TillArgumentsRule rules[] = {
    {"enrol", enrol_options, 1, 1, "enrol URL --code CODE"},
    {"status", status_options, 0, 0, "status [--timeout S]"},
    {"price", price_options, 1, 1, "price FILE [--rules FILE]"},
    {"sell", sell_options, 1, 1,
     "sell FILE|- [--tender cash:AMOUNT …] [--staff ID] [--approve ID --pin-file FILE]"},
    {"customer", customer_options, 1, 1, "customer QUERY [--reveal]"},
    {"stock", NULL, 1, 1, "stock SKU"},
    {"journal", journal_options, 1, 2,
     "journal list|show WHAT|verify|export [FILE]|recover [--limit N] [--type TYPE]"},
    {"sync", sync_options, 0, 0, "sync [--once|--until-empty] [--timeout S]"},
    {"receipt", receipt_options, 1, 1, "receipt NUMBER [--format text] [--gift] [--code]"},
    {"return", return_options, 0, 1,
     "return FILE [--quote] [--offline] [--staff ID] | return --find TEXT"},
    {"decode", decode_options, 1, G_MAXUINT, "decode IMAGE… [--stages raw|all]"},
    {"camera", camera_options, 0, 0, "camera [--source SOURCE] [--seconds N] [--once]"},
    {"pickup", pickup_options, 0, 1,
     "pickup CODE|NUMBER [--line SKU=QTY …] [--refuse SKU=QTY …] [--collected-by NAME] "
     "[--id-checked] [--age-checked] [--look] | --board | --undo"},
    {"order", order_options, 1, 2,
     "order ID [pick [--line SKU=QTY …] [--short SKU …] [--cancel SKU …]|stage --place PLACE|"
     "ship [--carrier C] [--tracking T]|put-back [--give-up] [--reason R]|note --words WORDS]"},
    {NULL, NULL, 0, 0, NULL},
};

static const TillVerbRun runs[] = {
    till_verb_enrol,  till_verb_status,  till_verb_price,  till_verb_sell,    till_verb_customer,
    till_verb_stock,  till_verb_journal, till_verb_sync,   till_verb_receipt, till_verb_return,
    till_verb_decode, till_verb_camera,  till_verb_pickup, till_verb_order,
};

G_STATIC_ASSERT(G_N_ELEMENTS(runs) + 1 == G_N_ELEMENTS(rules));

static void
print_help(void)
{
	printf("tillctl %s: a till without a screen\n\n"
	       "tillctl [--home DIR] [--json] VERB …\n\n",
	       TILL_VERSION);
	for (guint i = 0; rules[i].verb != NULL; i++)
		printf("  %s\n", rules[i].usage);
	printf(
	    "\n"
	    "DIR is a till's home: $TILLHOUSE_HOME, else $XDG_DATA_HOME/tillhouse.\n"
	    "Amounts are whole minor units (cents). --json prints one object a line.\n"
	    "A basket is {\"lines\":[{\"code\":\"4006381333931\",\"quantity_milli\":2000}], "
	    "\"coupons\":[\"TAKE5\"],\n"
	    "\"customer\":\"c-0001\",\"exemption\":{\"certificate\":\"…\"}}; code is any barcode, "
	    "SKU or PLU. A line may ask\n"
	    "for "
	    "\"manual\":{\"kind\":\"price|amount|percent\",\"value\":100,\"reason\":\"stain\"}; "
	    "beyond what the seller may\n"
	    "do, --approve names who lets it pass, with the PIN in a file.\n"
	    "sell - reads one basket a line; a line may hold \"tenders\":[\"cash:20000\"], and "
	    "without any tender\n"
	    "the shopper pays exactly in cash. Each sale is printed after it is on disk.\n"
	    "decode prints one object for each picture (PNG, JPEG, PGM, PPM), in their order; it "
	    "needs no home.\n"
	    "camera prints one for each code that the camera sees, until it is interrupted, N "
	    "seconds are over or,\n"
	    "with --once, one was read. SOURCE is auto, v4l2:/dev/video0, picture:FILE or "
	    "pictures:frames/%%03d.png.\n"
	    "pickup hands over what is staged: by the code of the order's page, or by its number "
	    "with "
	    "--id-checked.\n"
	    "--look says what a code is good for. order shows one and does the steps before. Both "
	    "work offline, on\n"
	    "what the last sync brought.\n"
	    "Exit code: 0 done, 1 not done (a sentence says what to do), 2 wrong command "
	    "line.\n");
}

static gboolean
wants(int argc, char **argv, const char *option)
{
	int at = argc >= 4 && strcmp(argv[1], "--home") == 0 ? 3 : 1;
	return argc > at && strcmp(argv[at], option) == 0;
}

static char *
choose_home(const TillArguments *arguments)
{
	const char *home = till_arguments_option(arguments, "home");
	if (home == NULL)
		home = g_getenv("TILLHOUSE_HOME");
	if (home != NULL && *home != '\0')
		return g_strdup(home);
	return g_build_filename(g_get_user_data_dir(), "tillhouse", NULL);
}

static gboolean
run(int argc, char **argv, GError **error)
{
	g_autoptr(TillArguments) arguments = till_arguments_read(argc, argv, rules, error);
	if (arguments == NULL)
		return FALSE;
	guint index = till_arguments_verb(arguments);
	g_autofree char *home = choose_home(arguments);
	TillVerb verb = {
	    .arguments = arguments,
	    .name = rules[index].verb,
	    .home = home,
	    .json = till_arguments_option(arguments, "json") != NULL,
	};
	return runs[index](&verb, error);
}

int
main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;

	setlocale(LC_ALL, "");
	till_crypto_init();
	if (wants(argc, argv, "--help") || wants(argc, argv, "help")) {
		print_help();
		return 0;
	}
	if (wants(argc, argv, "--version")) {
		printf("tillctl %s\n", TILL_VERSION);
		return 0;
	}
	if (run(argc, argv, &error))
		return 0;
	g_printerr("tillctl: %s\n", error->message);
	return error->domain == TILL_ARGUMENTS_ERROR ? 2 : 1;
}
