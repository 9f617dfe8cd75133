# SPDX-License-Identifier: Apache-2.0
"""The guided tour: a real window, a real central, a network that goes and comes back, a sale with every kind of
offer. `tour.py BUILD [PICTURES]`

Each step does what a person does, then states a truth that can be seen from outside: on the screen by its
accessible names, in the central's books, in the till's own journal. Prints a table, leaves pictures (build/tour by
default) and exits 1 when any truth does not hold.
"""

import os
import re
import sys

BUILD = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("TILL_BUILD_ROOT", "build"))
PICTURES = os.path.abspath(sys.argv[2] if len(sys.argv) > 2 else os.path.join(BUILD, "tour"))
os.environ["TILL_BUILD_ROOT"] = BUILD
os.environ.setdefault("TZ", "UTC")
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))

from screen import Display, Screen, wait_for  # noqa: E402  the path comes first
from shop import Shop  # noqa: E402

from tour_pricing import PricingTour  # noqa: E402
from walk import STAFF, Walk  # noqa: E402


class Tour(Walk):
    """A network that goes and comes back."""

    def __init__(self, shop, display):
        super().__init__(display, PICTURES)
        self.shop = shop
        self.central = shop.central().demo().start()
        self.till = shop.till("till").enrol(self.central)
        self.codes = self.till.barcodes(5)

    def chip(self, pattern, seconds=60):
        """The sync chip's words, once they match."""
        return self.screen.text(r"^Sync: .*" + pattern, seconds).removeprefix("Sync: ")

    # ---- the steps ----

    def open_window(self):
        os.environ.update(self.till.surroundings)
        self.screen = Screen(self.display, os.path.join(BUILD, "ui", "tillhouse"), ["--home", self.till.home],
                             self.shop.path("tillhouse.log"))
        self.screen.find(STAFF)
        return "the staff of the store are asked to sign in"

    def scan(self, codes):
        for count, code in enumerate(codes, 1):
            self.display.scan(code)
            wait_for(f"line {count}", lambda: len(self.lines()) == count)  # pylint: disable=cell-var-from-loop
        return f"{len(self.lines())} lines: " + "; ".join(node.name.split(",")[0] for node in self.lines())

    def first_sale(self):
        receipt = self.pay_exact()
        return f"receipt {receipt}; chip: {self.chip('all sent')}"

    def two_more(self):
        """The next sale starts by scanning; nobody presses anything in between."""
        receipts = []
        for codes in (self.codes[:2], self.codes[2:5]):
            self.scan(codes)
            receipts.append(self.pay_exact())
        return "receipts " + ", ".join(receipts)

    def stop_central(self):
        self.central.stop()
        return "chip: " + self.chip("[Oo]ffline")

    def waiting(self):
        words = self.chip(r"[Oo]ffline.*\b2 sales waiting")
        pending = self.till.status()
        if pending["online"] or pending["pending"] != 2:
            raise AssertionError(f"tillctl sees it otherwise: {pending}")
        return f"chip: {words}; tillctl status: pending {pending['pending']}"

    def sync_page(self):
        self.screen.press(re.compile("^Sync: "))
        self.screen.find(re.compile("^Try now"))
        return "the page says what waits, since when and why"

    def central_back(self):
        self.central.start()
        return "chip: " + self.chip("all sent", seconds=100)

    def books(self):
        check = self.central.check()
        if not check["ok"] or check["sales"] != 3:
            raise AssertionError(f"the central's books: {check}")
        theirs = self.central.sales()
        self.screen.close()
        self.screen = None
        if self.till.sales() != theirs:
            raise AssertionError("journal and books differ")
        verified = self.till.verify()
        if not verified["ok"]:
            raise AssertionError(f"journal verify: {verified}")
        return f"3 sales, the same bytes as in the till's journal ({verified['rows']} rows, chain good)"

    def run(self):
        self.step("Window opens", self.open_window)
        self.step("Sign in", self.sign_in)
        self.step("Scan five items", lambda: self.scan(self.codes[:5]))
        self.step("Pay cash", self.first_sale)
        self.step("Central stopped", self.stop_central)
        self.step("Two more sales", self.two_more)
        self.step("Offline, 2 waiting", self.waiting)
        self.step("Sync page", self.sync_page)
        self.step("Central started, all sent", self.central_back)
        self.step("Books hold three sales", self.books)


def show(rows):
    print(f"\n{'true':5}{'step':32}what was seen")
    for row in rows:
        print(f"{row[0]:5}{row[1]:32}{row[2]}  [{row[3]}]")
    print(f"Pictures: {PICTURES}")


def walk(make, display):
    """One tour in a shop of its own; gives its rows, whatever became of it, and what went wrong."""
    rows = []
    with Shop() as shop:
        tour = None
        try:
            tour = make(shop, display)
            rows = tour.rows
            tour.run()
            return rows, None
        except Exception as fault:  # pylint: disable=broad-except  # the table says which step
            if os.path.exists(shop.path("tillhouse.log")):
                with open(shop.path("tillhouse.log"), encoding="utf-8", errors="replace") as log:
                    print(log.read()[-3000:], file=sys.stderr)
            return rows, fault
        finally:
            if tour is not None and tour.screen is not None:
                tour.screen.close()


def main():
    os.makedirs(PICTURES, exist_ok=True)
    for old in os.listdir(PICTURES):
        if old.endswith(".png"):
            os.remove(os.path.join(PICTURES, old))
    display = Display()
    rows, fault = [], None
    try:
        for make in (Tour, lambda shop, shown: PricingTour(shop, shown, PICTURES)):
            seen, fault = walk(make, display)
            rows += seen
            if fault is not None:
                break
    finally:
        display.close()
        show(rows)
    if fault is not None:
        print(f"tour: {fault}", file=sys.stderr)
    return 0 if fault is None else 1


if __name__ == "__main__":
    sys.exit(main())
