# SPDX-License-Identifier: Apache-2.0
"""Test cases as TAP: a case is a function with a name in words; it fails by an exception and is skipped by Skip."""

import signal
import sys
import traceback


class Skip(Exception):
    """Raised by a case that cannot run on this machine; its words say why."""


_cases = []


def case(name):
    """Registers a function as the test case of this name."""
    def register(function):
        _cases.append((name, function))
        return function
    return register


def expect(condition, words):
    """A check that is never optimised away."""
    if not condition:
        raise AssertionError(words)


def expect_equal(got, wanted, words):
    expect(got == wanted, f"{words}: got {got!r}, wanted {wanted!r}")


def run():
    """Runs every case in order; the exit code is for people, TAP for machines."""
    # Told to end (a time-out), a case still takes away what it put up: a mounted file system, a display.
    signal.signal(signal.SIGTERM, lambda *unused: sys.exit(128 + signal.SIGTERM))
    print(f"1..{len(_cases)}", flush=True)
    failures = 0
    for number, (name, function) in enumerate(_cases, 1):
        try:
            function()
            print(f"ok {number} {name}", flush=True)
        except Skip as reason:
            print(f"ok {number} {name} # SKIP {reason}", flush=True)
        except Exception as fault:  # a case may fail by anything
            failures += 1
            for line in traceback.format_exc().splitlines():
                print(f"# {line}", flush=True)
            print(f"not ok {number} {name}", flush=True)
            print(f"# {type(fault).__name__}: {fault}", file=sys.stderr, flush=True)
    sys.exit(1 if failures else 0)
