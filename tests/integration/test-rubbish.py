# SPDX-License-Identifier: Apache-2.0
"""Nonsense on command lines and in basket files: an exit code, one sentence that says what to do, and nothing sold."""

import json
import os
import random
import socket
import subprocess

from shop import TILLCTL, Shop, basket
from tap import case, expect, expect_equal, run

WRONG_LINES = (
    [], ["--json"], ["frobnicate"], ["sell"], ["sell", "a", "b"], ["sell", "-", "--tender"],
    ["sell", "-", "--tender", "gold:5"], ["sell", "-", "--tender", "cash"], ["sell", "-", "--tender", "cash:-1"],
    ["sell", "-", "--tender", "cash:1e9"], ["sell", "-", "--tender", "cash:99999999999999999999"], ["price"],
    ["status", "extra"], ["status", "--no-such-option"], ["sync", "--once", "--until-empty"],
    ["sync", "--timeout", "soon"], ["sync", "--timeout", "-5"], ["journal"], ["journal", "burn"], ["journal", "show"],
    ["journal", "list", "--limit", "0"], ["enrol"], ["enrol", "http://127.0.0.1:1"], ["stock"], ["receipt"],
    ["receipt", "x", "--format", "hologram"], ["-x"], ["--home"], ["status", "--json=yes"],
)

WRONG_BASKETS = (
    b"", b"null", b"[]", b"7", b'"text"', b"{", b"{}", b'{"lines":{}}', b'{"lines":[7]}', b'{"lines":[{}]}',
    b'{"lines":[{"code":""}]}', b'{"lines":[{"code":5}]}', b'{"lines":[{"code":"NO-SUCH-THING"}]}',
    b'{"lines":[{"code":"%s","quantity_milli":0}]}', b'{"lines":[{"code":"%s","quantity_milli":-1000}]}',
    b'{"lines":[{"code":"%s","quantity_milli":1.5}]}', b'{"lines":[{"code":"%s","quantity_milli":1500}]}',
    b'{"lines":[{"code":"%s","quantity_milli":99999999999999999999}]}',
    b'{"lines":[{"code":"%s","quantity_milli":"2"}]}', b'{"lines":[{"code":"a\\u0000b"}]}',
    b'{"lines":[{"code":"%s"}],"lines":[]}', b'{"lines":[{"code":"%s"}]} trailing', b'{"lines":[{"code":"\xff\xfe"}]}',
    b'{"lines":[{"code":"%s"}],"tenders":["cash:1"]}', b'{"lines":[{"code":"%s"}],"tenders":["gold:1"]}',
    b'{"lines":[{"code":"%s"}],"tenders":"cash:1"}', b'{"lines":[]}', b'{"lines":[{"code":"\\ud800"}]}',
    b"[" * 4000, b'{"a":' * 4000, b'{"lines":[' + b'{"code":"x"},' * 1200 + b'{"code":"x"}]}',
    b'{"lines":[{"code":"' + b"9" * 3000 + b'"}]}', b'{"lines":[{"code":"x"}],"pad":"' + b"p" * 1100000 + b'"}',
)


def one_sentence(err, what):
    lines = [line for line in err.splitlines() if line]
    expect_equal(len(lines), 1, f"sentences for {what}: {err!r}")
    expect(lines[0].startswith("tillctl: ") and len(lines[0].split()) > 3, f"a sentence for {what}: {err!r}")


def baskets(code):
    return [text.replace(b"%s", code.encode()) for text in WRONG_BASKETS]


@case("/integration/rubbish/wrong-command-lines-exit-2-with-one-sentence")
def command_lines():
    with Shop() as shop:
        till = shop.till("till")
        for words in WRONG_LINES:
            result = subprocess.run([TILLCTL, *words], capture_output=True, text=True, env=till.surroundings,
                                    stdin=subprocess.DEVNULL, timeout=60)
            expect_equal(result.returncode, 2, f"exit code of {words}: {result.stderr!r}")
            one_sentence(result.stderr, words)
            expect_equal(result.stdout, "", f"standard output of {words}")


