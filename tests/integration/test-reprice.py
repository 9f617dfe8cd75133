# SPDX-License-Identifier: Apache-2.0
"""The central prices every sale again by what its till had, and tells what should not have been given."""

import contextlib
import json
import os
import sqlite3

from shop import CODE, Shop, basket
from tap import case, expect, expect_equal, run

TEE = "TEE-NAV-S"  # 24.00 in the demo chain


def promotion(version=1, rate_ppm=200000, **more):
    return {"id": "TEES", "version": version, "name": "Tee time",
            "effects": [{"kind": "percent", "rate_ppm": rate_ppm, "items": {"categories": ["Clothing/Tops"]}}], **more}


def load(shop, central, kind, content):
    path = shop.path("load." + kind)
    with open(path, "w", encoding="utf-8") as file:
        file.write(content if isinstance(content, str) else json.dumps(content))
    central.must("import", kind, path)


def offer(shop, central, **more):
    load(shop, central, "promotions", {"promotions": [promotion(**more)]})


def enrol_at(central, till, store):
    code = CODE.search(central.must("enrol-code", store).out).group(0)
    till.must("enrol", central.url(), "--code", code)
    return till


def raised(central, code):
    """(scope, words) of every exception of a kind in the books of a stopped central."""
    return central.rows("SELECT scope, words FROM exception WHERE code = ? ORDER BY scope", code)


def expect_counts(central, repriced, mismatched):
    found = central.check()
    expect_equal((found["repriced"], found["mismatched"], found["unjudged"]), (repriced, mismatched, 0),
                 "repriced, mismatched, unjudged")


@case("/integration/reprice/rules-that-changed-while-a-till-was-offline-are-no-mismatch")
def past_rules():
    with Shop() as shop:
        central = shop.central().demo()
        offer(shop, central)
        central.start()
        till = shop.till("till").enrol(central)
        central.stop()
        offer(shop, central, version=2, rate_ppm=500000)
        load(shop, central, "prices", f"list,sku,price\nbase,{TEE},30.00\n")
        away = till.sell(basket(TEE), basket(TEE, TEE), basket("MUG-SPK", TEE))
        expect_equal(away[0]["discount_minor"], 480, "20 % of 24.00 as the till knew it")
        central.start()
        till.sync()
        till.sync()
        home = till.sell(basket(TEE))
        expect_equal(home[0]["discount_minor"], 1500, "50 % of 30.00 once it heard")
        till.sync()
        expect_counts(central, 4, 0)
        versions = central.must("past", "promotion", "TEES", "--json").json()["versions"]
        expect_equal([row["version"] for row in versions], [1, 2], "versions of the promotion")


@case("/integration/reprice/a-price-changed-on-the-till-is-told-and-the-sale-stands")
def tampered():
    with Shop() as shop:
        central = shop.central().demo().start()
        till = shop.till("till").enrol(central)
        till.sell(basket("MUG-SPK"))
        with contextlib.closing(sqlite3.connect(os.path.join(till.home, "cache.db"))) as cache:
            with cache:
                changed = cache.execute("UPDATE price SET price_minor = 100 WHERE sku = ?", (TEE,)).rowcount
        expect(changed > 0, "the till has a price for the tee")
        till.sell(basket("MUG-SPK", TEE))
        till.sync()
        expect_counts(central, 2, 1)
        [(scope, words)] = raised(central, "PRICE_MISMATCH")
        expect_equal(scope, "store:014", "where it was raised")
        expect(f"line 2 ({TEE}): price 1.00, should be 24.00" in words, f"the line and both figures: {words!r}")
        expect_equal(len(central.sales()), 2, "sales in the books")
        again = central.must("check", "--prices", "--json").json()
        expect_equal(len(again["differences"]), 1, "differences on looking at all once more")


@case("/integration/reprice/two-tills-that-overrun-a-budget-are-told")
def budget():
    with Shop() as shop:
        central = shop.central().demo()
        offer(shop, central, limits={"budget_minor": 500})
        central.start()
        tills = [shop.till(name).enrol(central) for name in ("one", "two")]
        central.stop()
        for till in tills:
            expect_equal(till.sell(basket(TEE))[0]["discount_minor"], 480, "within the budget as far as it knows")
        central.start()
        for till in tills:
            till.sync()
        expect_counts(central, 2, 0)
        [(_, words)] = raised(central, "PROMO_LATE")
        expect("4.60 off by \"Tee time\" beyond its budget" in words, f"the amount beyond it: {words!r}")
        expect_equal(central.rows("SELECT uses, spent_minor FROM promotion_use"), [(2, 960)], "what was counted")


@case("/integration/reprice/a-code-for-one-sale-used-in-two-stores-is-told-to-both")
def coupon():
    with Shop() as shop:
        central = shop.central().demo()
        offer(shop, central, coupon={"codes": ["ONCE"], "uses": 1})
        central.start()
        tills = {store: enrol_at(central, shop.till(store), store) for store in ("014", "002")}
        central.stop()
        for till in tills.values():
            expect_equal(till.sell({**basket(TEE), "coupons": ["once"]})[0]["discount_minor"], 480, "by the code")
        central.start()
        for till in tills.values():
            till.sync()
        expect_counts(central, 2, 0)
        told = raised(central, "COUPON_OVERUSED")
        expect_equal([scope for scope, _ in told], ["store:002", "store:014"], "stores told")
        expect(all("ONCE" in words and "in store 002" in words for _, words in told), f"the code, and where: {told!r}")


run()
