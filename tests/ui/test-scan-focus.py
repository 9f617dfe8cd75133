# SPDX-License-Identifier: Apache-2.0
"""Twenty scans, 50 ms apart, with the focus on each control in turn and inside dialogs: every scan counts once,
no field takes a character, no button is pressed by a scan's Return.

    test-scan-focus.py PREVIEW     the preview program: the real window over a register without a disk
"""
import os
import re
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))

from screen import Display, Failed, Screen, wait_for  # noqa: E402  the path comes first

CODE = "5901234123457"
SCANS = 20
GAP_S = 0.05  # from one scan to the next
STOPS = 10  # how many controls Tab leads through


class Run:
    def __init__(self, display, screen):
        self.display, self.screen = display, screen
        self.count = 0

    def burst(self):
        """Scan after scan; a busy machine makes the gaps longer, never the scans."""
        for _ in range(SCANS):
            self.display.scan(CODE)
            time.sleep(GAP_S)

    def items(self):
        return int(re.search(r"(\d+) item", self.screen.find(re.compile(r"^Subtotal · \d+ item")).name)[1])

    def fields(self):
        return [node for node in self.screen.all(role="text")]

    def expect(self, added, where):
        self.count += added
        try:
            wait_for("the items", lambda: self.items() == self.count)
        except Failed as fault:
            held = [field.queryText().characterCount for field in self.fields()]
            raise Failed(f"{where}: {self.items()} items, {self.count} expected; characters in fields {held}") from fault
        for field in self.fields():
            if field.queryText().characterCount != 0:
                raise Failed(f"{where}: the field '{field.name}' took characters")

    def focused(self):
        for node in self.screen.all():
            if node.getState().contains(self.screen.atspi.STATE_FOCUSED):
                return f"{node.getRoleName()} '{node.name}'"
        return "nothing"

    def controls(self):
        """The focus walks through the desk; wherever it is, scans go to the sale."""
        for stop in range(STOPS):
            self.burst()
            self.expect(SCANS, f"stop {stop}, focus on {self.focused()}")
            self.display.key("Tab")

    def dialog(self):
        """A dialog refuses scans, and its field and buttons know nothing of them."""
        self.screen.press("Note on the selected line")
        self.screen.find("Note on this line")
        self.burst()
        if self.screen.find("Note on this line").queryText().characterCount != 0:
            raise Failed("the note took characters of a scan")
        self.display.key("Escape")
        self.expect(0, "after the dialog was left")
        self.burst()
        self.expect(SCANS, "after the dialog")


def play(display, preview, log):
    """Both cases on one window; how many failed."""
    failed = 0
    screen = Screen(display, preview, ["empty"], log)
    try:
        screen.find("Park sale")
        run = Run(display, screen)
        for number, (name, act) in enumerate([("focus on each control", run.controls), ("a dialog", run.dialog)], 1):
            point = f"{number} /ui/scan/twenty-scans-with-{name.replace(' ', '-')}"
            try:
                act()
                print(f"ok {point}", flush=True)
            except Failed as fault:
                failed += 1
                print(f"not ok {point}\n# {fault}", flush=True)
    finally:
        screen.close()
    return failed


def main():
    if len(sys.argv) != 2:
        print("usage: test-scan-focus.py PREVIEW", file=sys.stderr)
        return 2
    print("TAP version 13\n1..2")
    display = Display()
    try:
        with tempfile.NamedTemporaryFile() as log:
            failed = play(display, sys.argv[1], log.name)
    finally:
        display.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
