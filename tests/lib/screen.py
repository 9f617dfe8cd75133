# SPDX-License-Identifier: Apache-2.0
"""A till under a display server of its own, driven as a person would: by what is on the screen.

Needs /usr/bin/python3 with pyatspi (Debian's). The Screen starts Xvfb and a session bus, runs the
terminal, finds controls by role and accessible name, presses them through AT-SPI, types and scans by
XTEST, and takes pictures. Every wait is for a condition, with a bound.
"""
import contextlib
import ctypes
import os
import re
import select
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from children import with_me

DEADLINE_S = 40  # a bound, not a speed: machines that test may be busy
SHIFT, RETURN = 0xffe1, 0xff0d  # X's numbers of these keys; a character of Latin-1 is its own number


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


def first_line(stream, what):
    """The first line a program says, waited for within the bound."""
    if not select.select([stream], [], [], DEADLINE_S)[0]:
        raise Failed(f"{what} said nothing for {DEADLINE_S} s")
    line = stream.readline().strip()
    if not line:
        raise Failed(f"{what} did not start")
    return line


class Keyboard:
    """Key presses that reach the display server in one piece, as a scanner's do.

    A program that sends key after key may be held up between two of them on a busy machine, and then it is a
    person who types. Here the presses of a whole code are one write, so the server stamps them with one time.
    """

    def __init__(self, display):
        self.x11 = ctypes.CDLL("libX11.so.6")
        self.xtest = ctypes.CDLL("libXtst.so.6")
        self.x11.XOpenDisplay.restype = ctypes.c_void_p
        self.x11.XkbKeycodeToKeysym.restype = ctypes.c_ulong
        opened = self.x11.XOpenDisplay(display.encode())
        if not opened:
            raise Failed(f"the display {display} cannot be opened")
        self.connection = ctypes.c_void_p(opened)

    def keycode(self, symbol):
        code = self.x11.XKeysymToKeycode(self.connection, ctypes.c_ulong(symbol))
        if code == 0:
            raise Failed(f"the keyboard has no key for {symbol:#x}")
        return code

    def needs_shift(self, symbol):
        return self.x11.XkbKeycodeToKeysym(self.connection, ctypes.c_ubyte(self.keycode(symbol)), 0, 0) != symbol

    def turn(self, symbol, down):
        self.xtest.XTestFakeKeyEvent(self.connection, ctypes.c_uint(self.keycode(symbol)), int(down), ctypes.c_ulong(0))

    def send(self, symbols):
        """Presses and releases them all; returns when the server has had them."""
        for symbol in symbols:
            keys = [SHIFT, symbol] if self.needs_shift(symbol) else [symbol]
            for key in keys:
                self.turn(key, True)
            for key in reversed(keys):
                self.turn(key, False)
        self.x11.XSync(self.connection, 0)

    def close(self):
        self.x11.XCloseDisplay(self.connection)


class Display:
    """Xvfb, a session bus and the environment for programs on them."""

    def __init__(self, width=1366, height=768):
        self.stack = contextlib.ExitStack()
        try:
            self.start(width, height)
        except BaseException:
            self.close()
            raise

    def keep(self, process):
        def end():
            process.kill()
            process.wait()
        self.stack.callback(end)
        return process

    def start(self, width, height):
        self.runtime = tempfile.mkdtemp(prefix="till-display-")
        self.stack.callback(shutil.rmtree, self.runtime, ignore_errors=True)
        os.chmod(self.runtime, 0o700)
        read_end, write_end = os.pipe()
        self.keep(subprocess.Popen(
            with_me("Xvfb", "-displayfd", write_end, "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp", "-noreset"),
            pass_fds=[write_end], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        os.close(write_end)
        with os.fdopen(read_end) as numbers:
            self.name = ":" + first_line(numbers, "Xvfb")
        self.keyboard = Keyboard(self.name)
        self.stack.callback(self.keyboard.close)
        bus = self.keep(subprocess.Popen(
            with_me("dbus-daemon", "--session", "--nofork", "--print-address=1"),
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            env={**os.environ, "DISPLAY": self.name, "XDG_RUNTIME_DIR": self.runtime}))
        address = first_line(bus.stdout, "the session bus")
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
        """What a keyboard-wedge scanner sends: the characters in a burst, then Return."""
        self.keyboard.send([ord(character) for character in code] + [RETURN])

    def click(self, x, y):
        subprocess.run(["xdotool", "mousemove", str(x), str(y), "click", "1"], check=True)

    def close(self):
        self.stack.close()


class Screen:
    """One running terminal on a display."""

    def __init__(self, display, program, arguments, log):
        import pyatspi  # only once the session bus is in the environment
        self.atspi = pyatspi
        self.display = display
        self.log = open(log, "ab")
        self.process = subprocess.Popen(with_me(program, *arguments), stdout=self.log, stderr=self.log,
                                        env={**os.environ, **display.environment, **display.strictness})
        try:
            self.application = wait_for("the terminal on the accessibility bus", self._find_application)
        except BaseException:
            self.close()
            raise

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
