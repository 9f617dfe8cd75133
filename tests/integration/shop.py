# SPDX-License-Identifier: Apache-2.0
"""The real programs in a directory of their own: one central, tills, and what a test asks them.

Everything lives under one temporary directory that goes when the Shop is closed; programs are started with their state
directories inside it and are killed with it. Waits are bounded and poll something that can be seen from outside.
"""

import contextlib
import json
import os
import re
import select
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time

from proxy import Proxy

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "lib"))

from children import with_me  # noqa: E402  the path comes first

BUILD = os.environ.get("TILL_BUILD_ROOT") or os.path.normpath(os.path.join(HERE, "..", "..", "build"))
TILLCTL = os.path.join(BUILD, "ui", "cli", "tillctl")
CENTRAL = os.path.join(BUILD, "sync", "central", "tillhouse-central")
STORE = os.environ.get("TILL_TEST_STORE", "014")
PATIENCE_S = 60  # how long anything may take that should take no time: machines that test may be busy
CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}(?:-[0-9A-Z]{4,16})*\b")


def wait_until(look, words, patience_s=PATIENCE_S, pause_s=0.02):
    """Polls look() until it gives something true, which is returned."""
    end = time.monotonic() + patience_s
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"waited {patience_s} s in vain for {words}")
        select.select([], [], [], pause_s)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def shared_data(relative):
    """A file of the shared test data, or None where the project stands alone."""
    root = os.environ.get("TILL_SHARED_DATA", "")
    path = os.path.join(root, relative)
    return path if root and os.path.exists(path) else None


def lies_on_overlay(directory):
    """Whether a directory's file system is an overlay, as the root of a container is."""
    status = os.stat(directory)
    device = f"{os.major(status.st_dev)}:{os.minor(status.st_dev)}"
    with open("/proc/self/mountinfo", encoding="utf-8", errors="replace") as table:
        mounts = [line.split(" ") for line in table]
    return any(fields[2] == device and fields[fields.index("-") + 1] == "overlay" for fields in mounts)


class Result:
    """How a program ended."""

    def __init__(self, process):
        self.code, self.out, self.err = process.returncode, process.stdout, process.stderr

    def json(self):
        return json.loads(self.out)

    def __repr__(self):
        return f"exit {self.code}, stdout {self.out[-600:]!r}, stderr {self.err[-600:]!r}"


class Shop:
    """A temporary directory with programs in it; use it in a with statement."""

    def __init__(self, scratch=None):
        self.directory = tempfile.mkdtemp(prefix="tillhouse-", dir=scratch)
        self.stack = contextlib.ExitStack()
        self.is_overlay = lies_on_overlay(self.directory)
        if self.is_overlay:
            print(f"# {self.directory} lies on an overlay: accepted for this test", flush=True)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.stack.close()
        shutil.rmtree(self.directory, ignore_errors=True)

    def path(self, *parts):
        return os.path.join(self.directory, *parts)

    def environment(self, name):
        """The surroundings of one machine: its witness files do not mix with those of another."""
        surroundings = dict(os.environ)
        surroundings["TILLHOUSE_STATE_DIR"] = self.path(name + "-state")
        surroundings["XDG_DATA_HOME"] = self.path(name + "-data")
        for name_of_home in ("TILLHOUSE_HOME", "XDG_STATE_HOME"):
            surroundings.pop(name_of_home, None)
        surroundings.pop("TILLHOUSE_ACCEPT_OVERLAY", None)
        if self.is_overlay:
            surroundings["TILLHOUSE_ACCEPT_OVERLAY"] = "1"
        return surroundings

    def central(self, name="central", tls=False):
        central = Central(self, name, tls)
        self.stack.callback(central.kill)
        return central

    def till(self, name, home=None, machine=None):
        return Till(self, name, home, machine)

    def proxy(self, port):
        proxy = Proxy(port)
        self.stack.callback(proxy.close)
        return proxy


