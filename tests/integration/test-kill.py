# SPDX-License-Identifier: Apache-2.0
"""The kill test: a till and a central that die at random moments, and a network that eats answers.

Baskets go into `tillctl sell -`, which is killed while it sells; the sync is killed while it sends; the central is killed
and started again under both; the proxy drops answers. Afterwards the printed receipts, the journal and the central's
books hold the same sales, byte for byte, none twice.

A sale that was committed when the till died before printing it is found in the journal when the till is next opened, and
its receipt printed then: that is what a cashier does, and why "printed" can be compared at all.

TILL_KILL_SEED and TILL_KILL_SALES change the run; both are printed.
"""

import contextlib
import json
import os
import random
import select
import subprocess

from shop import Shop, basket, wait_until
from tap import case, expect, expect_equal, run

SEED = int(os.environ.get("TILL_KILL_SEED", "20261123"))
SALES = int(os.environ.get("TILL_KILL_SALES", "500"))
SYNC_S = 6
EVERY_FAULT_SALES = 200  # so many sales meet every kind of fault


class Run:
    """What happened so far."""

    def __init__(self, shop):
        self.dice = random.Random(SEED)
        self.central = shop.central().demo().start()
        self.proxy = shop.proxy(self.central.port)
        self.till = shop.till("till").enrol(self.central, self.proxy.port)
        self.codes = self.till.skus(40)
        self.printed = []
        self.kills = {"till selling": 0, "till sending": 0, "central": 0}
        self.reprinted = 0
        self.swallowed = 0
        self.pushes = 0
        self.chance_of_loss = 0.0
        self.proxy.decide = self.decide

    def decide(self, target):
        if "/push" not in target:
            return "pass"
        self.pushes += 1
        if self.dice.random() < self.chance_of_loss:
            self.swallowed += 1
            return "swallow"
        return "pass"

    def make_basket(self):
        return basket(*self.dice.choices(self.codes, k=self.dice.randint(1, 6)))

    def jitter(self, most_s):
        select.select([], [], [], self.dice.random() * most_s)

    def sell_until_killed(self):
        """Sells a handful; kills the seller at a random moment of the next sale."""
        wanted = self.dice.randint(1, 16)
        seller = self.till.popen("sell", "-")
        lines = [(json.dumps(self.make_basket()) + "\n").encode() for _ in range(wanted + 5)]
        seller.stdin.write(b"".join(lines))
        seller.stdin.flush()
        for _ in range(wanted):
            line = seller.stdout.readline()
            expect(line.endswith(b"\n"), "the seller ended early")
            self.printed.append(json.loads(line)["receipt"])
        self.jitter(0.004)
        seller.kill()
        rest = seller.stdout.read()
        seller.wait(20)
        for pipe in (seller.stdin, seller.stdout, seller.stderr):
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
        whole, _, _ = rest.rpartition(b"\n")
        self.printed += [json.loads(line)["receipt"] for line in whole.splitlines()]
        self.kills["till selling"] += 1

    def print_what_was_not_said(self):
        known = set(self.printed)
        rows = self.till.must("journal", "list", "--type", "sale", "--limit", "60").out.splitlines()
        for row in reversed([json.loads(line) for line in rows]):
            if row["receipt"] not in known:
                paper = self.till.must("receipt", row["receipt"]).json()
                expect(row["receipt"] in paper["text"], "the receipt bears its number")
                self.printed.append(row["receipt"])
                self.reprinted += 1

    def sync_under_fire(self):
        self.chance_of_loss = 0.4
        sender = self.till.popen("sync", "--once", "--timeout", str(SYNC_S))
        if self.dice.random() < 0.5:  # amid a batch, else at any moment from the start of the program
            seen = self.pushes
            with contextlib.suppress(AssertionError):  # it may have ended without
                wait_until(lambda: self.pushes > seen or sender.poll() is not None, "a batch on its way", SYNC_S)
            self.jitter(0.03)
        else:
            self.jitter(0.25)
        what = self.dice.random()
        if what < 0.4:
            self.central.kill()
            self.kills["central"] += 1
            self.jitter(0.02)
        if what > 0.25:
            sender.kill()
            self.kills["till sending"] += 1
        try:
            sender.communicate(timeout=SYNC_S + 20)
        except subprocess.TimeoutExpired:
            sender.kill()
            sender.communicate()
            raise AssertionError("sync did not end within its time") from None
        if self.central.process is None:
            self.central.start()
        self.chance_of_loss = 0.0


@case(f"/integration/kill/{SALES}-sales-survive-random-kills-and-lost-answers")
def kill_test():
    print(f"# seed {SEED}, {SALES} sales (TILL_KILL_SEED and TILL_KILL_SALES change them)", flush=True)
    with Shop() as shop:
        fight = Run(shop)
        while len(fight.printed) < SALES:
            fight.sell_until_killed()
            fight.print_what_was_not_said()
            fight.sync_under_fire()
        fight.till.sync(60)

        verified = fight.till.verify()
        journal = fight.till.sales()
        audit = fight.central.check()
        books = fight.central.sales()
        print(f"# printed {len(fight.printed)} (of these {fight.reprinted} after a kill), journal {len(journal)}, "
              f"central {len(books)}; kills {fight.kills}, answers swallowed {fight.swallowed}", flush=True)
        expect_equal(verified["ok"], True, "journal verify")
        expect_equal(audit["ok"], True, f"central check {audit.get('problems')}")
        expect(fight.reprinted <= fight.kills["till selling"], "a kill leaves at most one sale unsaid")
        expect_equal(len(set(fight.printed)), len(fight.printed), "receipt numbers printed once each")
        expect_equal(set(fight.printed), set(journal), "printed receipts against the journal")
        expect_equal(books, journal, "central against the journal, byte for byte")
        expect_equal(audit["sales"], len(journal), "sales counted by the audit")
        expect(SALES < EVERY_FAULT_SALES or (fight.swallowed > 0 and all(fight.kills.values())),
               "every kind of fault happened")


run()
