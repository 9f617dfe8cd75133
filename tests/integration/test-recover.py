# SPDX-License-Identifier: Apache-2.0
"""A till whose ledger is damaged on disk: refused with the command to give, got going again by it, and after the next sync
receipts, journal and central hold the same sales, none twice, but for what lay on the lost page and was never sent."""

import json
import os
import sqlite3
import subprocess
from contextlib import closing

from shop import Shop, basket
from tap import case, expect, expect_equal, run

PAGE = 4096
NOISE = b"\x5a"


class Books:
    """A till that sold online and offline, and what was printed."""

    def __init__(self, shop, sent, unsent):
        self.central = shop.central().demo().start()
        self.till = shop.till("till").enrol(self.central)
        self.codes = self.till.skus(20)
        baskets = [basket(self.codes[i % 20], self.codes[(i + 7) % 20]) for i in range(sent + unsent)]
        self.sent = self.sell(baskets[:sent])
        if sent:
            self.till.sync()
        self.unsent = self.sell(baskets[sent:])
        self.ledger = os.path.join(self.till.home, "ledger.db")

    def sell(self, baskets):
        return [answer["receipt"] for answer in self.till.sell(*baskets)] if baskets else []

    def pages(self, name, kind):
        """Numbers of the pages of a table or index, in its order."""
        with closing(sqlite3.connect(self.ledger)) as ledger:
            return [number for (number,) in ledger.execute(
                "SELECT pageno FROM dbstat WHERE name = ? AND pagetype = ? ORDER BY path", (name, kind))]

    def receipts_on(self, page):
        """The receipts of the rows of a journal leaf."""
        with closing(sqlite3.connect(self.ledger)) as ledger:
            leaves = self.pages("journal", "leaf")
            cells = dict(ledger.execute("SELECT pageno, ncell FROM dbstat WHERE name = 'journal'"))
            before = sum(cells[leaf] for leaf in leaves[:leaves.index(page)])
            rows = ledger.execute("SELECT receipt FROM journal ORDER BY position LIMIT ? OFFSET ?", (cells[page], before))
            return {receipt for (receipt,) in rows if receipt}

    def smash(self, page):
        with open(self.ledger, "r+b") as ledger:
            ledger.seek((page - 1) * PAGE)
            ledger.write(NOISE * PAGE)

    def expect_refusal(self):
        refused = self.till.run("status")
        expect_equal(refused.code, 1, f"a till with a damaged ledger: {refused!r}")
        expect("tillctl journal recover" in refused.err, f"names the command: {refused.err!r}")

    def recover(self):
        self.expect_refusal()
        with open(self.ledger, "rb") as ledger:
            damaged = ledger.read()
        answer = self.till.must("journal", "recover").json()
        print(f"# {answer}", flush=True)
        expect_equal(answer["ok"], True, f"recovery: {answer}")
        expect_equal(answer["rows"], answer["salvaged"] + answer["unreadable"], f"its sum: {answer}")
        with open(answer["damaged_file"], "rb") as kept:
            expect(kept.read() == damaged, "the damaged file is kept as it was")
        expect_equal(self.till.verify()["ok"], True, "journal verify after the recovery")
        return answer

    def expect_agreement(self, printed):
        """Sells on, sends all; journal and central hold these receipts, each once, byte for byte."""
        fresh = self.sell([basket(self.codes[0]), basket(self.codes[1])])
        expect(not set(fresh) & set(self.sent + self.unsent), f"new numbers: {fresh}")
        self.till.sync()
        status = self.till.status()
        expect_equal((status["pending"], status["held"], status["blocked"]), (0, 0, False), "after the sync")
        wanted = set(printed) | set(fresh)
        facts = {row["txn"]: row for row in self.till.journal() if row["type"] == "sale"}
        journal = {json.loads(row["body"])["receipt"]: (bytes.fromhex(row["txn"].replace("-", "")), row["body"].encode())
                   for row in facts.values()}
        expect_equal(len(journal), len(facts), "each number stands on one sale")
        expect_equal(set(journal), wanted, "receipts of the journal")
        expect_equal(self.till.verify()["ok"], True, "journal verify")
        for receipt in sorted(printed)[:3] + sorted(printed)[-3:]:
            self.till.must("receipt", receipt)
        audit = self.central.check()
        expect_equal(audit["ok"], True, f"central check {audit.get('problems')}")
        expect_equal(self.central.sales(), journal, "central against the journal, byte for byte")


