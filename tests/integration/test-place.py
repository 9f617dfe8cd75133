# SPDX-License-Identifier: Apache-2.0
"""A home on an overlay, as in a container: refused with what to do, accepted for trials only, and then never in silence."""

import contextlib
import os
import subprocess
import urllib.request

from shop import STORE, Central, Shop, Till, basket
from tap import Skip, case, expect, expect_equal, run

ACCEPT = "TILLHOUSE_ACCEPT_OVERLAY"


@contextlib.contextmanager
def overlay(shop):
    """A real overlay mount on a file system of its own (an overlay cannot lie on an overlay everywhere)."""
    if os.geteuid() != 0:
        raise Skip("mounting an overlay needs root")
    base, merged = shop.path("layers"), shop.path("merged")
    with contextlib.ExitStack() as mounts:
        for directory in (base, merged):
            os.makedirs(directory)
        mount(mounts, "tmpfs", "size=256m", base)
        for layer in ("lower", "upper", "work"):
            os.makedirs(os.path.join(base, layer))
        layers = ",".join(f"{name}={os.path.join(base, layer)}" for name, layer in
                          (("lowerdir", "lower"), ("upperdir", "upper"), ("workdir", "work")))
        mount(mounts, "overlay", layers, merged)
        yield merged


def mount(mounts, kind, options, directory):
    mounted = subprocess.run(["mount", "-t", kind, "-o", options, "tillhouse-test", directory],
                             capture_output=True, text=True)
    if mounted.returncode != 0:
        raise Skip(f"{kind} cannot be mounted here: {mounted.stderr.strip()}")
    mounts.callback(subprocess.run, ["umount", directory], check=True)


def central_on(shop, directory, accepted):
    central = Central(shop, "central", False)
    central.data = os.path.join(directory, "central")
    set_accepted(central, accepted)
    shop.stack.callback(central.kill)
    return central


def set_accepted(program, accepted):
    program.surroundings.pop(ACCEPT, None)
    if accepted:
        program.surroundings[ACCEPT] = accepted


def expect_refusal(result, what):
    expect_equal(result.code, 1, f"{what}: {result!r}")
    expect("overlay" in result.err and "local disk" in result.err and ACCEPT + "=1" in result.err,
           f"{what} says what to do: {result.err!r}")


@case("/integration/place/a-till-on-an-overlay-is-refused-and-accepted-only-with-a-warning")
def till_home():
    with Shop() as shop, overlay(shop) as merged:
        central = shop.central().demo().start()
        till = Till(shop, "till", os.path.join(merged, "home"))
        code = central.enrol_code()
        for value in (None, "0", "yes"):
            set_accepted(till, value)
            expect_refusal(till.run("enrol", central.url(), "--code", code), f"enrolment with {value!r}")
        expect_equal(os.listdir(till.home), [], "nothing is made in a refused home")

        set_accepted(till, "1")
        till.must("enrol", central.url(), "--code", code)
        till.sell(basket(till.skus(1)[0]))
        status = till.status()
        expect("overlay" in status["home"] and "power cut" in status["home"], f"the accepted home: {status}")
        words = subprocess.run([part for part in till.command("status") if part != "--json"], capture_output=True,
                               text=True, env=till.surroundings, timeout=90)
        expect("\nhome: " in words.stdout, f"status in words: {words.stdout!r}")

        set_accepted(till, None)
        expect_refusal(till.run("status"), "a till whose acceptance was taken back")
        sound = shop.till("sound").enrol(central)
        if not shop.is_overlay:
            expect_equal(sound.status()["home"], "", "what a home on a disk says")


@case("/integration/place/a-central-on-an-overlay-is-refused-and-accepted-only-with-a-warning")
def central_data():
    with Shop() as shop, overlay(shop) as merged:
        refused = central_on(shop, merged, None)
        expect_refusal(refused.run("demo"), "making the demo chain")
        expect_equal(os.listdir(refused.data), [], "nothing is made in a refused directory")

        central = central_on(shop, merged, "1")
        expect("overlay" in central.must("demo").err, "each command tells of it")
        log = os.path.join(merged, "central.log")
        with contextlib.suppress(FileNotFoundError):
            os.unlink(log)
        central.start()
        with urllib.request.urlopen(central.url() + "/v1/health", timeout=30) as answer:
            health = answer.read().decode()
        expect("overlay" in health and '"status":"ok"' in health.replace(" ", ""), f"health: {health}")
        expect("overlay" in central.log(), f"the log tells of it: {central.log()}")
        central.stop()
        set_accepted(central, None)
        expect_refusal(central.run("enrol-code", STORE), "a central whose acceptance was taken back")


run()
