# SPDX-License-Identifier: Apache-2.0
"""GS1 element strings and Digital Links, sold by a till and priced by the central."""

import json

from shop import Shop, basket
from tap import case, expect, expect_equal, run

GOODS = """sku,name,unit,weighed,barcodes,price,tax_class
CHEESE,Alpine cheese,kg,true,09520123456788,20.00,grocery
MILK,Whole milk,ea,false,9520000000004,1.50,grocery
"""
CHEESE, MILK = "09520123456788", "09520000000004"
CODES = [
    # code, SKU, thousandths, what the books keep
    (f"]C101{CHEESE}310300064010LOT-7\x1d21A", "CHEESE", 640, f"(01){CHEESE}(3103)000640(10)LOT-7(21)A"),
    (f"\x1d01{CHEESE}3102000125", "CHEESE", 1250, f"(01){CHEESE}(3102)000125"),
    (f"https://id.example.org/shop/01/{CHEESE}/10/LOT-7?3103=000500&linkType=all", "CHEESE", 500,
     f"(01){CHEESE}(10)LOT-7(3103)000500"),
    (f"]Q1HTTPS://ID.EXAMPLE.ORG/01/{MILK}/21/99", "MILK", 1000, f"(01){MILK}(21)99"),
    (f"(01){MILK}(17)301231", "MILK", 1000, f"(01){MILK}(17)301231"),
    (f"01{MILK}10LOT", "MILK", 1000, f"01{MILK}10LOT"),
]


def with_goods(shop):
    central = shop.central().demo()
    path = shop.path("goods.csv")
    with open(path, "w", encoding="utf-8") as file:
        file.write(GOODS)
    central.must("import", "products", path)
    return central.start()


def describe(line):
    return (line["sku"], line["quantity_milli"], line["code"])


@case("/integration/codes/element-strings-and-links-sell-the-item-and-its-weight")
def sold():
    with Shop() as shop:
        central = with_goods(shop)
        till = shop.till("till").enrol(central)
        for code, sku, milli, kept in CODES:
            (answer,) = till.sell(basket(code))
            (line,) = json.loads(till.journal()[-1]["body"])["lines"]
            expect_equal(describe(line), (sku, milli, kept), f"the journal's line of {code!r}")
            expect_equal(line["total_minor"], 2000 * milli // 1000 if sku == "CHEESE" else 150, f"price of {code!r}")
            expect_equal(answer["total_minor"], line["total_minor"], "what is asked for")
        expect_equal(till.sync()["pending"], 0, "the central takes such lines")
        expect_equal(central.check()["ok"], True, "the central's own audit")


@case("/integration/codes/a-weight-that-is-given-goes-before-the-code's")
def given():
    with Shop() as shop:
        till = shop.till("till").enrol(with_goods(shop))
        till.sell({"lines": [{"code": CODES[0][0], "quantity_milli": 2000}]})
        (line,) = json.loads(till.journal()[-1]["body"])["lines"]
        expect_equal(line["quantity_milli"], 2000, "quantity")


@case("/integration/codes/broken-and-unknown-codes-sell-nothing")
def refused():
    with Shop() as shop:
        till = shop.till("till").enrol(with_goods(shop))
        for code in (f"]C101{CHEESE[:-1]}9310300064010L\x1d21A", f"https://a/01/{CHEESE[:-1]}9", "https://a/00/952012345678912345",
                     f"(01){CHEESE}"):
            result = till.run("sell", "-", stdin=json.dumps(basket(code)) + "\n")
            expect(result.code != 0, f"{code!r} sells nothing: {result!r}")
            expect(result.err.strip(), "and says why")
        expect_equal(till.sales(), {}, "sales in the journal")


run()
