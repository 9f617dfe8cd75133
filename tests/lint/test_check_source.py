#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""check-source.py finds what it is there to find, and lets good code pass."""

import importlib.util
import os
import pathlib
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
SPEC = importlib.util.spec_from_file_location("check_source", HERE / "check-source.py")
check = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(check)

LICENCE = "/* SPDX-License-Identifier: Apache-2.0 */\n"
HEADER = LICENCE + """#pragma once

#include <glib.h>

/* A module that is here to be read by a checker, with enough words.
 *
 * Threads: any. */

"""


class Rules(unittest.TestCase):
    def findings(self, files):
        """The (rule, path, key) of each finding in a tree of these files."""
        with tempfile.TemporaryDirectory() as root:
            for path, text in files.items():
                place = os.path.join(root, path)
                os.makedirs(os.path.dirname(place), exist_ok=True)
                with open(place, "w", encoding="utf-8") as file:
                    file.write(text)
            return [(f.rule, f.path, f.key) for f in check.check_tree(check.Tree(root))]

    def rules_of(self, path, body, others=()):
        files = dict(others)
        files[path] = body if body.startswith(LICENCE[:9]) else LICENCE + body
        return [rule for rule, place, _ in self.findings(files) if place == path]

    def test_good_code_passes(self):
        self.assertEqual(self.findings({
            "app/base/text.h": HEADER + "char *till_text_fold(const char *text);\n",
            "app/base/text.c": LICENCE + '#include "text.h"\n\nchar *\ntill_text_fold(const char *text)\n{\n\treturn NULL;\n}\n',
            "app/domain/money.h": HEADER,
            "app/domain/money.c": LICENCE + '#include "money.h"\n\n#include "text.h"\n',
            "tests/unit/test-money.c": LICENCE + '#include "money.h"\n\nint\nmain(void)\n{\n\treturn 0;\n}\n',
        }), [])

    def test_arrows(self):
        headers = {
            "app/base/text.h": HEADER, "app/domain/money.h": HEADER, "app/store/store.h": HEADER,
            "app/desk/register.h": HEADER, "sync/wire/messages.h": HEADER, "sync/client/http.h": HEADER,
            "sync/client/health.h": HEADER, "ui/window.h": HEADER,
        }
        allowed = [("app/domain/x.c", "text.h"), ("app/store/x.c", "money.h"), ("app/desk/x.c", "store.h"),
                   ("sync/client/x.c", "store.h"), ("sync/client/x.c", "messages.h"), ("sync/central/x.c", "messages.h"),
                   ("ui/x.c", "register.h"), ("ui/x.c", "health.h"), ("ui/cli/x.c", "store.h"), ("ui/main.c", "http.h"),
                   ("sync/central/main.c", "store.h"), ("tests/x.c", "store.h")]
        refused = [("app/base/x.c", "money.h"), ("app/domain/x.c", "store.h"), ("app/store/x.c", "register.h"),
                   ("app/desk/x.c", "messages.h"), ("app/desk/x.c", "window.h"), ("sync/wire/x.c", "store.h"),
                   ("sync/central/x.c", "store.h"), ("sync/central/x.c", "http.h"), ("ui/x.c", "store.h"),
                   ("ui/x.c", "http.h"), ("ui/widget/x.c", "messages.h")]
        for path, name in allowed:
            self.assertEqual(self.rules_of(path, f'#include "{name}"\n', headers), [], f"{path} -> {name}")
        for path, name in refused:
            self.assertEqual(self.rules_of(path, f'#include "{name}"\n', headers), ["arrow"], f"{path} -> {name}")

    def test_each_schema_file_is_listed_wherever_it_is_used(self):
        files = {
            "app/store/schema/cache/0001-cache.sql": "-- SPDX-License-Identifier: Apache-2.0\n",
            "app/store/schema/schema.gresource.xml": "<file>cache/0001-cache.sql</file>\n",
            "sync/central/central.gresource.xml": "<file>cache/0001-cache.sql</file>\n",
        }
        self.assertEqual(self.findings(files), [])
        files["app/store/schema/cache/0002-more.sql"] = "-- SPDX-License-Identifier: Apache-2.0\n"
        self.assertEqual([path for rule, path, key in self.findings(files) if rule == "schema"],
                         ["app/store/schema/schema.gresource.xml", "sync/central/central.gresource.xml"])

    def test_arrow_looks_beside_the_file_first(self):
        headers = {"sync/client/http.h": HEADER, "sync/central/http.h": HEADER}
        self.assertEqual(self.rules_of("sync/central/x.c", '#include "http.h"\n', headers), [])
        self.assertEqual([rule for rule, _, _ in self.findings(headers)], ["header-name"])

    def test_include_forms(self):
        self.assertEqual(self.rules_of("app/desk/x.c", '#include "../store/store.h"\n'), ["include-path"])
        self.assertEqual(self.rules_of("app/desk/x.c", '#  include "nowhere.h"\n'), ["include-unknown"])
        self.assertEqual(self.rules_of("ui/x.c", '#include "till-resources.h"\n'), [])

    def test_system_headers(self):
        cases = [("sqlite3.h", "app/store/x.c", "app/desk/x.c"), ("sqlite3.h", "sync/central/db-sqlite.c", "sync/central/auth.c"),
                 ("curl/curl.h", "sync/client/http.c", "sync/client/push.c"),
                 ("microhttpd.h", "sync/central/http.c", "sync/central/route.c"),
                 ("gtk/gtk.h", "ui/x.c", "app/desk/x.c"), ("gtk/gtk.h", "tests/ui/x.c", "ui/cli/x.c"),
                 ("sodium.h", "app/base/crypto.c", "sync/wire/x.c")]
        for name, home, elsewhere in cases:
            self.assertEqual(self.rules_of(home, f"#include <{name}>\n"), [], f"{home} <{name}>")
            self.assertEqual(self.rules_of(elsewhere, f"#include <{name}>\n"), ["system-include"], f"{elsewhere} <{name}>")

    def test_function_length(self):
        def function(lines):
            return "static void\nlong_one(void)\n{\n" + "\tx();\n" * (lines - 2) + "}\n"
        self.assertEqual(self.rules_of("ui/x.c", function(70)), [])
        self.assertEqual(self.rules_of("ui/x.c", function(71)), ["function-length"])
        table = "static const int table[] = {\n" + "\t1,\n" * 100 + "};\n"
        self.assertEqual(self.rules_of("ui/x.c", table), [])

    def test_parameters(self):
        seven = "static int\nmany(int a, int b, int c, int d,\n     int (*e)(int, int), int f, int g)\n{\n}\n"
        self.assertEqual(self.rules_of("ui/x.c", seven), [])
        self.assertEqual(self.rules_of("ui/x.c", seven.replace("int g", "int g, int h")), ["parameters"])
        self.assertEqual(check.count_parameters("f(void)"), 0)

    def test_file_length(self):
        self.assertEqual(self.rules_of("ui/x.c", "\n" * 599), [])
        self.assertEqual(self.rules_of("ui/x.c", "\n" * 600), ["file-length"])

    def test_prefix(self):
        def function(name, returns="void"):
            return f"{returns}\n{name}(void)\n{{\n}}\n"
        self.assertEqual(self.rules_of("app/desk/cash-drawer.c", function("till_cash_drawer_open")), [])
        self.assertEqual(self.rules_of("app/desk/worker.c", function("till_worker")), [])
        self.assertEqual(self.rules_of("app/desk/cash-drawer.c", function("till_drawer_open")), ["prefix"])
        self.assertEqual(self.rules_of("app/desk/cash.c", function("till_cashier_open")), ["prefix"])
        self.assertEqual(self.rules_of("app/desk/cash.c", function("open_it", "static void")), [])
        self.assertEqual(self.rules_of("sync/central/main.c", function("main", "int")), [])
        self.assertEqual(self.rules_of("ui/window.c", function("on_open")), [])

    def test_prefix_of_a_split_module(self):
        body = LICENCE + "void\ntill_register_sell(void)\n{\n}\n\nvoid\ntill_register_pay(void)\n{\n}\n"
        self.assertEqual(self.rules_of("app/desk/register-sell.c", body), ["prefix"])
        beside = {"app/desk/register-private.h": HEADER}
        self.assertEqual(self.rules_of("app/desk/register-sell.c", body, beside), [])

    def test_banned_calls(self):
        cases = ["strcpy(a, b);", "sprintf(a, b);", "x = atoi(a);", "x = strtol(a, NULL, 10);", 'g_error("x");', "system(a);",
                 "x = time(NULL);", "goto out;", "x = g_get_real_time();", "x = g_random_int();", "t = localtime(&x);",
                 "q = g_async_queue_new();"]
        for call in cases:
            self.assertEqual(self.rules_of("app/desk/x.c", f"static void\nf(void)\n{{\n\t{call}\n}}\n"), ["banned"], call)

    def test_banned_words_in_comments_and_texts_pass(self):
        body = '/* strcpy( and goto are words here,\n * atoi( too */\nstatic const char *x = "goto \\" sprintf(";\n'
        self.assertEqual(self.rules_of("app/desk/x.c", LICENCE + body), [])

    def test_names_that_only_resemble_pass(self):
        body = "static void\nf(void)\n{\n\tx->random();\n\tmy_strcpy(a);\n\tlast_time(NULL);\n}\n"
        self.assertEqual(self.rules_of("app/desk/x.c", body), [])

    def test_allowed_homes_of_banned_calls(self):
        self.assertEqual(self.rules_of("app/base/text.c", "static int x = strtol(a, b, 10);\n"), [])
        self.assertEqual(self.rules_of("app/base/clock.c", "static int x = clock_gettime(a, b);\n"), [])

    def test_floats(self):
        for words in ("double price;", "float x;", "gdouble y;", "sqlite3_column_double(s, 0);", "json_real(x);"):
            self.assertEqual(self.rules_of("app/store/x.c", words + "\n"), ["float"], words)
            self.assertEqual(self.rules_of("sync/wire/x.c", words + "\n"), ["float"], words)
        self.assertEqual(self.rules_of("ui/x.c", "double width;\n"), [])
        self.assertEqual(self.rules_of("app/domain/x.c", "int double_scan; /* a double */\n"), [])

    def test_assertions_only_look(self):
        for argument in ("count++ < 3", "(x = read()) > 0", "f(a, --b)", "x += 1"):
            self.assertEqual(self.rules_of("app/desk/x.c", f"static void\nf(void)\n{{\n\tg_assert({argument});\n}}\n"),
                             ["assert-effect"], argument)
        for argument in ("x == 0", "a <= b && c != d", "is_it(x, y->z)", "x >= -1"):
            self.assertEqual(self.rules_of("app/desk/x.c", f"static void\nf(void)\n{{\n\tg_assert({argument});\n}}\n"), [],
                             argument)

    def test_header_shape(self):
        self.assertEqual(self.rules_of("ui/x.h", HEADER.replace("#pragma once\n", "")), ["pragma-once"])
        self.assertEqual(self.rules_of("ui/x.h", LICENCE + "#pragma once\n\nint x(void);\n"), ["header-comment"])
        self.assertEqual(self.rules_of("ui/x.h", LICENCE + "#pragma once\n\n/* Short. */\n"), ["header-comment"])
        late = LICENCE + "#pragma once\n\ntypedef int X;\n/* What this is for comes here too late to be of any help. */\n"
        self.assertEqual(self.rules_of("ui/x.h", late), ["header-comment"])
        self.assertEqual(self.rules_of("app/desk/x.h", HEADER.replace("Threads", "Strings")), ["header-threads"])

    def test_licence_line(self):
        self.assertEqual([rule for rule, _, _ in self.findings({"ui/x.c": "int x;\n"})], ["licence"])
        self.assertEqual([rule for rule, _, _ in self.findings({"assets/x.sh": "#!/bin/sh\ntrue\n"})], ["licence"])
        self.assertEqual(self.findings({"assets/x.sh": "#!/bin/sh\n# SPDX-License-Identifier: Apache-2.0\ntrue\n"}), [])

    def test_unfinished_words_and_machine_paths(self):
        for word in ("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"):
            self.assertEqual(self.rules_of("ui/x.c", f"int x; /* {word} */\n"),
                             ["unfinished"], word)
        self.assertEqual(self.rules_of("ui/x.c", 'static const char *x = "till-XXXXXX";\n'), [])
        self.assertEqual(self.rules_of("ui/x.c", 'static const char *x = "/wo' + 'rk/main";\n'), ["machine-path"])

    def test_exemptions(self):
        finding = check.Finding("a.c", 3, "banned", "goto", "words")
        cover = check.Exemption("a.c", "banned", "goto", "a reason")
        unused = check.Exemption("b.c", "banned", "goto", "a reason")
        mute = check.Exemption("a.c", "banned", "goto", " ")
        self.assertEqual(check.apply_exemptions([finding], []), [finding])
        self.assertEqual(check.apply_exemptions([finding], [cover]), [])
        self.assertEqual([f.rule for f in check.apply_exemptions([finding], [cover, unused])], ["unused-exemption"])
        self.assertEqual([f.rule for f in check.apply_exemptions([finding], [mute])], ["exemption-reason"])

    def test_line_numbers_are_those_of_the_file(self):
        with tempfile.TemporaryDirectory() as root:
            os.makedirs(os.path.join(root, "ui"))
            with open(os.path.join(root, "ui", "x.c"), "w", encoding="utf-8") as file:
                file.write(LICENCE + '/* two\n * lines */\nstatic const char *x = "a\\\nb";\nint y = atoi(x);\n')
            self.assertEqual([(f.rule, f.line) for f in check.check_tree(check.Tree(root))], [("banned", 6)])


if __name__ == "__main__":
    unittest.main()
