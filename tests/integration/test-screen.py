# SPDX-License-Identifier: Apache-2.0
"""The screen as people without a mouse, or without eyes on it, use it: by accessible name, by keys alone, by scans."""

import contextlib
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))

from offers import CARD, LINEN, TEE, central_with_offers  # noqa: E402
from screen import Display, Screen, wait_for  # noqa: E402  the path comes first
from shop import BUILD, Shop  # noqa: E402
from tap import case, expect, expect_equal, run  # noqa: E402
from walk import PIN, STAFF  # noqa: E402

CONTROLS = {"push button", "toggle button", "text", "list item", "list", "check box", "menu item"}
CHECKOUT = ["Checkout", "Help", "Lock the till", "Scan or search", "On-screen keyboard", "Lines of this sale",
            "Discount on the selected line", "Why this price?", "Note on the selected line", "Remove the selected line",
            "Find a customer", "Enter a coupon", "Tax-exempt sale", "Park sale", "Clear the sale", "Cash",
            re.compile("^Sync: "), re.compile("^Recall"), re.compile("^One less "), re.compile("^One more "),
            re.compile("^Quantity 1 of "), re.compile("^Cash [^0-9]*[0-9]"), re.compile("Switch person or lock$")]


class Desk:
    """A till with its central; use it in a with statement."""

    def __init__(self, offers=False):
        self.offers = offers
        self.stack = contextlib.ExitStack()
        self.display = DISPLAY
        self.listing = None

    def __enter__(self):
        with self.stack:
            shop = self.stack.enter_context(Shop())
            central = central_with_offers(shop) if self.offers else shop.central().demo()
            till = shop.till("till").enrol(central.start())
            self.codes = till.barcodes(20)
            os.environ.update(till.surroundings)
            self.screen = Screen(self.display, os.path.join(BUILD, "ui", "tillhouse"), ["--home", till.home],
                                 shop.path("tillhouse.log"))
            self.stack.callback(self.screen.close)
            self.stack = self.stack.pop_all()  # all went well: it stays until the case is over
        return self

    def __exit__(self, *unused):
        self.stack.close()

    def sign_in(self):
        self.screen.press(STAFF)
        for digit in PIN:
            self.screen.press(digit, "push button")
        self.screen.press("OK, sign in")
        self.screen.find("Park sale")
        return self

    def lines(self):
        """The rows of the sale's list; looked for once, since a walk over the whole screen is slow."""
        if self.listing is None:
            found = self.screen.all("Lines of this sale")
            if not found:
                return []
            self.listing = found[0]
        return [row.name for row in self.listing if row is not None and row.name]

    def wait_lines(self, count):
        wait_for(f"{count} lines", lambda: len(self.lines()) == count)

    def field(self):
        """What stands in the search field."""
        text = self.screen.find("Scan or search", "text").queryText()
        return text.getText(0, text.characterCount)

    def sold(self):
        """Waits for the change panel; gives the change that it shows."""
        self.screen.find("Next sale", "push button")
        return self.screen.text(r"^Paid\. Change due")


def unnamed(screen):
    return [f"{node.getRoleName()} '{node.name}'" for node in screen.all()
            if node.getRoleName() in CONTROLS and (not node.name or node.name.startswith(("Gtk", "Till", "_")))]


@case("every control of Checkout is found by name and completes a sale through it")
def by_accessibility():
    with Desk() as desk:
        expect_equal(unnamed(desk.screen), [], "controls of the sign-in without a name")
        desk.sign_in()
        field = desk.screen.find("Scan or search", "text")
        field.queryEditableText().setTextContents(desk.codes[0])
        desk.screen.press("Scan or search", "text")
        desk.wait_lines(1)
        for name in CHECKOUT:
            desk.screen.find(name)
        expect_equal(unnamed(desk.screen), [], "controls of Checkout without a name")
        desk.screen.press(re.compile("^One more "))
        wait_for("quantity 2", lambda: any(", 2, " in line for line in desk.lines()))
        desk.screen.press(re.compile("^Cash [^0-9]*[0-9]"))
        desk.sold()
        expect_equal(unnamed(desk.screen), [], "controls of the change panel without a name")


@case("a sale is made by keys alone")
def by_keys():
    with Desk() as desk:
        desk.display.key("Tab")
        desk.sign_in()
        desk.display.type("fineliner")
        desk.screen.find("Search results")
        desk.display.key("Down", delay_ms=150)
        desk.display.key("Return", delay_ms=150)
        desk.wait_lines(1)
        desk.display.key("F10", delay_ms=150)
        desk.screen.find("Take cash", "push button")
        desk.display.type("50")
        desk.display.key("Return", delay_ms=150)
        desk.sold()


