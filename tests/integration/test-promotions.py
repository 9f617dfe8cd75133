# SPDX-License-Identifier: Apache-2.0
"""Offers from the central's file to a till's receipt: coupons, customers, certificates, changes by hand."""

import json

from shop import Shop, basket
from tap import case, expect, expect_equal, run

PROMOTIONS = {
    "promotions": [
        {"id": "welcome", "name": "Welcome 5.00", "coupon": {"codes": ["WELCOME5"], "uses": 1},
         "effects": [{"kind": "amount", "on": "basket", "amount_minor": 500}]},
        {"id": "mine", "name": "Yours 2.00", "coupon": {"codes": ["MINE"], "uses_per_customer": 1},
         "effects": [{"kind": "amount", "on": "basket", "amount_minor": 200}]},
        {"id": "three", "name": "3 for 2", "effects": [
            {"kind": "percent", "on": "set", "rate_ppm": 1000000, "cheapest": 1,
             "parts": [{"items": {"skus": ["THREE"]}, "quantity": 3}]}]},
        {"id": "first", "name": "First two", "limits": {"uses": 2},
         "effects": [{"kind": "amount", "on": "lines", "amount_minor": 100, "items": {"skus": ["FIRST"]}}]},
    ]
}
PRODUCTS = """sku,name,price,tax_class
PLAIN,Plain mug,20.00,standard
THREE,Wool sock,6.00,standard
FIRST,First edition,30.00,standard
"""
PRICES = """list,sku,price,min_quantity
group:club,PLAIN,15.00,0
base,PLAIN,18.00,10
"""


