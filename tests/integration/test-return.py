# SPDX-License-Identifier: Apache-2.0
"""Goods that come back, over the real programs: in parts, as exchanges, as gifts, without receipt, by the code on the
receipt of another store with the network down, and twice by two tills that did not know of each other."""

import json

from shop import CODE, Shop
from tap import case, expect, expect_equal, run

TEE = "TEE-NAV-M"


def write(shop, name, value):
    path = shop.path(name)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(value, file)
    return path


def sell(shop, till, code, pieces):
    """What was sold, paid exactly in cash."""
    return till.sell({"lines": [{"code": code, "quantity_milli": pieces * 1000}]})[0]


def give_back(shop, till, wish, *words):
    result = till.run("return", write(shop, "return.json", wish), *words)
    return result, result.json() if result.code == 0 else None


def enrol_elsewhere(shop, central, store):
    till = shop.till("till-" + store)
    till.must("enrol", central.url(), "--code", CODE.search(central.must("enrol-code", store).out).group(0))
    return till


def line(number=1, pieces=1, **more):
    return {"line": number, "quantity_milli": pieces * 1000, "reason": "too small", **more}


@case("comes back in parts")
def comes_back_in_parts():
    with Shop() as shop:
        central = shop.central().demo().start()
        till = shop.till("till").enrol(central)
        sold = sell(shop, till, TEE, 3)
        given = 0
        for left in (3000, 2000, 1000):
            found = till.must("return", "--find", sold["receipt"]).json()
            expect_equal(found["lines"][0]["left_milli"], left, "left before")
            result, done = give_back(shop, till, {"find": sold["receipt"], "lines": [line()]})
            expect(done is not None, f"one piece comes back: {result}")
            given += done["cash_minor"]
        expect_equal(given, sold["total_minor"], "all that was paid is given")
        result, _ = give_back(shop, till, {"find": sold["receipt"], "lines": [line()]})
        expect(result.code == 1, f"a fourth piece is refused: {result}")
        till.sync()
        till.verify()


@case("exchanges keep or settle the price")
def exchanges_keep_or_settle_the_price():
    with Shop() as shop:
        central = shop.central().demo().start()
        till = shop.till("till").enrol(central)
        sold = sell(shop, till, TEE, 1)
        swap = {"find": sold["receipt"], "lines": [line(condition="worn")],
                "exchange": {"swaps": [{"line": 1, "code": "TEE-NAV-L"}]}}
        _, quote = give_back(shop, till, swap, "--quote")
        expect(quote["may"] and quote["give_minor"] == 0 and quote["pay_minor"] == 0, f"even: {quote}")
        expect_equal(till.must("return", "--find", sold["receipt"]).json()["lines"][0]["left_milli"], 1000,
                     "a quote touches nothing")
        _, done = give_back(shop, till, swap)
        expect_equal(done["taken_minor"], sold["total_minor"], "the new size at the old price")
        up = {"find": done["receipt"], "lines": [line()], "exchange": {"lines": [{"code": TEE, "quantity_milli": 2000}]}}
        result, done = give_back(shop, till, up)
        expect(done is not None and done["pay_minor"] > 0, f"up: {result}")
        down = {"find": done["receipt"], "lines": [line(pieces=2)],
                "exchange": {"lines": [{"code": "TEE-WHI-M", "quantity_milli": 1000}]}}
        result, done = give_back(shop, till, down)
        expect(done is not None and done["cash_minor"] > 0, f"down: {result}")
        till.sync()


@case("gifts and goods without receipt become credit")
def gifts_and_goods_without_receipt_become_credit():
    with Shop() as shop:
        central = shop.central().demo().start()
        till = shop.till("till").enrol(central)
        sold = sell(shop, till, TEE, 1)
        gift = till.must("receipt", sold["receipt"], "--gift").out
        expect("24.00" not in gift and "Organic tee" in gift, f"no price: {gift}")
        code = till.must("receipt", sold["receipt"], "--gift", "--code").json()["code"]
        result, done = give_back(shop, till, {"find": code, "lines": [line()], "as_credit": True})
        expect(done is not None and done["credit_minor"] == sold["total_minor"], f"the bearer gets credit: {result}")
        expect(len(done["credits"]) == 1 and done["credits"][0].startswith("CR-"), f"one code: {done}")
        goods = {"goods": [{"code": TEE}]}
        result, _ = give_back(shop, till, goods, "--quote")
        expect(result.code == 1, "nobody in particular brings nothing without a receipt")


