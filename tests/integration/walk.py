# SPDX-License-Identifier: Apache-2.0
"""Steps that a person would do at a till, each with what was seen and a picture; the first that fails ends the walk."""

import os
import re
import time

from screen import wait_for

STAFF, PIN = "Ines Moreau, Associate", "1414"


class Walk:
    """The steps in order, with what was seen at each. A subclass has a screen while a window is open."""

    def __init__(self, display, pictures, prefix=""):
        self.display, self.pictures, self.prefix = display, pictures, prefix
        self.rows = []
        self.screen = None

    def picture(self, name):
        path = os.path.join(self.pictures, f"{self.prefix}{len(self.rows) + 1:02}-{name}.png")
        self.display.picture(path)
        return os.path.basename(path)

    def step(self, name, act):
        """One row of the table."""
        started = time.monotonic()
        try:
            seen = act()
        except Exception as fault:
            self.rows.append(("no", name, str(fault), self.picture("failed-" + name.split()[0])))
            raise
        seconds = time.monotonic() - started
        self.rows.append(("yes", name, seen, self.picture(re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")), seconds))

    def sign_in(self):
        self.screen.press(STAFF)
        for digit in PIN:
            self.screen.press(digit, "push button")
        self.screen.press("OK, sign in", "push button")
        self.screen.find("Park sale")
        return "Ines Moreau is signed in by PIN"

    def lines(self):
        """The rows of the sale's list."""
        listing = self.screen.all("Lines of this sale")
        return [row for row in listing[0]] if listing else []

    def wait_lines(self, count):
        wait_for(f"{count} lines", lambda: len(self.lines()) == count)

    def pay_exact(self):
        self.screen.press(re.compile(r"^Cash [^0-9]*[0-9]"), "push button")
        self.screen.find("Next sale")
        return self.receipt_on_screen()

    def receipt_on_screen(self):
        return re.search(r"\d+-\d+-[0-9A-Z]{3}-\d{6}", self.screen.find(re.compile(r"\d+-\d+-[0-9A-Z]{3}-\d{6}")).name)[0]