class Central:
    """One tillhouse-central with the demo chain in its books."""

    def __init__(self, shop, name, tls):
        self.shop = shop
        self.data = shop.path(name)
        self.surroundings = shop.environment(name)
        self.port = free_port()
        self.tls = tls
        self.process = None

    def run(self, *words, timeout=120):
        """A command of the central's own, while it serves or not."""
        return Result(subprocess.run([CENTRAL, "--data", self.data, *words], capture_output=True, text=True,
                                     env=self.surroundings, timeout=timeout, stdin=subprocess.DEVNULL))

    def must(self, *words):
        result = self.run(*words)
        if result.code != 0:
            raise AssertionError(f"tillhouse-central {' '.join(words)}: {result!r}")
        return result

    def demo(self):
        self.must("demo")
        return self

    def url(self, port=None):
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{port or self.port}"

    def start(self, *more):
        """more: options of serve besides where to listen."""
        listen = ["serve", "--listen", f"127.0.0.1:{self.port}", *more] + (["--tls"] if self.tls else [])
        log = open(self.data + ".log", "ab")
        with log:
            self.process = subprocess.Popen(with_me(CENTRAL, "--data", self.data, *listen), env=self.surroundings,
                                            stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        wait_until(self.is_listening, f"the central on port {self.port}; its log: {self.log()}")
        return self

    def is_listening(self):
        if self.process.poll() is not None:
            raise AssertionError(f"the central ended with {self.process.returncode}: {self.log()}")
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
            return True
        except OSError:
            return False

    def log(self):
        with open(self.data + ".log", encoding="utf-8", errors="replace") as log:
            return log.read()[-2000:]

    def stop(self):
        """Ends it as an administrator would."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(PATIENCE_S)
        self.process = None

    def kill(self):
        """Ends it as a power cut of the process would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(PATIENCE_S)
        self.process = None

    def enrol_code(self):
        said = self.must("enrol-code", STORE).out
        found = CODE.search(said)
        if found is None:
            raise AssertionError(f"no code in {said!r}")
        return found.group(0)

    def audit(self):
        """Stops it and has it audit its own books, whatever it finds."""
        self.stop()
        return self.run("check", "--json").json()

    def check(self):
        """The same for books that must hold."""
        self.stop()
        return self.must("check", "--json").json()

    def rows(self, query, *values):
        """Reads the books of a stopped central."""
        assert self.process is None, "the books of a serving central are its own"
        with contextlib.closing(sqlite3.connect(os.path.join(self.data, "central.db"))) as books:
            return books.execute(query, values).fetchall()

    def sales(self):
        """receipt → (transaction, exact bytes of the body) of every sale."""
        query = "SELECT sale.receipt, entry.txn, entry.body FROM sale JOIN entry USING (txn)"
        rows = self.rows(query)
        sales = {receipt: (txn, as_bytes(body)) for receipt, txn, body in rows}
        assert len(sales) == len(rows), "a receipt number stands on two sales"
        return sales


def as_bytes(body):
    return body.encode() if isinstance(body, str) else bytes(body)


class Till:
    """One home directory and the tillctl that works it."""

    def __init__(self, shop, name, home=None, machine=None):
        self.shop = shop
        self.home = home or shop.path(name)
        self.surroundings = shop.environment(machine or name)

    def command(self, *words):
        return [TILLCTL, "--home", self.home, "--json", *words]

    def run(self, *words, stdin=None, timeout=90):
        return Result(subprocess.run(self.command(*words), capture_output=True, text=True, input=stdin,
                                     env=self.surroundings, timeout=timeout))

    def must(self, *words, stdin=None, timeout=90):
        result = self.run(*words, stdin=stdin, timeout=timeout)
        if result.code != 0:
            raise AssertionError(f"tillctl {' '.join(words)}: {result!r}")
        return result

    def popen(self, *words):
        return subprocess.Popen(with_me(*self.command(*words)), env=self.surroundings, stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def enrol(self, central, port=None):
        self.must("enrol", central.url(port), "--code", central.enrol_code())
        return self

    def status(self):
        return self.must("status").json()

    def sell(self, *baskets):
        """Sells each basket, paid exactly in cash; gives the printed answers."""
        said = self.must("sell", "-", stdin="".join(json.dumps(basket) + "\n" for basket in baskets)).out
        return [json.loads(line) for line in said.splitlines()]

    def sync(self, timeout_s=60):
        return self.must("sync", "--until-empty", "--timeout", str(timeout_s)).json()

    def verify(self):
        return self.must("journal", "verify").json()

    def journal(self):
        """Every row, as exported."""
        return [json.loads(line) for line in self.must("journal", "export").out.splitlines()]

    def sales(self):
        """receipt → (transaction, exact bytes) of every sale that is not an envelope around an older row."""
        sales = {}
        for row in self.journal():
            if row["type"] == "sale" and "orig" not in row:
                receipt = json.loads(row["body"])["receipt"]
                assert receipt not in sales, f"{receipt} stands on two rows"
                sales[receipt] = (bytes.fromhex(row["txn"].replace("-", "")), row["body"].encode())
        return sales

    def skus(self, count=20):
        """Codes of piece goods with a price, from the cache of a till that nobody holds."""
        with contextlib.closing(sqlite3.connect(os.path.join(self.home, "cache.db"))) as cache:
            rows = cache.execute("SELECT DISTINCT item.sku FROM item JOIN price ON price.sku = item.sku "
                                 "WHERE item.weighed = 0 AND item.active = 1 AND price.list = 'base' "
                                 "AND price.price_minor > 0 ORDER BY item.sku LIMIT ?", (count,)).fetchall()
        assert rows, "the demo chain sells nothing"
        return [row[0] for row in rows]

    def barcodes(self, count):
        """Barcodes of as many different piece goods, from the cache of a till that nobody holds."""
        with contextlib.closing(sqlite3.connect(os.path.join(self.home, "cache.db"))) as cache:
            rows = cache.execute("SELECT min(barcode.code) FROM barcode JOIN item ON item.sku = barcode.sku "
                                 "JOIN price ON price.sku = item.sku AND price.list = 'base' WHERE item.weighed = 0 "
                                 "AND item.active = 1 GROUP BY item.style, item.category ORDER BY 1 LIMIT ?", (count,)).fetchall()
        assert len(rows) == count, "the demo chain has too few barcodes"
        return [row[0].removeprefix("0") if len(row[0]) == 14 else row[0] for row in rows]


def basket(*codes):
    return {"lines": [{"code": code} for code in codes]}