def write(shop, name, value):
    path = shop.path(name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(value if isinstance(value, str) else json.dumps(value))
    return path


def open_shop(shop):
    """The demo chain with offers of our own, and one enrolled till of store 014."""
    central = shop.central().demo()
    central.must("import", "products", write(shop, "products.csv", PRODUCTS))
    central.must("import", "prices", write(shop, "prices.csv", PRICES))
    central.must("import", "promotions", write(shop, "promotions.json", PROMOTIONS))
    central.must("import", "customers", write(shop, "customers.csv", "id,name,email,phone,loyalty,groups,purchases\n"
                                              "c-club,Harbour Street Club,dana@mail.example,+1 555 0142,JR77001,club,5\n"))
    central.start()
    return central, shop.till("till").enrol(central)


def sell(shop, till, wish, *words):
    """One basket from a file, paid exactly; the result of the program and its answer."""
    path = write(shop, "basket.json", wish)
    priced = till.must("price", path).json()
    result = till.run("sell", path, "--tender", f"cash:{priced['total_minor']}", *words)
    return result, result.json() if result.code == 0 else None


def with_coupon(code, *codes, **more):
    return {**basket(*(codes or ["PLAIN"])), "coupons": [code], **more}


def reason(answer):
    return answer["coupons"][0]["reason"]


@case("/integration/promotions/a-single-use-coupon-works-once-on-a-till-without-network")
def once():
    with Shop() as shop:
        central, till = open_shop(shop)
        central.stop()
        _, first = sell(shop, till, with_coupon("welcome5"))
        expect_equal((first["discount_minor"], reason(first)), (500, "applied"), "first use")
        result, second = sell(shop, till, with_coupon("WELCOME5"))
        expect_equal((second["discount_minor"], reason(second)), (0, "used_up"), "second use")
        expect("coupon WELCOME5" in result.err, f"the coupon that did nothing is named: {result.err!r}")
        streamed = till.sell(with_coupon("WELCOME5"), basket("PLAIN"))
        expect_equal([answer["discount_minor"] for answer in streamed], [0, 0], "from a pipe")

        central.start()
        expect_equal(till.sync()["pending"], 0, "pending")
        _, after = sell(shop, till, with_coupon("WELCOME5"))
        expect_equal(reason(after), "used_up", "once the central has counted it")
        other = shop.till("other").enrol(central)
        other.must("sync", "--once")
        _, there = sell(shop, other, with_coupon("WELCOME5"))
        expect_equal(reason(there), "used_up", "on another till")
        till.sync()
        other.sync()
        central.stop()
        expect_equal(central.check()["ok"], True, "the central's own audit")
        expect_equal(central.rows("SELECT uses FROM coupon_use WHERE code = 'WELCOME5' AND customer = ''"), [(1,)],
                     "counted once")


@case("/integration/promotions/a-limit-is-counted-exactly-before-and-after-the-sync")
def limited():
    with Shop() as shop:
        _, till = open_shop(shop)
        given = []
        for _ in range(3):
            _, answer = sell(shop, till, basket("FIRST"))
            given.append(answer["discount_minor"])
            expect_equal(till.sync()["pending"], 0, "pending")
        expect_equal(given, [100, 100, 0], "two uses, then none")


@case("/integration/promotions/prices-by-group-and-quantity-and-sets")
def prices():
    with Shop() as shop:
        _, till = open_shop(shop)
        _, ten = sell(shop, till, {"lines": [{"code": "PLAIN", "quantity_milli": 10000}]})
        expect_equal((ten["list_minor"], ten["lines"][0]["unit_minor"]), (18000, 1800), "ten at the price of ten")
        _, club = sell(shop, till, {**basket("PLAIN"), "customer": "JR77001"})
        expect_equal((club["list_minor"], club["lines"][0]["price_list"]), (1500, "group:club"), "a member's price")
        _, three = sell(shop, till, {"lines": [{"code": "THREE", "quantity_milli": 3000}]})
        expect_equal((three["list_minor"], three["discount_minor"]), (1800, 600), "three for two")
        path = write(shop, "two.json", {"lines": [{"code": "THREE", "quantity_milli": 2000}]})
        said = till.must("price", path).json()
        expect(any("3 for 2" in hint for hint in said["hints"]), f"one more is hinted at: {said['hints']}")
        expect(said["lines"][0]["trace"], "the price says how it came about")


@case("/integration/promotions/a-member-has-a-coupon-once")
def member():
    with Shop() as shop:
        central, till = open_shop(shop)
        central.stop()
        wish = with_coupon("MINE", customer="dana@mail.example")
        reasons = [reason(sell(shop, till, wish)[1]) for _ in range(2)]
        expect_equal(reasons, ["applied", "used_by_customer"], "once for her")
        unknown = till.run("sell", write(shop, "basket.json", with_coupon("MINE", customer="nobody@mail.example")),
                           "--tender", "cash:100000")
        expect_equal(unknown.code, 1, "a customer nobody knows")
        expect("nobody@mail.example" in unknown.err, unknown.err)


@case("/integration/promotions/a-certificate-frees-from-tax-and-stands-on-the-receipt")
def exempt():
    with Shop() as shop:
        _, till = open_shop(shop)
        _, taxed = sell(shop, till, basket("PLAIN"))
        _, free = sell(shop, till, {**basket("PLAIN"), "exemption": {"certificate": "NY-ST-119"}, "customer": "c-club"})
        expect(taxed["tax_minor"] > 0, "this shop charges tax")
        expect_equal((free["tax_minor"], free["total_minor"]), (0, 1500), "none with the certificate")
        paper = till.must("receipt", free["receipt"], "--format", "text").json()["text"]
        expect("certificate NY-ST-119" in paper, paper)
        expect("c-club" not in paper and "Customer •••" in paper, paper)
        _, over = sell(shop, till, {**basket("PLAIN"), "exemption": {"certificate": "NY-1", "valid_to_ms": 1000}})
        expect_equal(over["tax_minor"], taxed["tax_minor"], "an expired certificate frees from nothing")


@case("/integration/promotions/what-price-says-is-what-sell-books-and-the-central-agrees")
def same():
    with Shop() as shop:
        central, till = open_shop(shop)
        wish = {"lines": [{"code": "THREE", "quantity_milli": 4000}, {"code": "PLAIN"}, {"code": "FIRST"}],
                "coupons": ["WELCOME5", "NONSENSE"], "customer": "c-club"}
        path = write(shop, "basket.json", wish)
        priced = till.must("price", path).json()
        sold = till.must("sell", path, "--tender", f"cash:{priced['total_minor'] + 100}").json()
        for key in ("list_minor", "discount_minor", "tax_minor", "total_minor", "discounts", "taxes", "coupons"):
            expect_equal(sold[key], priced[key], key)
        (body,) = [json.loads(row["body"]) for row in till.journal() if row["type"] == "sale"]
        for key in ("list_minor", "discount_minor", "tax_minor", "total_minor"):
            expect_equal(body[key], priced[key], f"{key} of the journal")
        expect_equal(sum(row["amount_minor"] for row in body["discounts"]), body["discount_minor"], "discounts add up")
        paper = till.must("receipt", sold["receipt"], "--format", "text").json()["text"]
        for words in ("3 for 2", "Welcome 5.00 (coupon WELCOME5)", "You saved"):
            expect(words in paper, f"{words!r} stands on {paper}")
        expect_equal(till.sync()["held"], 0, "held")
        central.stop()
        expect_equal(central.rows("SELECT count(*) FROM exception WHERE code = 'PRICE_MISMATCH'"), [(0,)],
                     "the central comes to the same price")


@case("/integration/promotions/changes-by-hand-need-somebody-who-may")
def by_hand():
    def line(kind, value):
        return {"lines": [{"code": "PLAIN", "manual": {"kind": kind, "value": value, "reason": "stain"}}]}

    with Shop() as shop:
        central, till = open_shop(shop)
        central.must("import", "staff", write(shop, "staff.csv", "store,id,name,role,pin\n"
                                              "014,s-a,Ann,associate,1357\n014,s-m,Max,manager,8642\n"))
        till.sync()
        pin, wrong = write(shop, "pin", "8642\n"), write(shop, "wrong", "1111\n")
        result, _ = sell(shop, till, line("percent", 100000))
        expect("nobody is named" in result.err, f"a change needs a person: {result.err!r}")
        result, sold = sell(shop, till, line("percent", 100000), "--staff", "s-a")
        expect_equal((result.code, sold["discount_minor"]), (0, 200), "10 % are in an associate's limit")
        result, _ = sell(shop, till, line("price", 1000), "--staff", "s-a")
        expect("--approve" in result.err, f"half the price is not: {result.err!r}")
        result, _ = sell(shop, till, line("price", 1000), "--staff", "s-a", "--approve", "s-m", "--pin-file", wrong)
        expect("PIN is not right" in result.err, result.err)
        result, _ = sell(shop, till, line("price", 1000), "--staff", "s-a", "--approve", "s-a", "--pin-file", pin)
        expect("ask a colleague" in result.err, result.err)
        result, sold = sell(shop, till, line("price", 1000), "--staff", "s-a", "--approve", "s-m", "--pin-file", pin)
        expect_equal((result.code, sold["list_minor"]), (0, 1000), "approved")
        expect_equal(sold["lines"][0]["manual"]["approved_by"], "s-m", "by whom")
        paper = till.must("receipt", sold["receipt"], "--format", "text").json()["text"]
        expect("Price by hand, was 20.00: stain" in paper, paper)
        overrides = [json.loads(row["body"]) for row in till.journal() if row["type"] == "override"]
        expect_equal([row.get("refused") for row in overrides], ["wrong_pin", "same_person", None], "on record")
        expect_equal((overrides[2]["list_minor"], overrides[2]["paid_minor"], overrides[2]["approved_by"]),
                     (2000, 1000, "s-m"), "what was approved")
        status = till.sync()
        expect_equal((status["pending"], status["held"]), (0, 0), "the central takes them")


@case("/integration/promotions/customers-are-found-and-masked")
def customers():
    with Shop() as shop:
        _, till = open_shop(shop)
        masked = till.must("customer", "JR77001").json()
        expect_equal((masked["id"], masked["email"], masked["phone"], masked["loyalty"]),
                     ("c-club", "d•••@mail.example", "••• 0142", "••• 001"), "masked")
        shown = till.must("customer", "harbour", "--reveal").json()
        expect_equal((shown["email"], shown["groups"]), ("dana@mail.example", ["club"]), "revealed")
        expect_equal(till.run("customer", "zzz").code, 1, "nobody")


run()