@case("nobody approves their own return")
def nobody_approves_their_own_return():
    with Shop() as shop:
        central = shop.central().demo().start()
        till = shop.till("till").enrol(central)
        sold = sell(shop, till, TEE, 1)
        wish = {"find": sold["receipt"], "lines": [line(condition="damaged")]}
        _, quote = give_back(shop, till, wish, "--quote")
        expect(quote["approval"], f"damaged goods want a manager: {quote}")
        ruth, ines = "s-014-01", "s-014-03"
        result, _ = give_back(shop, till, wish, "--staff", ines)
        expect(result.code == 1 and "approve" in result.err, f"not without: {result}")
        result, _ = give_back(shop, till, dict(wish, approve={"staff": ruth, "pin": "7410"}), "--staff", ruth)
        expect(result.code == 1 and "themselves" in result.err, f"not by the same: {result}")
        result, done = give_back(shop, till, dict(wish, approve={"staff": ruth, "pin": "7410"}), "--staff", ines)
        expect(done is not None and done["approved_by"] == ruth, f"by Ruth: {result}")


@case("another store takes it by its code alone")
def another_store_takes_it_by_its_code_alone():
    with Shop() as shop:
        central = shop.central().demo().start()
        first = shop.till("first").enrol(central)
        second = enrol_elsewhere(shop, central, "002")
        sold = sell(shop, first, TEE, 2)
        code = first.must("receipt", sold["receipt"], "--code").json()["code"]
        second.sync()
        central.kill()
        found = second.must("return", "--find", code, "--offline").json()
        expect_equal(found.get("source"), "code", f"known by its code alone: {found}")
        result, done = give_back(shop, second, {"find": code, "lines": [line()]}, "--offline")
        expect(done is not None and done["cash_minor"] * 2 == sold["total_minor"], f"half of it: {result}")
        damaged = code[:-1] + ("A" if code[-1] != "A" else "B")
        found = second.must("return", "--find", damaged, "--offline").json()
        expect(not found.get("lines"), f"a code with another letter is worth nothing: {found}")


@case("two tills offline take the same line back")
def two_tills_offline_take_the_same_line_back():
    with Shop() as shop:
        central = shop.central().demo().start()
        first = shop.till("first").enrol(central)
        second = shop.till("second").enrol(central)
        sold = sell(shop, first, TEE, 1)
        code = first.must("receipt", sold["receipt"], "--code").json()["code"]
        first.sync()
        for till in (first, second):
            till.must("sync", "--once")  # the keys of each other's receipts come by the feed
        done = []
        for till in (first, second):
            result, answer = give_back(shop, till, {"find": code, "lines": [line()]}, "--offline")
            expect(answer is not None, f"each knows nothing of the other: {result}")
            done.append(answer["cash_minor"])
        first.sync()
        second.sync()
        for till in (first, second):
            found = till.must("return", "--find", sold["receipt"]).json()
            expect_equal(found["lines"][0]["left_milli"], 0, "nothing is left at either")
        central.check()
        raised = central.rows("SELECT code FROM exception WHERE code = 'OVER_RETURNED'")
        expect(len(raised) >= 1, f"the second is raised: {raised}")
        expect_equal(done, [sold["total_minor"]] * 2, "what went out of each drawer is in the books")


@case("a return waits for its sale")
def a_return_waits_for_its_sale():
    with Shop() as shop:
        central = shop.central().demo().start()
        first = shop.till("first").enrol(central)
        second = enrol_elsewhere(shop, central, "002")
        sold = sell(shop, first, TEE, 2)
        code = first.must("receipt", sold["receipt"], "--code").json()["code"]
        result, done = give_back(shop, second, {"find": code, "lines": [line()]}, "--offline")
        expect(done is not None, f"by its code, before the central knows the sale: {result}")
        second.sync()
        rows = second.must("journal", "list", "--type", "return").out
        expect("held" in rows, f"it waits: {rows}")
        first.sync()
        first.sync()
        found = first.must("return", "--find", sold["receipt"]).json()
        expect_equal(found["lines"][0]["left_milli"], 1000, f"and counts once the sale is there: {found}")
        central.check()


if __name__ == "__main__":
    run()
