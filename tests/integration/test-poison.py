# SPDX-License-Identifier: Apache-2.0
"""Entries that the central cannot understand: they are kept and shown, and hold up nothing."""

import os
import subprocess

from shop import BUILD, Shop, basket
from tap import case, expect, expect_equal, run

APPEND = os.path.join(BUILD, "tests", "integration", "append-entry")


def append(till, entry_type, version, body):
    subprocess.run([APPEND, till.home, entry_type, str(version)], input=body, env=till.surroundings, check=True,
                   timeout=60)


def check_poisoned(entry_type, version, body):
    """Item 3 of 10 is poison: nine arrive, one is shown."""
    with Shop() as shop:
        central = shop.central().demo().start()
        till = shop.till("till").enrol(central)
        codes = till.skus()
        sold = till.sell(basket(codes[0]), basket(codes[1]))
        append(till, entry_type, version, body)
        sold += till.sell(*[basket(codes[i]) for i in range(7)])
        status = till.sync()
        expect_equal((status["pending"], status["held"]), (0, 1), "after the sync")
        expect_equal(till.status()["held"], 1, "status shows it")
        audit = central.check()
        expect_equal((audit["ok"], audit["held"], audit["sales"]), (True, 1, 9), "central check")
        expect_equal(set(central.sales()), {answer["receipt"] for answer in sold}, "the nine sales")
        kept = central.rows("SELECT body FROM entry WHERE outcome = 'held'")
        expect_equal([bytes(row[0]) if not isinstance(row[0], str) else row[0].encode() for row in kept], [body],
                     "the held entry's bytes")


@case("/integration/poison/a-sale-that-cannot-be-read-is-held-and-nine-arrive")
def spoilt_sale():
    check_poisoned("sale", 1, b'{"receipt":"014-01-AAA-000003","lines":"none"}')


@case("/integration/poison/an-entry-of-a-later-release-is-held-and-nine-arrive")
def later_release():
    check_poisoned("sale", 99, b'{"anything":true}')


@case("/integration/poison/a-type-nobody-knows-is-held-and-nine-arrive")
def unknown_type():
    check_poisoned("moon-phase", 1, b'{"phase":"full"}')


@case("/integration/poison/a-sale-whose-sums-are-wrong-is-held-and-nine-arrive")
def wrong_sums():
    body = (b'{"change_minor":0,"closed_ms":1,"currency":"USD","discount_minor":0,"lines":[],"list_minor":0,'
            b'"opened_ms":1,"receipt":"014-01-AAA-000003","staff":{"id":"x","name":"x"},"store":"014","tax_minor":0,'
            b'"taxes":[],"tenders":[],"till":"01","total_minor":5}')
    check_poisoned("sale", 1, body)


run()
