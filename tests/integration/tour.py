# SPDX-License-Identifier: Apache-2.0
"""The guided tour: a real window, a real central, a network that goes and comes back. `tour.py BUILD [PICTURES]`

Each step does what a person does, then states a truth that can be seen from outside: on the screen by its
accessible names, in the central's books, in the till's own journal. Prints a table, leaves pictures (build/tour by
default) and exits 1 when any truth does not hold.
"""

import os
import re
import sys
import time

BUILD = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("TILL_BUILD_ROOT", "build"))
PICTURES = os.path.abspath(sys.argv[2] if len(sys.argv) > 2 else os.path.join(BUILD, "tour"))
os.environ["TILL_BUILD_ROOT"] = BUILD
os.environ.setdefault("TZ", "UTC")
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))

from screen import Display, Screen, wait_for  # noqa: E402  the path comes first
from shop import Shop  # noqa: E402

STAFF, PIN = "Ines Moreau, Associate", "1414"


class Tour:
    """The steps in order, with what was seen at each."""

    def __init__(self, shop, display):
        self.shop, self.display = shop, display
        self.rows = []
        self.central = shop.central().demo().start()
        self.till = shop.till("till").enrol(self.central)
        self.codes = self.till.barcodes(5)
        self.screen = None

    def picture(self, name):
        path = os.path.join(PICTURES, f"{len(self.rows) + 1:02}-{name}.png")
        self.display.picture(path)
        return os.path.basename(path)

    def step(self, name, act):
        """One row of the table; the first that fails ends the tour."""
        started = time.monotonic()
        try:
            seen = act()
        except Exception as fault:
            self.rows.append(("no", name, str(fault), self.picture("failed-" + name.split()[0])))
            raise
        seconds = time.monotonic() - started
        self.rows.append(("yes", name, seen, self.picture(re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")), seconds))

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

    def sign_in(self):
        self.screen.press(STAFF)
        for digit in PIN:
            self.screen.press(digit, "push button")
        self.screen.press("OK, sign in", "push button")
        self.screen.find("Park sale")
        return "Ines Moreau is signed in by PIN"

    def scan(self, codes):
        for count, code in enumerate(codes, 1):
            self.display.scan(code)
            wait_for(f"line {count}", lambda: len(self.lines()) == count)  # pylint: disable=cell-var-from-loop
        return f"{len(self.lines())} lines: " + "; ".join(node.name.split(",")[0] for node in self.lines())

    def lines(self):
        """The rows of the sale's list."""
        listing = self.screen.all("Lines of this sale")
        return [row for row in listing[0]] if listing else []

    def pay_exact(self):
        self.screen.press(re.compile(r"^Cash [^0-9]*[0-9]"), "push button")
        self.screen.find("Next sale")
        return self.receipt_on_screen()

    def receipt_on_screen(self):
        return re.search(r"\d+-\d+-[0-9A-Z]{3}-\d{6}", self.screen.find(re.compile(r"\d+-\d+-[0-9A-Z]{3}-\d{6}")).name)[0]

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
    print(f"\n{'true':5}{'step':28}what was seen")
    for row in rows:
        print(f"{row[0]:5}{row[1]:28}{row[2]}  [{row[3]}]")
    print(f"Pictures: {PICTURES}")


def main():
    os.makedirs(PICTURES, exist_ok=True)
    for old in os.listdir(PICTURES):
        if old.endswith(".png"):
            os.remove(os.path.join(PICTURES, old))
    display = Display()
    tour = None
    try:
        with Shop() as shop:
            tour = Tour(shop, display)
            try:
                tour.run()
            finally:
                if tour.screen is not None:
                    tour.screen.close()
                if any(row[0] == "no" for row in tour.rows):
                    with open(shop.path("tillhouse.log"), encoding="utf-8", errors="replace") as log:
                        print(log.read()[-3000:], file=sys.stderr)
    finally:
        display.close()
        show(tour.rows if tour else [])
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception as fault:  # the table above says which step
        print(f"tour: {fault}", file=sys.stderr)
        sys.exit(1)
