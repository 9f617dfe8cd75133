# SPDX-License-Identifier: Apache-2.0
"""tillctl price --rules: prices a basket with two files and nothing else."""

import json

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


def price(shop, rules, lines):
    paths = []
    for name, value in (("rules.json", rules), ("basket.json", {"lines": lines})):
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


run()
