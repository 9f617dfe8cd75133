#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The house rules that a program can check, over every source file of the tree.

    python3 tests/lint/check-source.py [ROOT]

Prints one line per finding, `path:line: rule: words`, and exits 1 when there is any. What a rule must
let pass stands in EXEMPTIONS with a reason; an exemption that nothing needs any more is a finding too.
The rules read C as clang-format leaves it (a function's braces stand alone in column 0), so check-format
must pass for this program's word to count.
"""

import os
import re
import sys
from collections import namedtuple

Finding = namedtuple("Finding", "path line rule key words")
Exemption = namedtuple("Exemption", "path rule key reason")

# --- What may include what ---------------------------------------------------------------------------

# Folder: its layer. The longest matching folder wins.
LAYERS = {
    "app/base": "base",
    "app/domain": "domain",
    "app/store": "store",
    "app/device": "device",
    "app/desk": "desk",
    "sync/wire": "wire",
    "sync/client": "client",
    "sync/central": "central",
    "ui": "ui",
    "ui/cli": "cli",
    "tests": "tests",
}

# Layer: the layers whose headers it may include, besides its own. "tests" and the composition roots see all.
ARROWS = {
    "base": set(),
    "domain": {"base"},
    "store": {"domain", "base"},
    "device": {"domain", "base"},
    "desk": {"store", "device", "domain", "base"},
    "wire": {"domain", "base"},
    "client": {"wire", "store", "domain", "base"},
    "central": {"wire", "domain", "base"},
    "ui": {"desk", "domain", "base"},
    # tillctl has no screen: its verbs run the layers in the foreground, one by one, as ui/main.c does at start.
    "cli": {"ui", "desk", "store", "device", "client", "wire", "domain", "base"},
}

# Of the sync client, screens see how it fares and the handle to start, wake and stop it; of what stands beside
# the screen, the camera that they show.
HEADERS_OPEN_TO = {"ui": {"health.h", "engine.h", "camera.h"}}

ROOTS = {"app/device/scand-main.c", "ui/main.c", "ui/cli/main.c", "sync/central/main.c"}

# A system header that starts like this may be included only by the files that match.
SYSTEM_HEADERS = [
    ("sqlite3.h", r"app/store/|sync/central/(db-sqlite|snapshot)|tests/"),
    ("curl/", r"sync/client/http\.c$|sync/central/outgoing-http\.c$|tests/"),
    ("microhttpd.h", r"sync/central/http[^/]*\.c$|tests/"),
    ("qrencode.h", r"sync/central/code-svg\.c$"),
    ("zbar.h", r"app/device/code-scanner\.c$"),
    ("gst/", r"app/device/camera-pipeline\.c$|tests/unit/device/test-camera-pipeline\.c$"),
    ("gdk-pixbuf/", r"app/device/picture\.c$|tests/(ui|bench)/|tests/unit/device/draw-code\.c$"),
    ("gtk/", r"ui/(?!cli/)|tests/(ui|bench|lib)/"),
    ("gdk/", r"ui/(?!cli/)|tests/(ui|bench|lib)/"),
    ("sodium.h", r"app/base/crypto\.c$"),
]

# Made by the build, so not found in the tree.
GENERATED_HEADERS = re.compile(r"^till-[a-z-]+-(resources|schema)\.h$|^till-(schema|resources|config)\.h$")

# --- What may not be written -------------------------------------------------------------------------

PRODUCT = r"app/|sync/|ui/"

# (pattern, where it is refused, where it is allowed after all, what to use instead)
BANNED = [
    (r"\b(strcpy|strcat|strncpy|strncat|stpcpy)\s*\(", ".", None, "GString, g_strlcpy or memcpy with a known size"),
    (r"\bv?sprintf\s*\(", ".", None, "g_strdup_printf or g_snprintf"),
    (r"\b(atoi|atol|atoll|atof)\s*\(", ".", None, "till_text_parse_int"),
    (r"\b(strto(u?l|u?ll|[fd]|ld)|g_(ascii_)?strto(u?ll|d)|g_ascii_string_to_\w+)\s*\(", PRODUCT, r"app/base/text\.c$",
     "till_text_parse_int or till_text_parse_decimal"),
    (r"\bg_error\s*\(", PRODUCT, None, "a GError; g_assert for a programmer's error"),
    (r"\b(system|popen|g_spawn_command_line_a?sync)\s*\(", PRODUCT, None, "GSubprocess with an argument vector"),
    (r"\b(g_get_current_time|gettimeofday|localtime|gmtime|ctime|asctime)\s*\(", ".", None,
     "TillClock and the _r functions"),
    (r"\b(time\s*\(\s*NULL\s*\)|clock_gettime\s*\(|g_get_real_time\s*\(|g_date_time_new_now\w*\s*\()", "app/|sync/",
     r"app/base/clock\.c$", "TillClock, handed in"),
    (r"(?<![>.\w])(rand|srand|random|drand48|g_random_\w+)\s*\(", PRODUCT, None, "till_crypto_random"),
    (r"\b(gets|strtok|mktemp|tmpnam|tempnam|alloca|g_alloca|g_newa)\s*\(", ".", None, "a bounded or named alternative"),
    (r"\bgoto\b", ".", None, "an early return with g_autoptr"),
    (r"\b(GAsyncQueue|g_async_queue_\w+|GThreadPool|g_thread_new|g_thread_try_new)\b", PRODUCT, None, "TillWorker"),
    (r"\bG_DISABLE_ASSERT\b", ".", None, "nothing: asserts stay in release builds"),
]

FLOATS = re.compile(r"\b(float|double|gfloat|gdouble|sqlite3_(?:column|bind|result|value)_double|json_real\w*)\b")
FLOATLESS = re.compile(r"app/(domain|store|device|desk)/|sync/")

# Split, so that this file does not find itself.
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
MACHINE_PATHS = re.compile(r"/wo" r"rk/|/ho" r"me/\w|/ro" r"ot/\w")

FUNCTION_LINES_MAX = 70
FILE_LINES_MAX = 600
PARAMETERS_MAX = 7
HEADER_WORDS_MIN = 8

SPDX_C = "/* SPDX-License-Identifier: Apache-2.0 */"
SPDX_SCRIPT = "# SPDX-License-Identifier: Apache-2.0"

# --- What passes after all, and why ------------------------------------------------------------------

EXEMPTIONS = [
    Exemption("app/base/worker.c", "banned", "clock_gettime", "the deadline of a condition wait, not a time anybody reads"),
    Exemption("ui/widget/pin-pad.c", "system-include", "sodium.h", "the PIN being typed lies in memory that is wiped"),
    Exemption("sync/central/request.c", "prefix", "till_response_*", "a request and its response are one value type each"),
    Exemption("sync/central/http-server.c", "parameters", "answer_cb", "libmicrohttpd dictates the handler's signature"),
    Exemption("app/base/id.c", "prefix", "till_uuid_*", "a UUID is the type; the file also makes incarnations"),
]

# --- Reading -----------------------------------------------------------------------------------------

SKIPPED_FOLDERS = re.compile(r"^(build.*|\.git|\.cache|__pycache__|node_modules|subprojects)$")
TEXT_ENDINGS = (".c", ".h", ".py", ".sh", ".md", ".ui", ".css", ".sql", ".xml", ".yaml", ".html", ".in", "meson.build")


class Tree:
    """Every file of the source tree that some rule reads, by its path from the root."""

    def __init__(self, root):
        self.files = {}
        for folder, folders, names in os.walk(root):
            folders[:] = sorted(name for name in folders if not SKIPPED_FOLDERS.match(name))
            for name in sorted(names):
                if name.endswith(TEXT_ENDINGS):
                    path = os.path.join(folder, name)
                    with open(path, encoding="utf-8", errors="replace") as file:
                        self.files[os.path.relpath(path, root)] = file.read()
        self.headers = {}
        for path in self.files:
            if path.endswith(".h"):
                self.headers.setdefault(os.path.basename(path), []).append(path)

    def sources(self):
        return {path: text for path, text in self.files.items() if path.endswith((".c", ".h"))}


def layer_of(path):
    folders = [folder for folder in LAYERS if path.startswith(folder + "/")]
    return LAYERS[max(folders, key=len)] if folders else None


CODE_TOKEN = re.compile(r"""/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""", re.S)


def strip_code(text):
    """C without comments and with empty literals; every line keeps its number."""

    def blank(match):
        token = match.group(0)
        lines = "\n" * token.count("\n")
        return lines if token.startswith("/") else token[0] + token[0] + lines

    return CODE_TOKEN.sub(blank, text)


Function = namedtuple("Function", "name line lines is_static parameters")


def find_functions(code):
    """Function definitions in stripped, formatted C."""
    lines = code.split("\n")
    functions = []
    start = None
    for number, line in enumerate(lines):
        if line == "{":
            start = number
        elif line == "}" and start is not None:
            functions.append(describe_function(lines, start, number))
            start = None
    return [function for function in functions if function is not None]


def describe_function(lines, start, end):
    head = start - 1
    while head >= 0 and not re.match(r"[A-Za-z_]\w*\s*\(", lines[head]):
        if lines[head].strip() == "" or lines[head] == "}":
            return None
        head -= 1
    if head < 0:
        return None
    name = re.match(r"\w+", lines[head]).group(0)
    signature = " ".join(lines[head:start])
    returns = lines[head - 1] if head > 0 else ""
    return Function(name, head + 1, end - start + 1, returns.startswith("static"), count_parameters(signature))


def count_parameters(signature):
    inside = signature[signature.index("(") + 1:]
    depth, commas = 0, 0
    for letter in inside:
        if letter == ")" and depth == 0:
            break
        depth += {"(": 1, ")": -1}.get(letter, 0)
        commas += letter == "," and depth == 0
    return 0 if inside.lstrip().startswith(("void)", ")")) else commas + 1


# --- The rules: each yields findings for one file ------------------------------------------------------


def check_includes(tree, path, text):
    own = layer_of(path)
    for number, line in enumerate(text.split("\n"), 1):
        quoted = re.match(r'\s*#\s*include\s*"([^"]*)"', line)
        system = re.match(r"\s*#\s*include\s*<([^>]*)>", line)
        if quoted:
            yield from check_quoted(tree, path, number, own, quoted.group(1))
        if system:
            for start, allowed in SYSTEM_HEADERS:
                if system.group(1).startswith(start) and not re.match(allowed, path):
                    yield Finding(path, number, "system-include", start, f"<{system.group(1)}> does not belong here")


def check_quoted(tree, path, number, own, name):
    if "/" in name:
        yield Finding(path, number, "include-path", name, f'"{name}": include by bare name, the build knows the folder')
        return
    places = tree.headers.get(name, [])
    if not places:
        if not GENERATED_HEADERS.match(name):
            yield Finding(path, number, "include-unknown", name, f'"{name}" is no header of this tree')
        return
    if own == "tests" or path in ROOTS:
        return
    # The same folder first, as the compiler does.
    near = [place for place in places if os.path.dirname(place) == os.path.dirname(path)]
    for place in near or places:
        target = layer_of(place)
        if target == own or target in ARROWS.get(own, set()) or name in HEADERS_OPEN_TO.get(own, set()):
            continue
        yield Finding(path, number, "arrow", name, f'{own} may not include "{name}" of {target}')


def check_header_names(tree):
    for name, places in tree.headers.items():
        product = [place for place in places if re.match(PRODUCT, place)]
        if len(product) > 1:
            yield Finding(product[1], 1, "header-name", name, f"{product[0]} has that name too: a bare include is a guess")


def check_functions(path, code):
    for function in find_functions(code):
        if function.lines > FUNCTION_LINES_MAX:
            yield Finding(path, function.line, "function-length", function.name,
                          f"{function.name} has {function.lines} lines, {FUNCTION_LINES_MAX} at most")
        if function.parameters > PARAMETERS_MAX:
            yield Finding(path, function.line, "parameters", function.name,
                          f"{function.name} has {function.parameters} parameters, {PARAMETERS_MAX} at most")


def allowed_prefixes(tree, path):
    """till_<file>_, and for a part of a split module (x-part.c beside x.h or x-private.h) also till_<x>_."""
    folder, name = os.path.split(path)
    words = name[:-2].split("-")
    prefixes = []
    for count in range(len(words), 0, -1):
        stem = "-".join(words[:count])
        beside = [f"{folder}/{stem}.h", f"{folder}/{stem}-private.h"]
        if count == len(words) or any(header in tree.files for header in beside):
            prefixes.append("till_" + stem.replace("-", "_"))
    return prefixes


def check_prefix(tree, path, code):
    if not path.startswith(("app/", "sync/")) or path in ROOTS or not path.endswith(".c"):
        return
    prefixes = allowed_prefixes(tree, path)
    for function in find_functions(code):
        known = any(function.name == prefix or function.name.startswith(prefix + "_") for prefix in prefixes)
        if not function.is_static and not known:
            # The key is the family, so that one exemption with one reason covers it.
            family = "_".join(function.name.split("_")[:2]) + "_*"
            yield Finding(path, function.line, "prefix", family, f"{function.name} should begin {prefixes[0]}_")


def check_banned(path, code):
    for number, line in enumerate(code.split("\n"), 1):
        for pattern, where, allowed, instead in BANNED:
            match = re.search(pattern, line)
            if match and re.match(where, path) and not (allowed and re.match(allowed, path)):
                yield Finding(path, number, "banned", match.group(0).rstrip("( "),
                              f"{match.group(0).rstrip('( ')}: use {instead}")
        match = FLOATS.search(line)
        if match and FLOATLESS.match(path):
            yield Finding(path, number, "float", match.group(0), "no floating point in this layer: integers of minor units")


def argument_of(code, start):
    """The text between the parenthesis at start and its partner."""
    depth = 0
    for index in range(start, len(code)):
        depth += {"(": 1, ")": -1}.get(code[index], 0)
        if depth == 0:
            return code[start + 1:index]
    return code[start + 1:]


def check_asserts(path, code):
    if not re.match(PRODUCT, path):
        return
    for match in re.finditer(r"\b(g_assert\w*|g_return(?:_val)?_if_fail|assert)\s*\(", code):
        argument = argument_of(code, match.end() - 1)
        if re.search(r"\+\+|--|(?<![=!<>])=(?!=)", argument):
            yield Finding(path, code.count("\n", 0, match.start()) + 1, "assert-effect", match.group(1),
                          "an assertion only looks: do the work on a line of its own")


def check_header_shape(path, text):
    lines = text.split("\n")
    if "#pragma once" not in lines[:3]:
        yield Finding(path, 1, "pragma-once", "", "line 2 of a header is #pragma once")
    after = "\n".join(lines[1:])
    comment = re.search(r"^/\*(.*?)\*/", after, re.S | re.M)
    begins = re.search(r"^(typedef|struct|enum|G_BEGIN_DECLS|#define|[A-Za-z].*\()", after, re.M)
    if not comment or (begins and begins.start() < comment.start()) or len(comment.group(1).split()) < HEADER_WORDS_MIN:
        yield Finding(path, 1, "header-comment", "", "a header opens by saying what it is for, after its includes")
    elif path.startswith(("app/", "sync/")) and "Threads:" not in comment.group(1):
        yield Finding(path, 1, "header-threads", "", "the opening comment says which threads may call (\"Threads: …\")")


def check_text(path, text):
    lines = text.split("\n")
    if path.endswith((".c", ".h")):
        first, wanted = lines[0], SPDX_C
    else:
        first, wanted = lines[1 if lines[0].startswith("#!") and len(lines) > 1 else 0], SPDX_SCRIPT
    if path.endswith((".c", ".h", ".py", ".sh", "meson.build")) and first != wanted:
        yield Finding(path, 1, "licence", "", f"the first line (after #!) is {wanted}")
    count = text.count("\n")
    if count > FILE_LINES_MAX and path.endswith((".c", ".h", ".py", ".sh", ".ui")):
        yield Finding(path, 1, "file-length", "", f"{count} lines, {FILE_LINES_MAX} at most: which part is a module?")
    for number, line in enumerate(lines, 1):
        for rule, pattern, words in (("unfinished", UNFINISHED, "finish it or leave it out"),
                                     ("machine-path", MACHINE_PATHS, "no path of one machine")):
            match = pattern.search(line)
            if match:
                yield Finding(path, number, rule, match.group(0), f"{match.group(0)}: {words}")


# Folder of numbered schema files → the resource lists that must name each of them: a till refuses a snapshot that the
# central built with an older schema than its own.
SCHEMAS = {
    "app/store/schema/cache": (("app/store/schema/schema.gresource.xml", "cache/"), ("sync/central/central.gresource.xml", "cache/")),
    "app/store/schema/ledger": (("app/store/schema/schema.gresource.xml", "ledger/"),),
    "sync/central/schema": (("sync/central/central.gresource.xml", "schema/"),),
}


def check_schemas(tree):
    for folder, lists in SCHEMAS.items():
        files = [path for path in tree.files if os.path.dirname(path) == folder and path.endswith(".sql")]
        for place, prefix in lists:
            for path in files:
                name = prefix + os.path.basename(path)
                if f"<file>{name}</file>" not in tree.files.get(place, ""):
                    yield Finding(place, 1, "schema", name, f"{name} is not listed, so this program does not have it")


def check_tree(tree):
    yield from check_header_names(tree)
    yield from check_schemas(tree)
    for path, text in tree.files.items():
        yield from check_text(path, text)
    for path, text in tree.sources().items():
        code = strip_code(text)
        yield from check_includes(tree, path, text)
        yield from check_functions(path, code)
        yield from check_prefix(tree, path, code)
        yield from check_banned(path, code)
        yield from check_asserts(path, code)
        if path.endswith(".h"):
            yield from check_header_shape(path, text)


def apply_exemptions(findings, exemptions):
    """The findings that no exemption covers, and one for each exemption that covers none."""
    left, used = [], set()
    for finding in findings:
        cover = [e for e in exemptions if (e.path, e.rule, e.key) == (finding.path, finding.rule, finding.key)]
        used.update(cover)
        if not cover:
            left.append(finding)
    for exemption in exemptions:
        if exemption not in used:
            left.append(Finding(exemption.path, 1, "unused-exemption", exemption.key,
                                f"nothing here needs the exemption from {exemption.rule} any more: delete it"))
        if not exemption.reason.strip():
            left.append(Finding(exemption.path, 1, "exemption-reason", exemption.key, "an exemption needs a reason"))
    return left


def main(arguments):
    root = arguments[1] if len(arguments) > 1 else os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
    tree = Tree(root)
    if not tree.sources():
        print(f"check-source: no sources under {root}", file=sys.stderr)
        return 1
    findings = apply_exemptions(check_tree(tree), EXEMPTIONS)
    for finding in sorted(findings):
        print(f"{finding.path}:{finding.line}: {finding.rule}: {finding.words}")
    print(f"check-source: {len(tree.sources())} C files read, {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
