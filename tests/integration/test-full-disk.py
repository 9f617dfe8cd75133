# SPDX-License-Identifier: Apache-2.0
"""A till on a file system that is full: no acknowledged sale is lost, and it says so."""

import contextlib
import json
import os
import subprocess

from shop import Shop, Till, basket
from tap import Skip, case, expect, expect_equal, run

SIZE_KIB = 65536
LEFT_KIB = 512


@contextlib.contextmanager
def small_file_system(directory):
    os.makedirs(directory)
    if os.geteuid() != 0:
        raise Skip("mounting a small file system needs root")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE_KIB}k", "tillhouse-test", directory],
                             capture_output=True, text=True)
    if mounted.returncode != 0:
        raise Skip(f"a tmpfs cannot be mounted here: {mounted.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", directory], check=True)


def fill(path, leave_kib):
    """A file that leaves so much of its file system free."""
    free = os.statvfs(os.path.dirname(path))
    size = free.f_bavail * free.f_frsize - leave_kib * 1024
    with open(path, "wb") as ballast:
        os.posix_fallocate(ballast.fileno(), 0, size)


def sell_until_refused(till, codes, most):
    lines = "".join(json.dumps(basket(*codes)) + "\n" for _ in range(most))
    result = till.run("sell", "-", stdin=lines)
    return result, [json.loads(line)["receipt"] for line in result.out.splitlines()]


@case("/integration/full-disk/a-disk-that-fills-up-is-told-of-before-it-is-full")
def little_room():
    with Shop() as shop, small_file_system(shop.path("small")):
        central = shop.central().demo().start()
        roomy = shop.till("roomy").enrol(central)
        tight = Till(shop, "tight", shop.path("small", "home")).enrol(central)
        expect("MB are free" in tight.status()["trouble"], f"what a tight disk says: {tight.status()}")
        expect_equal(len(tight.sell(basket(*tight.skus(2)))), 1, "sales on a disk with little room")
        free = os.statvfs(roomy.home)
        if free.f_bavail * free.f_frsize > 2 << 30:
            expect_equal(roomy.status()["trouble"], "", "what a roomy disk says")


@case("/integration/full-disk/no-acknowledged-sale-is-lost-and-selling-goes-on-when-there-is-room")
def full_disk():
    with Shop() as shop, small_file_system(shop.path("small")):
        central = shop.central().demo().start()
        till = Till(shop, "till", shop.path("small", "home")).enrol(central)
        codes = till.skus(20)
        ballast = shop.path("small", "ballast")
        fill(ballast, LEFT_KIB)

        result, printed = sell_until_refused(till, codes, 2000)
        print(f"# {len(printed)} sales until the disk was full; then: {result.err.strip()}", flush=True)
        expect_equal(result.code, 1, "selling on a full disk ends with a failure")
        expect(printed, "some sales fit before the disk was full")
        expect("full" in result.err.lower() or "space" in result.err.lower(), f"it says why: {result.err!r}")
        again, more = sell_until_refused(till, codes, 1)
        expect(again.code == 1 or more, "a till on a full disk either sells or says no")
        printed += more

        os.unlink(ballast)
        expect_equal(till.verify()["ok"], True, "journal verify")
        print(f"# asked once more: {again.err.strip()}", flush=True)
        result, more = sell_until_refused(till, codes, 3)
        expect_equal((result.code, len(more)), (0, 3), f"selling once there is room again: {result!r}")
        printed += more
        till.sync(60)
        journal = till.sales()
        expect_equal(len(set(printed)), len(printed), "numbers printed once each")
        expect(set(printed) <= set(journal), "every printed sale is in the journal")
        expect(len(journal) - len(printed) <= 2, "at most the refused commits may stand unprinted")
        expect_equal(central.check()["ok"], True, "central check")
        expect_equal(central.sales(), journal, "central against the journal, byte for byte")


run()
