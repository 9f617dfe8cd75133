# SPDX-License-Identifier: Apache-2.0
"""A till under a display server of its own, driven as a person would: by what is on the screen.

Needs /usr/bin/python3 with pyatspi (Debian's). The Screen starts Xvfb and a session bus, runs the
terminal, finds controls by role and accessible name, presses them through AT-SPI, types and scans by
XTEST, and takes pictures. Every wait is for a condition, with a bound.
"""
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

DEADLINE_S = 40  # a bound, not a speed: machines that test may be busy
KEYS = {"-": "minus", ".": "period", "/": "slash", " ": "space"}  # XTEST's names for what a code may hold


class Failed(Exception):
    """What was expected on the screen did not come."""


def wait_for(what, condition, seconds=DEADLINE_S, every=0.05):
    """Returns the first true value of condition(); raises Failed that names what was waited for."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() >= end:
            raise Failed(f"waited {seconds} s for {what}")
        time.sleep(every)


class Display:
    """Xvfb, a session bus and the environment for programs on them."""

    def __init__(self, width=1366, height=768):
        self.runtime = tempfile.mkdtemp(prefix="till-display-")
        os.chmod(self.runtime, 0o700)
        read_end, write_end = os.pipe()
        self.server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write_end), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp", "-noreset"],
            pass_fds=[write_end], stderr=subprocess.DEVNULL)
        os.close(write_end)
        with os.fdopen(read_end) as numbers:
            self.name = ":" + numbers.readline().strip()
        self.bus = subprocess.Popen(
            ["dbus-daemon", "--session", "--nofork", "--print-address=1"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            env={**os.environ, "DISPLAY": self.name, "XDG_RUNTIME_DIR": self.runtime})
        address = self.bus.stdout.readline().strip()
        self.environment = {
            "DISPLAY": self.name, "DBUS_SESSION_BUS_ADDRESS": address, "XDG_RUNTIME_DIR": self.runtime,
            "GDK_BACKEND": "x11", "GSK_RENDERER": "cairo", "LIBGL_ALWAYS_SOFTWARE": "1", "NO_AT_BRIDGE": "0",
            "GTK_A11Y": "atspi", "GSETTINGS_BACKEND": "memory",
        }
        os.environ.update(self.environment)
        # The accessibility library warns of a till that is just leaving. Fatal warnings are for the till, not for the driver.
        self.strictness = {"G_DEBUG": os.environ.pop("G_DEBUG")} if "G_DEBUG" in os.environ else {}

    def picture(self, path):
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["import", "-silent", "-window", "root", str(path)], check=True)

    def key(self, *names, delay_ms=5):
        subprocess.run(["xdotool", "key", "--delay", str(delay_ms), *names], check=True)

    def type(self, text, delay_ms=80):
        subprocess.run(["xdotool", "type", "--delay", str(delay_ms), text], check=True)

    def scan(self, code):
        """What a keyboard-wedge scanner sends: the characters in a burst, then Return. Without pauses of
        our own: on a busy machine a sleep of 5 ms may last 60, and then it is typing, not a scan."""
        names = {"-": "minus", ".": "period", "/": "slash", " ": "space"}
        self.key(*(names.get(character, character) for character in code), "Return", delay_ms=0)

    def click(self, x, y):
        subprocess.run(["xdotool", "mousemove", str(x), str(y), "click", "1"], check=True)

    def close(self):
        for process in (self.bus, self.server):
            process.terminate()
            process.wait()
        shutil.rmtree(self.runtime, ignore_errors=True)


class Screen:
    """One running terminal on a display."""

    def __init__(self, display, program, arguments, log):
        import pyatspi  # only once the session bus is in the environment
        self.atspi = pyatspi
        self.display = display
        self.log = open(log, "ab")
        self.process = subprocess.Popen([str(program), *map(str, arguments)], stdout=self.log, stderr=self.log,
                                        env={**os.environ, **display.environment, **display.strictness})
        self.application = wait_for("the terminal on the accessibility bus", self._find_application)

    def _find_application(self):
        if self.process.poll() is not None:
            raise Failed(f"the terminal ended with status {self.process.returncode}")
        desktop = self.atspi.Registry.getDesktop(0)
        for application in desktop:
            try:
                if application is not None and application.get_process_id() == self.process.pid:
                    return application if application.childCount else None
            except Exception:  # pylint: disable=broad-except  # an application that is just leaving
                continue
        return None

    def _walk(self, node, depth=0):
        if node is None or depth > 60:
            return
        try:
            yield node
            children = list(node)
        except Exception:  # pylint: disable=broad-except  # a widget that went away while we looked
            return
        for child in children:
            yield from self._walk(child, depth + 1)

    def showing(self, node):
        try:
            # GTK 4.8 says SHOWING of windows only; what a stack or a revealer hides is not in the tree at all.
            return node.getState().contains(self.atspi.STATE_VISIBLE)
        except Exception:  # pylint: disable=broad-except
            return False

    def all(self, name=None, role=None, visible=True):
        """Every control whose name is (or, for a pattern, matches) name and whose role name is role."""
        found = []
        for node in self._walk(self.application):
            try:
                if role is not None and node.getRoleName() != role:
                    continue
                text = node.name or ""
                if name is not None:
                    fits = name.search(text) if isinstance(name, re.Pattern) else text == name
                    if not fits:
                        continue
                if visible and not self.showing(node):
                    continue
            except Exception:  # pylint: disable=broad-except
                continue
            found.append(node)
        return found

    def find(self, name=None, role=None, seconds=DEADLINE_S):
        """The first control of that name, waited for."""
        words = name.pattern if isinstance(name, re.Pattern) else name
        return wait_for(f"{role or 'a control'} named '{words}'", lambda: (self.all(name, role) or [None])[0], seconds)

    def press(self, name, role=None):
        """Presses a control through its accessible action, once it is sensitive."""
        def ready():
            for node in self.all(name, role):
                state = node.getState()
                if state.contains(self.atspi.STATE_SENSITIVE) and node.get_n_actions() > 0:
                    return node
            return None
        words = name.pattern if isinstance(name, re.Pattern) else name
        node = wait_for(f"a control to press named '{words}'", ready)
        node.queryAction().doAction(0)
        return node

    def text(self, pattern, seconds=DEADLINE_S):
        """The first visible name that matches the pattern."""
        return self.find(re.compile(pattern), seconds=seconds).name

    def close(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()
        return self.process.returncode