@case("/integration/recover/a-lost-header-loses-nothing")
def header():
    with Shop() as shop:
        books = Books(shop, sent=25, unsent=10)
        books.smash(1)
        answer = books.recover()
        expect_equal((answer["unreadable"], answer["renumbered"]), (0, 0), f"{answer}")
        again = books.till.run("journal", "recover")
        expect_equal(again.code, 1, f"a sound ledger is refused: {again!r}")
        expect("sound" in again.err, f"and it says so: {again.err!r}")
        books.expect_agreement(books.sent + books.unsent)


@case("/integration/recover/rows-that-the-central-has-come-back-from-it")
def sent_page():
    with Shop() as shop:
        books = Books(shop, sent=40, unsent=10)
        page = books.pages("journal", "leaf")[3]
        lost = books.receipts_on(page)
        expect(lost and lost <= set(books.sent), f"sales that were sent lie on the page: {lost}")
        books.smash(page)
        answer = books.recover()
        expect(answer["unreadable"] >= len(lost) and answer["renumbered"] > 0, f"{answer}")
        books.expect_agreement(books.sent + books.unsent)


@case("/integration/recover/of-unsent-sales-only-those-on-the-page-are-lost")
def unsent_page():
    with Shop() as shop:
        books = Books(shop, sent=10, unsent=40)
        page = books.pages("journal", "leaf")[-4]
        lost = books.receipts_on(page)
        expect(lost and lost <= set(books.unsent), f"sales that were not sent lie on the page: {lost}")
        books.smash(page)
        answer = books.recover()
        expect_equal(answer["unreadable"], len(lost), f"{answer}")
        books.expect_agreement(set(books.sent + books.unsent) - lost)


@case("/integration/recover/inner-pages-and-indexes-lose-nothing")
def inner():
    with Shop() as shop:
        books = Books(shop, sent=20, unsent=30)
        for page in books.pages("journal", "internal") + books.pages("journal_txn", "leaf")[:1]:
            books.smash(page)
        expect_equal(books.recover()["unreadable"], 0, "unreadable rows")
        books.expect_agreement(books.sent + books.unsent)


@case("/integration/recover/a-file-cut-in-half-comes-back-from-the-central")
def truncated():
    with Shop() as shop:
        books = Books(shop, sent=60, unsent=0)
        size = os.path.getsize(books.ledger)
        os.truncate(books.ledger, size // 2 + 100)
        expect(books.recover()["unreadable"] > 10, "much of it is gone")
        books.expect_agreement(books.sent)


@case("/integration/recover/without-an-identity-the-unsent-sales-are-exported")
def identity():
    with Shop() as shop:
        books = Books(shop, sent=5, unsent=7)
        (page,) = books.pages("identity", "leaf")
        books.smash(page)
        books.expect_refusal()
        result = books.till.run("journal", "recover")
        answer = result.json()
        expect_equal((result.code, answer["ok"], answer["incarnation"]), (1, False, ""), f"{result!r}")
        expect("enrol" in result.err and answer["export_file"] in result.err, f"what to do: {result.err!r}")
        with open(answer["export_file"], encoding="utf-8") as export:
            rows = [json.loads(line) for line in export]
        receipts = {json.loads(row["body"])["receipt"] for row in rows if row["type"] == "sale"}
        expect_equal(receipts, set(books.unsent), "exported sales")
        books.till.enrol(books.central)
        fresh = books.sell([basket(books.codes[0])])
        expect(not set(fresh) & set(books.sent + books.unsent), f"new numbers: {fresh}")
        books.till.sync()


@case("/integration/recover/words-for-people")
def words():
    with Shop() as shop:
        books = Books(shop, sent=3, unsent=2)
        books.smash(1)
        command = [word for word in books.till.command("journal", "recover") if word != "--json"]
        said = subprocess.run(command, capture_output=True, text=True, env=books.till.surroundings, timeout=90)
        expect_equal(said.returncode, 0, f"{said.stderr!r}")
        expect("0 unreadable" in said.stdout and "Nothing is lost" in said.stdout and "damaged-" in said.stdout,
               f"{said.stdout!r}")
        held = subprocess.Popen(books.till.command("sell", "-"), env=books.till.surroundings, stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        with held:
            held.stdin.write((json.dumps(basket(books.codes[0])) + "\n").encode())
            held.stdin.flush()
            held.stdout.readline()
            refused = books.till.run("journal", "recover")
            held.stdin.close()
        expect_equal(refused.code, 1, f"a home that is held: {refused!r}")
        expect("tillctl sell" in refused.err, f"says by whom: {refused.err!r}")


run()
