# SPDX-License-Identifier: Apache-2.0
"""The part of the tour about prices: four kinds of promotion in one basket, a refused coupon, why a line costs what it
does, a discount that another person approves, a tax-exempt sale; each amount is known beforehand.
"""

import json
import os
import re

from offers import CARD, LINEN, MUG, OTHER_TEE, TEE, central_with_offers
from screen import Screen, wait_for
from walk import Walk

MANAGER, MANAGER_PIN, MANAGER_ID = "Ruth Adeyemi", "7410", "s-014-01"
CERTIFICATE = "ST-120-77"


class PricingTour(Walk):
    """One sale, changed step by step."""

    def __init__(self, shop, display, pictures):
        super().__init__(display, pictures, "pricing-")
        self.shop = shop
        self.central = central_with_offers(shop).start()
        self.till = shop.till("till").enrol(self.central)

    def see(self, *words):
        """Waits until each of these stands on the screen."""
        for word in words:
            self.screen.find(word if isinstance(word, re.Pattern) else re.compile("^" + re.escape(word) + "$"))

    def scan(self, *codes):
        for code in codes:
            self.display.scan(code)

    def line(self, words):
        return next((row.name for row in self.lines() if words in row.name), "")

    def choose(self, words):
        """Selects the line of these words, as arrow keys would."""
        listing = self.screen.find("Lines of this sale")
        index = next(n for n, row in enumerate(listing) if words in row.name)
        listing.querySelection().selectChild(index)

    # ---- the steps ----

    def open_window(self):
        os.environ.update(self.till.surroundings)
        self.screen = Screen(self.display, os.path.join(os.environ["TILL_BUILD_ROOT"], "ui", "tillhouse"),
                             ["--home", self.till.home], self.shop.path("tillhouse.log"))
        return self.sign_in()

    def near_miss(self):
        self.scan(TEE)
        self.wait_lines(1)
        self.see("1 more for Buy 2 tees, 20% off")
        return "one tee: the screen says what one more would bring"

    def four_kinds(self):
        self.scan(OTHER_TEE, MUG, MUG, LINEN)
        self.wait_lines(4)
        self.scan("SPRING10")
        self.see("Coupon SPRING10")
        self.scan(CARD)
        self.see("Dana Kowalski", re.compile(r"^d•••@mail\.example"))
        # 38.40 + 28.00 + 53.10, less 5 %: 113.52; tax on 26.60 of mugs.
        self.see("−$9.60", "· 2 lines", "−$4.00", "−$5.90", "−$5.98", "$2.36", "You save $25.48", "$115.88")
        wait_for("the reasons on the line", lambda: "Spring linen 10%, Gold member 5%" in self.line("Linen shirt"))
        return "set, fixed price, coupon and member offer named; $115.88 to pay, $25.48 saved"

    def refused_coupon(self):
        self.scan("OLD5")
        self.see("Coupon OLD5", "Refused. This offer has ended.", "$115.88")
        return "OLD5 stays listed with its reason; the total is unchanged"

    def trace(self):
        self.screen.press("Why this price?", "push button")
        self.see("1 × 59.00, price list base", "Spring linen 10%, coupon SPRING10", "−$5.90", "−$2.66", "To pay",
                 "$50.44", "Considered", "This offer has ended.")
        return "linen shirt: 59.00, −5.90, −2.66, $50.44 to pay; Five off: ended"

    def close_trace(self):
        self.display.key("Return", delay_ms=150)
        wait_for("the dialog to close", lambda: not self.screen.all("Considered"))
        return "Enter closes it"

    def discount_asks(self):
        self.choose("Speckled mug")
        self.screen.press("Discount on the selected line", "push button")
        self.screen.find("Amount off", "push button")
        self.display.type("30")
        self.screen.press("Damaged", "push button")
        self.see("$32.00", "$22.40")
        self.screen.press("Ask for approval", "push button")
        self.see("$22.40 instead of $32.00 · Damaged", f"PIN of {MANAGER}")
        return "30 % is beyond an associate's limit: the sheet asks for Ruth Adeyemi's PIN"

    def approve(self):
        self.display.type("1111")
        self.screen.press("OK, approve", "push button")
        self.see(re.compile("PIN"))
        self.screen.find(re.compile("not right|wrong", re.I), "alert")
        self.display.type(MANAGER_PIN)
        self.screen.press("OK, approve", "push button")
        wait_for("the discount on the line", lambda: "30% off · Damaged" in self.line("Speckled mug"))
        # 38.40 + 22.40 + 53.10, less 5 %: 108.20; tax on 21.28.
        self.see("Discount by hand", "−$9.60", "−$5.70", "$1.89", "$110.09")
        return "a wrong PIN is refused in words, the right one lets it pass; $110.09 to pay"

    def exempt(self):
        self.screen.press("Tax-exempt sale", "push button")
        self.screen.find("Certificate number", "text")
        self.display.type(CERTIFICATE)
        self.screen.press("Sell tax-exempt", "push button")
        self.see(f"Tax-exempt {CERTIFICATE}", "Free of all taxes", "$108.20")
        return "certificate on the sale; no tax; $108.20 to pay"

    def pay(self):
        receipt = self.pay_exact()
        self.screen.text(r"^Sync: .*all sent")
        self.screen.close()
        self.screen = None
        (_, body), = self.till.sales().values()
        sale = json.loads(body)
        approved = [line["manual"]["approved_by"] for line in sale["lines"] if "manual" in line]
        if sale["total_minor"] != 10820 or approved != [MANAGER_ID]:
            raise AssertionError(f"the sale in the journal: {sale['total_minor']}, approved by {approved}")
        check = self.central.check()
        if not check["ok"] or check["sales"] != 1 or self.central.rows("SELECT count(*) FROM exception") != [(0,)]:
            raise AssertionError(f"the central's books: {check}")
        return f"receipt {receipt}: 108.20 in journal and books, approved by {MANAGER_ID}, no exception"

    def run(self):
        self.step("Sign in", self.open_window)
        self.step("Near miss", self.near_miss)
        self.step("Four kinds of promotion", self.four_kinds)
        self.step("Refused coupon", self.refused_coupon)
        self.step("Why this price", self.trace)
        self.step("Trace closed", self.close_trace)
        self.step("Discount asks for approval", self.discount_asks)
        self.step("Approved by another person", self.approve)
        self.step("Tax-exempt", self.exempt)
        self.step("Paid, in the books", self.pay)
