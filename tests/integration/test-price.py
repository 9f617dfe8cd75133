# SPDX-License-Identifier: Apache-2.0
"""tillctl price --rules: prices a basket with two files and nothing else, and as the till and the central do."""

import http.client
import json
import os
import random

from shop import Shop
from tap import case, expect, expect_equal, run

RULES = {
    "currency": "EUR",
    "taxes": [
        {"tax_class": "standard", "id": "vat-21", "name": "VAT 21%", "rate_ppm": 210000, "inclusive": True},
        {"tax_class": "on-top", "id": "sales", "name": "Sales tax 8.875%", "rate_ppm": 88750},
    ],
    "items": [
        {"sku": "TEE", "codes": ["4006381333931"], "name": "Organic tee", "price_minor": 2450},
        {"sku": "PEAR", "name": "Pears", "price_minor": 399, "unit": "kg", "weighed": True},
        {"sku": "SOAP", "codes": ["036000291452"], "name": "Soap", "price_minor": 1000, "tax_class": "on-top"},
    ],
}


def price(shop, rules, lines, **more):
    paths = []
    for name, value in (("rules.json", rules), ("basket.json", {"lines": lines, **more})):
        paths.append(shop.path(name))
        with open(paths[-1], "w", encoding="utf-8") as file:
            json.dump(value, file)
    return shop.till("none").run("price", paths[1], "--rules", paths[0])


@case("/integration/price/prices-with-given-rules-and-no-home")
def priced():
    with Shop() as shop:
        answer = price(shop, RULES, [{"code": "4006381333931", "quantity_milli": 2000}, {"code": "PEAR",
                                                                                           "quantity_milli": 640}]).json()
        expect_equal(answer["total_minor"], 4900 + 255, "total: 0.640 x 3.99 is 2.5536")
        expect_equal(answer["tax_minor"], 850 + 44, "tax inside, a line at a time")
        expect_equal([line["total_minor"] for line in answer["lines"]], [4900, 255], "lines")


@case("/integration/price/tax-on-top-is-added-and-a-upc-finds-its-ean")
def on_top():
    with Shop() as shop:
        answer = price(shop, RULES, [{"code": "0036000291452"}]).json()
        expect_equal((answer["total_minor"], answer["tax_minor"]), (1089, 89), "10.00 and 8.875 % on top")


@case("/integration/price/wrong-rules-are-refused-by-the-field")
def wrong_rules():
    line = [{"code": "TEE"}]
    with Shop() as shop:
        for change, word in (({"currency": "XXQ"}, "currency"), ({"currency": 5}, "currency"),
                             ({"rounding": "somehow"}, "rounding"), ({"items": [{"name": "x"}]}, "items[0].sku"),
                             ({"items": [{"sku": "A", "price_minor": -1}]}, "items[0].price_minor"),
                             ({"items": [{"sku": "A", "price_minor": 1}] * 2}, "items[1]"),
                             ({"taxes": [{"tax_class": "a", "id": "b", "rate_ppm": -10000001}]}, "taxes[0].rate_ppm"),
                             ({"taxes": {}}, "taxes")):
            result = price(shop, {**RULES, **change}, line)
            expect_equal(result.code, 1, f"exit code for {change}: {result!r}")
            expect(word in result.err, f"{change} is named: {result.err!r}")


WORDS = {"store": "014", "time_zone": "America/New_York", "at_ms": 1795451400000}  # a Monday, 11:30 in New York


@case("/integration/price/prices-offers-and-customers-of-a-file")
def whole_rules():
    rules = {**RULES, **WORDS, "promo_never_tags": "card", "promotions": [
        {"id": "morning", "name": "Morning", "valid": {"weekdays": ["mon"], "from_minute": 660, "to_minute": 720},
         "effects": [{"kind": "percent", "rate_ppm": 100000}]},
        {"id": "once", "name": "Once", "coupon": {"codes": ["ONCE"], "uses": 1}, "effects": [
            {"kind": "amount", "on": "basket", "amount_minor": 100}]}],
        "customers": [{"id": "c-1", "loyalty": "L1", "groups": ["gold"]}],
        "coupon_uses": [{"code": "ONCE", "uses": 1}],
        "items": [{"sku": "MUG", "prices": [{"list": "base", "price_minor": 2000},
                                            {"list": "group:gold", "min_quantity_milli": 2000, "price_minor": 1500}]},
                  {"sku": "CARD", "price_minor": 1000, "tags": "card"}]}
    with Shop() as shop:
        answer = price(shop, rules, [{"code": "MUG", "quantity_milli": 2000}, {"code": "CARD"}]).json()
        expect_equal((answer["list_minor"], answer["discount_minor"]), (5000, 400), "10 % of the mugs, not of the card")
        expect_equal([line["price_list"] for line in answer["lines"]], ["base", "file"], "price lists")
        gold = price(shop, rules, [{"code": "MUG", "quantity_milli": 2000}], customer="L1", coupons=["once"]).json()
        expect_equal((gold["list_minor"], gold["discount_minor"]), (3000, 300), "the group's price from two on")
        expect_equal(gold["coupons"][0]["reason"], "used_up", "a coupon that was used")
        nobody = price(shop, rules, [{"code": "MUG"}], customer="c-2")
        expect_equal(nobody.code, 1, "a customer that is not in the file")
        later = price(shop, {**rules, "at_ms": WORDS["at_ms"] + 3600000}, [{"code": "MUG"}]).json()
        expect_equal(later["discount_minor"], 0, "after twelve")