@case("/integration/rubbish/a-central-refuses-what-makes-no-sense-and-makes-no-books-by-mistake")
def central_command_lines():
    with Shop() as shop:
        absent, books = shop.central("absent"), shop.central("books").demo()
        for central, words, code in ((absent, ["check"], 1), (absent, ["backup", "copy.db"], 1),
                                     (absent, ["enrol-code", "014"], 1), (absent, ["burn"], 2),
                                     (absent, ["import", "frogs", "f.csv"], 2), (absent, ["serve"], 2),
                                     (absent, ["serve", "--listen", "nowhere"], 2),
                                     (books, ["import", "products", shop.path("absent.csv")], 1),
                                     (books, ["backup", shop.path("absent", "copy.db")], 1),
                                     (books, ["serve", "--listen", "0.0.0.0:8443"], 1)):
            result = central.run(*words)
            expect_equal(result.code, code, f"exit code of {words}: {result!r}")
            expect(result.err.startswith("tillhouse-central: ") and result.err.count("\n") == 1, f"a sentence: {result!r}")
            expect(not os.path.exists(absent.data), f"{words} makes no books")


@case("/integration/rubbish/a-home-that-is-none-is-left-alone-with-one-sentence")
def no_home():
    with Shop() as shop:
        till = shop.till("till")
        for words in (["status"], ["sell", "-"], ["sync"], ["journal", "verify"], ["stock", "x"], ["receipt", "x"]):
            result = till.run(*words, stdin=json.dumps(basket("x")) + "\n")
            expect_equal(result.code, 1, f"exit code of {words}")
            one_sentence(result.err, words)
            expect(not os.path.exists(till.home), f"{words} makes no home")


@case("/integration/rubbish/wrong-enrolment-leaves-a-home-that-can-still-enrol")
def wrong_enrolment():
    with Shop() as shop:
        central = shop.central().demo().start()
        till = shop.till("till")
        for url, code in ((central.url(), "AAAA-AAAA"), (central.url(), "not a code"), ("ftp://x", "AAAA-AAAA"),
                          ("http://192.0.2.1:80", "AAAA-AAAA"), ("http://127.0.0.1:1", "AAAA-AAAA"),
                          ("rubbish", "AAAA-AAAA"), ("", "")):
            result = till.run("enrol", url, "--code", code)
            expect(result.code in (1, 2), f"enrol {url} {code}: {result!r}")
            one_sentence(result.err, (url, code))
        code = central.enrol_code()
        till.must("enrol", central.url(), "--code", code.lower())
        other = shop.till("other")
        refused = other.run("enrol", central.url(), "--code", code)
        expect_equal(refused.code, 1, "a code works once")
        one_sentence(refused.err, "a used code")
        expect_equal(till.run("enrol", central.url(), "--code", central.enrol_code()).code, 1, "a second enrolment")
        expect_equal(till.status()["online"], True, "the first enrolment stands")


@case("/integration/rubbish/bad-basket-lines-are-named-and-the-good-ones-sold")
def basket_lines():
    with Shop() as shop:
        central = shop.central().demo().start()
        till = shop.till("till").enrol(central)
        good = till.skus()[0]
        wrong = [text for text in baskets(good) if text.strip()]
        stream = b"".join(json.dumps(basket(good)).encode() + b"\n" + text + b"\n" for text in wrong)
        result = subprocess.run(till.command("sell", "-"), input=stream, capture_output=True, env=till.surroundings,
                                timeout=120)
        expect_equal(result.returncode, 1, "exit code at the end")
        sold = [json.loads(line)["receipt"] for line in result.stdout.splitlines()]
        expect_equal(len(sold), len(wrong), "every good line is sold")
        said = result.stderr.decode(errors="replace").splitlines()
        expect_equal(len(said), len(wrong) + 1, "a sentence for each bad line and one at the end")
        for index, line in enumerate(said[:-1]):
            expect(line.startswith(f"tillctl: line {2 * index + 2}: "), f"the line's number: {line!r}")
        expect_equal(set(till.sales()), set(sold), "nothing else is in the journal")


