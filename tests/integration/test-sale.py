# SPDX-License-Identifier: Apache-2.0
"""A sale from the pipe to the central's books, with the network away and back again."""

import json

from shop import Shop, basket
from tap import case, expect, expect_equal, run


def check_same_books(central, till):
    """Every sale of the journal is in the central's books, byte for byte, and the other way round."""
    mine = till.sales()
    expect_equal(central.check()["ok"], True, "the central's own audit")
    expect_equal(central.sales(), mine, "central's sales against the journal")
    return mine


@case("/integration/sale/sold-offline-arrives-once-when-the-network-is-back")
def offline_then_online():
    with Shop() as shop:
        central = shop.central().demo().start()
        till = shop.till("till").enrol(central)
        codes = till.skus()
        before = till.status()
        expect_equal((before["online"], before["pending"]), (True, 0), "status after enrolment")

        central.stop()
        sold = till.sell(basket(*codes[:5]), basket(codes[0], codes[0]), basket(codes[1]))
        expect_equal(len({answer["receipt"] for answer in sold}), 3, "different receipt numbers")
        away = till.status()
        expect_equal((away["online"], away["pending"]), (False, 3), "status with the central away")
        expect(away["reason"], "status says why it is offline")
        failed = till.run("sync", "--once", "--timeout", "10")
        expect_equal(failed.code, 1, "sync without a central")
        expect(failed.err.strip(), "sync says why it failed")

        central.start()
        expect_equal(till.status()["pending"], 3, "asking for the status sends nothing")
        expect_equal(till.sync()["pending"], 0, "pending after the sync")
        after = till.status()
        expect_equal((after["online"], after["pending"], after["held"]), (True, 0, 0), "status at the end")
        expect_equal(till.verify()["ok"], True, "journal verify")
        mine = check_same_books(central, till)
        expect_equal(set(mine), {answer["receipt"] for answer in sold}, "printed receipts")


@case("/integration/sale/totals-are-one-integer-on-till-paper-and-central")
def same_totals():
    with Shop() as shop:
        central = shop.central().demo().start()
        till = shop.till("till").enrol(central)
        codes = till.skus()
        wish = basket(*codes[:4])
        wish["lines"][0]["quantity_milli"] = 3000
        path = shop.path("basket.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(wish, file)
        priced = till.must("price", path).json()
        tendered = priced["total_minor"] + 1234
        sold = till.must("sell", path, "--tender", f"cash:{tendered}").json()
        for key in ("total_minor", "tax_minor", "discount_minor"):
            expect_equal(sold[key], priced[key], key)
        expect_equal(sold["change_minor"], 1234, "change")
        expect_equal(sum(line["total_minor"] for line in sold["lines"]), sold["total_minor"], "sum of lines")
        paper = till.must("receipt", sold["receipt"], "--format", "text").json()
        expect(sold["receipt"] in paper["text"], "the number is on the paper")
        till.sync()
        central.stop()
        row = central.rows("SELECT total_minor, tax_minor, change_minor FROM sale WHERE receipt = ?", sold["receipt"])
        expect_equal(row, [(sold["total_minor"], sold["tax_minor"], 1234)], "the central's row")


@case("/integration/sale/stock-goes-down-here-at-once-and-not-twice-after-the-sync")
def stock_moves_once():
    with Shop() as shop:
        central = shop.central().demo().start()
        till = shop.till("till").enrol(central)
        stocked = [code for code in till.skus(60) if till.must("stock", code).json()["has_stock"]]
        expect(stocked, "the demo chain keeps stock of something")
        code = stocked[0]
        before = till.must("stock", code).json()["stock_milli"]
        till.sell(basket(code), basket(code))
        expect_equal(till.must("stock", code).json()["stock_milli"], before - 2000, "stock before the sync")
        till.sync()
        expect_equal(till.must("stock", code).json()["stock_milli"], before - 2000, "stock after the sync")


@case("/integration/sale/a-captive-portal-is-offline-and-heals-without-a-new-sale")
def captive_portal():
    with Shop() as shop:
        central = shop.central().demo().start()
        proxy = shop.proxy(central.port)
        till = shop.till("till").enrol(central, proxy.port)
        till.sell(basket(till.skus()[0]))
        proxy.decide = lambda target: "portal"
        status = till.status()
        expect_equal((status["online"], status["pending"]), (False, 1), "status behind a portal")
        expect(status["reason"], "status says why")
        expect_equal(till.run("sync", "--once", "--timeout", "10").code, 1, "sync behind a portal")
        expect_equal(till.status()["pending"], 1, "the sale is kept")
        proxy.decide = lambda target: "pass"
        till.sync()
        check_same_books(central, till)


@case("/integration/sale/a-second-start-on-the-same-home-is-refused-with-a-sentence")
def second_start():
    with Shop() as shop:
        central = shop.central().demo().start()
        till = shop.till("till").enrol(central)
        code = till.skus()[0]
        holder = till.popen("sell", "-")
        try:
            holder.stdin.write((json.dumps(basket(code)) + "\n").encode())
            holder.stdin.flush()
            expect(b"receipt" in holder.stdout.readline(), "the holder sells")
            for words in (["status"], ["sync", "--once"], ["sell", "-"], ["journal", "verify"], ["stock", code]):
                refused = till.run(*words, stdin="")
                expect_equal(refused.code, 1, f"{words} beside a holder")
                expect(str(holder.pid) in refused.err, f"{words} names the holder: {refused.err!r}")
        finally:
            holder.stdin.close()
            holder.wait(20)
        expect_equal(till.verify()["rows"], 1, "rows after the holder has gone")


run()
