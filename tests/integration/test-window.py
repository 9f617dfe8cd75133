# SPDX-License-Identifier: Apache-2.0
"""A running tillhouse: its sync thread sends what waits without a new sale, and it answers tillctl over its socket."""

import os
import shutil
import subprocess

from shop import BUILD, PATIENCE_S, Shop, basket, wait_until, with_me
from tap import Skip, case, expect, expect_equal, run

TILLHOUSE = os.path.join(BUILD, "ui", "tillhouse")


class Window:
    """tillhouse on a display of its own that nobody sees."""

    def __init__(self, shop, till):
        if shutil.which("Xvfb") is None:
            raise Skip("there is no Xvfb here")
        if not os.path.exists(TILLHOUSE):
            raise Skip("tillhouse is not built here")
        read_end, write_end = os.pipe()
        self.display = subprocess.Popen(with_me("Xvfb", "-displayfd", write_end, "-nolisten", "tcp", "-screen", "0",
                                                "1366x768x24"),
                                        pass_fds=[write_end], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(write_end)
        shop.stack.callback(self.end_display)
        with os.fdopen(read_end) as told:
            number = told.readline().strip()
        self.surroundings = dict(till.surroundings, DISPLAY=":" + number, GDK_BACKEND="x11", GSK_RENDERER="cairo",
                                 GTK_A11Y="none", DBUS_SESSION_BUS_ADDRESS="disabled:")
        self.surroundings.pop("G_DEBUG", None)
        self.till = till
        self.log = shop.path("window.log")
        self.process = self.start()
        shop.stack.callback(self.process.kill)
        wait_until(self.is_listening, f"the window's socket; its log: {self.read_log()}")

    def end_display(self):
        self.display.kill()
        self.display.wait(PATIENCE_S)

    def start(self):
        with open(self.log, "ab") as log:
            return subprocess.Popen(with_me(TILLHOUSE, "--home", self.till.home), env=self.surroundings, stdout=log,
                                    stderr=log, stdin=subprocess.DEVNULL)

    def read_log(self):
        with open(self.log, encoding="utf-8", errors="replace") as log:
            return log.read()[-1500:]

    def is_listening(self):
        if self.process.poll() is not None:
            raise AssertionError(f"tillhouse ended with {self.process.returncode}: {self.read_log()}")
        return os.path.exists(os.path.join(self.till.home, "control"))

    def close(self):
        self.process.terminate()
        expect_equal(self.process.wait(PATIENCE_S), 0, f"exit code of the window: {self.read_log()}")


def status_becomes(till, words, **wanted):
    def look():
        status = till.status()
        return all(status[key] == value for key, value in wanted.items()) and status
    return wait_until(look, f"{words} {wanted}; it says {till.status()}", 100)


@case("/integration/window/what-waits-is-sent-without-a-new-sale-and-the-status-is-true")
def drains_by_itself():
    with Shop() as shop:
        central = shop.central().demo().start()
        till = shop.till("till").enrol(central)
        codes = till.skus()
        central.stop()
        sold = till.sell(basket(codes[0]), basket(codes[1]), basket(codes[2]))
        window = Window(shop, till)
        away = status_becomes(till, "the truth about an absent central:", online=False, pending=3)
        expect(away["reason"], "status says why")
        refused = till.run("sync", "--once", "--timeout", "10")
        expect_equal(refused.code, 1, "sync of a running till without a central")

        central.start()
        status_becomes(till, "the sales to go by themselves:", online=True, pending=0)
        central.kill()
        status_becomes(till, "the loss of the central to be seen:", online=False)
        central.start()
        synced = till.must("sync", "--until-empty", "--timeout", "60").json()
        expect_equal((synced["online"], synced["pending"]), (True, 0), "sync of a running till")
        paper = till.must("receipt", sold[0]["receipt"]).json()
        expect(sold[0]["receipt"] in paper["text"], "receipt of a running till")
        window.close()
        expect_equal(till.verify()["ok"], True, "journal verify after the window")
        expect_equal(central.check()["ok"], True, "central check")
        expect_equal(central.sales(), till.sales(), "central against the journal")


@case("/integration/window/other-verbs-and-a-second-window-are-refused-by-name")
def refused():
    with Shop() as shop:
        central = shop.central().demo().start()
        till = shop.till("till").enrol(central)
        code = till.skus()[0]
        window = Window(shop, till)
        for words in (["sell", "-"], ["stock", code], ["journal", "list"]):
            result = till.run(*words, stdin="")
            expect_equal(result.code, 1, f"{words} beside a window")
            expect(str(window.process.pid) in result.err, f"{words} names the window: {result.err!r}")
        second = window.start()
        shop.stack.callback(second.kill)
        wait_until(lambda: str(window.process.pid) in window.read_log(), "the second window to name the first")
        expect_equal(till.status()["online"], True, "the first window goes on")
        window.close()


run()