@case("/integration/rubbish/bad-basket-files-sell-nothing")
def basket_files():
    with Shop() as shop:
        central = shop.central().demo().start()
        till = shop.till("till").enrol(central)
        path = shop.path("basket.json")
        for text in baskets(till.skus()[0]):
            with open(path, "wb") as file:
                file.write(text)
            words = ["sell", path] + ([] if b"tenders" in text else ["--tender", "cash:100000000"])
            result = till.run(*words)
            expect_equal(result.code, 1, f"exit code for {text[:60]!r}: {result!r}")
            one_sentence(result.err, text[:60])
        for odd in ("/dev/null", "/", shop.path("absent"), ""):
            result = till.run("sell", odd, "--tender", "cash:1")
            expect(result.code in (1, 2), f"selling {odd!r}: {result!r}")
            one_sentence(result.err, odd)
        expect_equal(till.verify()["rows"], 0, "rows in the journal")


@case("/integration/rubbish/random-bytes-never-crash-it")
def random_bytes():
    dice = random.Random(20261123)
    with Shop() as shop:
        central = shop.central().demo().start()
        till = shop.till("till").enrol(central)
        seed = json.dumps(basket(*till.skus()[:3])).encode()
        stream = b""
        for _ in range(400):
            text = bytearray(seed)
            for _ in range(dice.randint(1, 4)):
                text[dice.randrange(len(text))] = dice.choice(b'{}[]",:\\0-9e.\x00\x80\xff az')
            stream += bytes(text).replace(b"\n", b" ") + b"\n"
        result = subprocess.run(till.command("sell", "-"), input=stream, capture_output=True, env=till.surroundings,
                                timeout=60)
        expect(result.returncode in (0, 1), f"exit code {result.returncode}: {result.stderr[-300:]!r}")
        expect_equal(len(till.sales()), len(result.stdout.splitlines()), "printed sales against the journal")
        expect_equal(till.verify()["ok"], True, "journal verify")


def speak(port, head):
    """A connection with a request's head sent, and nothing after it."""
    speaker = socket.create_connection(("127.0.0.1", port), 30)
    speaker.sendall(head.replace("\n", "\r\n").encode())
    return speaker


@case("/integration/rubbish/a-body-that-is-too-large-is-refused-before-it-is-sent")
def announced_body():
    with Shop() as shop:
        central = shop.central().demo().start()
        for expectation in ("", "Expect: 100-continue\n"):
            for path, status in (("/v1/enrol", 413), ("/v1/nowhere", 404)):
                with speak(central.port, f"POST {path} HTTP/1.1\nHost: x\n{expectation}Content-Length: 50000000\n\n") as speaker:
                    answer = b"".join(iter(lambda: speaker.recv(65536), b"")).decode()
                expect(answer.startswith(f"HTTP/1.1 {status} "), f"{path} {expectation!r}: {answer!r}")
                expect("application/problem+json" in answer, f"says why: {answer!r}")


@case("/integration/rubbish/a-body-without-an-end-is-cut-off")
def endless_body():
    with Shop() as shop:
        central = shop.central().demo().start()
        sent = 0
        with speak(central.port, "POST /v1/enrol HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\n\n") as speaker:
            try:
                while sent < 64 << 20:
                    speaker.sendall(b"4000\r\n" + b" " * 0x4000 + b"\r\n")
                    sent += 0x4000
            except OSError:
                pass
        expect(sent < 32 << 20, f"cut off after {sent} bytes")
        with speak(central.port, "POST /v1/enrol HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\nConnection: close\n\n") as speaker:
            speaker.sendall(b"8000\r\n" + b" " * 0x8000 + b"\r\n0\r\n\r\n")
            answer = b"".join(iter(lambda: speaker.recv(65536), b"")).decode()
        expect(answer.startswith("HTTP/1.1 413 "), f"a little too much is answered: {answer!r}")


run()