@case("twenty scans 50 ms apart arrive whatever has the focus, and none as text")
def by_scans():
    with Desk() as desk:
        desk.sign_in()
        wait_for("the field to be empty", lambda: desk.field() == "")
        for count, code in enumerate(desk.codes, 1):
            desk.display.scan(code)
            if count % 4 == 0:
                desk.display.key("Tab", delay_ms=60)
        desk.wait_lines(len(desk.codes))
        expect_equal(desk.field(), "", "the search field")
        expect(not desk.screen.all("Next sale"), "a scan's Return pressed a button")
        desk.screen.press("Cash", "push button")
        desk.screen.find("Take cash", "push button")
        desk.display.scan(desk.codes[0])
        desk.screen.find(re.compile("scan", re.I))
        desk.screen.press("Cancel", "push button")
        wait_for("Checkout again", lambda: not desk.screen.all("Take cash"))
        expect_equal(len(desk.lines()), len(desk.codes), "lines after a scan into a dialog")


def fill(screen, name, words):
    screen.find(name, "text").queryEditableText().setTextContents(words)


def says(screen, *words):
    for word in words:
        screen.find(word)


def by_coupon_and_customer(desk):
    screen = desk.screen
    screen.press("Enter a coupon", "push button")
    fill(screen, "Coupon code", "NONSENSE")
    screen.press("Use coupon", "push button")
    screen.find(re.compile("no offer with the code"), "alert")
    expect_equal(unnamed(screen), [], "controls of the coupon dialog without a name")
    desk.display.scan("spring10")
    says(screen, "Coupon SPRING10", "Counts: Spring linen 10%", "$53.10")
    screen.press("Find a customer", "push button")
    fill(screen, "Customer: name, phone, mail or card", "kowal")
    screen.find(re.compile("^Dana Kowalski"), "list item")
    expect_equal(unnamed(screen), [], "controls of the customer dialog without a name")
    screen.press("Take customer", "push button")
    says(screen, "Gold member 5%", "$50.44")
    screen.press("Take off Coupon SPRING10", "push button")
    screen.press("Take the customer off this sale", "push button")
    says(screen, "$59.00")


def by_approval(desk):
    screen = desk.screen
    screen.press("Discount on the selected line", "push button")
    screen.press("New price", "push button")
    screen.find(re.compile("^New price of one"))
    for digit in "40":
        screen.press(digit, "push button")
    fill(screen, "Reason in your own words", "Loose button")
    expect_equal(unnamed(screen), [], "controls of the discount dialog without a name")
    screen.press("Ask for approval", "push button")
    screen.find("$40.00 instead of $59.00 · Loose button")
    expect_equal(unnamed(screen), [], "controls of the approval without a name")
    for digit in "7410":
        screen.press(digit, "push button")
    expect(not any("7410" in (node.name or "") for node in screen.all()), "the PIN can be read in the tree")
    screen.press("OK, approve", "push button")
    wait_for("the new price on the line", lambda: "Price by hand · Loose button" in desk.lines()[0])


def by_certificate_and_trace(desk):
    screen = desk.screen
    screen.press("Tax-exempt sale", "push button")
    fill(screen, "Certificate number", "ST-1")
    fill(screen, "Valid until, as year-month-day", "2099-12-31")
    screen.press("Clothing", "push button")
    expect_equal(unnamed(screen), [], "controls of the certificate dialog without a name")
    screen.press("Sell tax-exempt", "push button")
    says(screen, "Tax-exempt ST-1", re.compile("^Free of clothing · until "))
    screen.press("Why this price?", "push button")
    says(screen, "1 × 59.00, price list base", "Price by hand 40.00: Loose button", "To pay")
    expect_equal(unnamed(screen), [], "controls of the price dialog without a name")
    desk.display.scan(TEE)
    screen.find(re.compile("The scan was not taken"))
    screen.press("Close", "push button")


@case("coupon, customer, approval, certificate and reasons are reached by name")
def by_offers():
    with Desk(offers=True) as desk:
        desk.sign_in()
        desk.display.scan(LINEN)
        desk.wait_lines(1)
        by_coupon_and_customer(desk)
        by_approval(desk)
        by_certificate_and_trace(desk)
        desk.display.scan(CARD)
        says(desk.screen, "Dana Kowalski", "$38.00")
        desk.screen.press(re.compile("^Cash [^0-9]*[0-9]"), "push button")
        desk.sold()


@case("rubbish is refused in words and a PIN is never in the tree")
def rubbish():
    with Desk() as desk:
        desk.screen.press(STAFF)
        for digit in "9999":
            desk.screen.press(digit, "push button")
        expect(not any("9999" in (node.name or "") for node in desk.screen.all()), "the PIN can be read in the tree")
        desk.screen.press("OK, sign in")
        desk.screen.find(re.compile("PIN", re.I), "alert")
        desk.sign_in()
        desk.display.scan("5901234123458")
        desk.screen.find("Search by name", "push button")
        expect_equal(desk.lines(), [], "an unknown code became a line")


# The accessibility library keeps to the first bus of a process, so the cases share one display.
DISPLAY = Display()
try:
    run()
finally:
    DISPLAY.close()