def ask_quote(port, key, wish):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("POST", "/v1/quote?store=014&trace=1", json.dumps(wish), {"Authorization": f"Bearer {key}"})
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    expect_equal(answer.status, 200, f"quote of {wish}: {text[:300]}")
    return json.loads(text)


def random_basket(dice, skus):
    """Up to twelve lines of the demo's goods, mostly those that offers are for, with whom and what they bring."""
    tempting = ["TEE-NAV-M", "TEE-WHI-S", "SOAP-OAT", "SOAP-PINE", "MUG-SPK", "MUG-INK", "BOWL-SPK", "PLATE-SPK", "COFFEE-1K",
                "COFFEE-250", "CANDLE-JUN", "CARDI-CHA-S", "GIFT-50", "WATER-500", "BREAD-RYE", "THROW-HER", "PLU-4011"]
    lines = []
    for _ in range(dice.randint(1, 12)):
        sku = dice.choice(tempting if dice.random() < 0.7 else skus)
        pieces = dice.randint(1, 4) * 1000
        lines.append({"code": sku, "quantity_milli": dice.randint(50, 3000) if sku.startswith("PLU-") else pieces})
    wish = {"lines": lines, "coupons": dice.sample(["RYE5", "HELLO-7K2Q", "WINTER20", "LINEN25", "NONE"], dice.randint(0, 3))}
    if dice.random() < 0.6:
        wish["customer"] = dice.choice(["c-0001", "JR100002", "Lucia.Ferrer@mail.example", "+1 555 0163"])
    if dice.random() < 0.2:
        wish["exemption"] = {"certificate": "EX-1", "tax_classes": dice.choice([["standard"], ["clothing", "standard"]])}
    return wish


def without_place(quote):
    """As tillctl prints it: the answer says for which store and moment besides."""
    return {key: value for key, value in quote.items() if key not in ("store", "at_ms")}


def same_everywhere(shop, central, till, key, wish):
    path = shop.path("basket.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(wish, file)
    rules = shop.path("rules.json")
    with open(rules, "w", encoding="utf-8") as file:
        file.write(central.must("rules", "014", "--basket", path).out)
    for _ in range(3):  # an hour may strike between two of them
        quote = without_place(ask_quote(central.port, key, wish))
        cached = till.must("price", path).json()
        alone = shop.till("none").must("price", path, "--rules", rules).json()
        if quote == cached == alone:
            break
    expect_equal(cached, quote, f"the till against the quote of {wish}")
    expect_equal(alone, quote, f"the exported rules against the quote of {wish}")
    return quote["discount_minor"]


@case("/integration/price/till-quote-and-exported-rules-give-the-same-answer")
def parity():
    seed = int(os.environ.get("TILL_PRICE_SEED", "20261124"))
    count = int(os.environ.get("TILL_PRICE_BASKETS", "40"))
    dice = random.Random(seed)
    with Shop() as shop:
        central = shop.central().demo().start()
        till = shop.till("till").enrol(central)
        key = central.must("channel-key", "test", "--channel", "store").out.strip()
        skus = [item["sku"] for item in json.loads(central.must("rules", "014").out)["items"] if not item["weighed"]]
        expect(len(skus) > 100, "every item is in the rules of the whole store")
        reduced = sum(same_everywhere(shop, central, till, key, random_basket(dice, skus)) > 0 for _ in range(count))
        expect(reduced > count / 2, f"most of the baskets met an offer: {reduced} of {count} (TILL_PRICE_SEED={seed})")


@case("/integration/price/rules-of-no-store-or-for-no-item-are-refused")
def no_rules():
    with Shop() as shop:
        central = shop.central().demo()
        expect_equal(central.run("rules", "999").code, 1, "no such store")
        path = shop.path("basket.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"lines": [{"code": "NO-SUCH-THING"}]}, file)
        result = central.run("rules", "014", "--basket", path)
        expect_equal((result.code, result.out), (1, ""), "a basket of nothing that is sold")
        expect("NO-SUCH-THING" in result.err, f"the code is named: {result.err!r}")
        expect_equal(json.loads(central.must("rules", "014").out)["customers"], [], "nobody is given out in bulk")


run()
