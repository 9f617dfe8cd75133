# SPDX-License-Identifier: Apache-2.0
"""Catalogues that other programs wrote, through the real import: the good ones whole and exact, the broken ones not at
all, each bad row by its line.

What is expected was read off the files by Python's csv module, not taken from the importer's answers.
"""

import csv
import os

from shop import Shop, basket, shared_data
from tap import Skip, case, expect, expect_equal, run

SHOPIFY = """Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Option2 Name,Option2 Value,\
Variant SKU,Variant Grams,Variant Inventory Qty,Variant Price,Variant Barcode,Status
linen-shirt,Linen shirt,"<p>Cool, ""light""</p>",Juniper,Shirts,"summer, linen",TRUE,Size,S,Colour,Sand,LIN-S-SAND,200,\
4,49.90,4006381333931,active
linen-shirt,,,,,,,,M,,Sand,LIN-M-SAND,210,0,49.90,,active
linen-shirt,,,,,,,,L,,Navy,LIN-L-NAVY,220,7,54.95,'036000291452,active
gift-card,Gift card,,Juniper,Cards,,TRUE,Title,Default Title,,,GIFT-50,0,,50,,active
"""


def catalogue(name):
    path = shared_data(os.path.join("catalogues", name))
    if path is None:
        raise Skip("the shared test data is not here")
    return path


def records(path, delimiter=","):
    with open(path, newline="", encoding="utf-8-sig") as file:
        rows = [[cell.strip() for cell in row] for row in csv.reader(file, delimiter=delimiter, skipinitialspace=True)]
    header = rows[0]
    return [dict(zip(header, row)) for row in rows[1:] if any(row)]


def imported(central):
    """SKU → base price in minor units (None: not for sale) of everything in the books of a stopped central."""
    return dict(central.rows("SELECT item.sku, (SELECT price_minor FROM price WHERE price.sku = item.sku AND "
                             "price.list = 'base') FROM item"))


def minor(text):
    """Exact, by text: "29.99" is 2999, "27" is 2700, "45.3" is 4530."""
    whole, _, fraction = text.partition(".")
    expect(set(fraction[2:]) <= {"0"}, f"{text} has no more than cents")
    return int(whole) * 100 + int((fraction + "00")[:2])


def empty_central(shop):
    """A central with one store and nothing to sell."""
    central = shop.central()
    path = shop.path("stores.csv")
    with open(path, "w", encoding="utf-8") as file:
        file.write("code,name,currency,time_zone,address,tax_number,receipt_footer\n"
                   "014,Harbour Street,USD,America/New_York,1 Harbour Street,12-345,Thank you\n")
    central.must("import", "stores", path)
    return central


def import_whole(name, wanted, delimiter=","):
    """Imports a file twice; what is in the books then is exactly wanted(record) of every record."""
    path = catalogue(name)
    rows = records(path, delimiter)
    with Shop() as shop:
        central = empty_central(shop)
        central.must("import", "products", path)
        first = imported(central)
        expect_equal(len(first), len(wanted(rows)), "SKUs in the books")
        for sku, price in wanted(rows).items():
            if sku is not None:
                expect(sku in first, f"{sku} is in the books")
                expect_equal(first[sku], price, f"price of {sku}")
        central.must("import", "products", path)
        expect_equal(imported(central), first, "the books after importing the same file again")
        expect_equal(central.check()["ok"], True, "central check")


@case("/integration/import/solidus-apparel")
def solidus():
    import_whole("solidus-apparel.csv", lambda rows: {row["sku"]: minor(row["price_usd"]) for row in rows})


@case("/integration/import/saleor-variants-with-ids-for-missing-skus")
def saleor():
    import_whole("saleor-variants.csv",
                 lambda rows: {row["sku"] or row["variant_id"]: minor(row["price_usd"]) if row["price_usd"] else None
                               for row in rows})


@case("/integration/import/vendure-products-where-two-skus-repeat")
def vendure():
    path = catalogue("vendure-products.csv")
    rows = records(path)
    with Shop() as shop:
        central = empty_central(shop)
        central.must("import", "products", path)
        books = imported(central)
        expect_equal(len(books), len(rows), "every variant is in the books")
        seen = set()
        for row in rows:
            if row["sku"] not in seen:
                expect_equal(books[row["sku"]], minor(row["price"]), f"price of {row['sku']}")
            seen.add(row["sku"])


@case("/integration/import/barcodes-without-prices")
def groceries():
    path = catalogue("off-grocery-barcodes.csv")
    codes = {row["barcode"] for row in records(path)}
    with Shop() as shop:
        central = empty_central(shop)
        central.must("import", "products", path)
        books = imported(central)
        expect_equal(len(books), len(codes), "one SKU a barcode")
        expect_equal(set(books.values()), {None}, "nothing has a price")


@case("/integration/import/produce-by-plu")
def produce():
    path = catalogue("plu-codes.csv")
    with Shop() as shop:
        central = empty_central(shop)
        central.must("import", "products", path)
        plus = {plu for (plu,) in central.rows("SELECT plu FROM item")}
        expect_equal(plus, {row["plu"] for row in records(path)}, "PLUs in the books")


@case("/integration/import/files-of-vendure-and-medusa-that-are-sound")
def sound_fixtures():
    for name, delimiter in (("vendure-custom-fields.csv", ","), ("vendure-multiple-languages.csv", ","),
                            ("medusa-v1-template.csv", ","), ("medusa-exported-products-comma.csv", ","),
                            ("medusa-exported-products-semicolon.csv", ";"), ("medusa-filtered-products.csv", ","),
                            ("medusa-product-with-categories.csv", ",")):
        path = catalogue(os.path.join("import-fixtures", name))
        variants = len(records(path, delimiter))
        with Shop() as shop:
            central = empty_central(shop)
            result = central.run("import", "products", path)
            expect_equal(result.code, 0, f"{name}: {result!r}")
            expect_equal(len(imported(central)), variants, f"variants of {name}")


@case("/integration/import/broken-files-name-every-bad-line-and-change-nothing")
def broken_fixtures():
    for name, lines in (("vendure-invalid-columns.csv", ("1",)), ("vendure-invalid-row-length.csv", ("3",)),
                        ("medusa-invalid-prices.csv", ("1",))):
        path = catalogue(os.path.join("import-fixtures", name))
        with Shop() as shop:
            central = empty_central(shop)
            result = central.run("import", "products", path)
            expect_equal(result.code, 1, f"{name}: {result!r}")
            for line in lines:
                expect(f"line {line}:" in result.err + result.out, f"{name} line {line}: {result!r}")
            expect_equal(imported(central), {}, f"{name} leaves nothing in the books")


@case("/integration/import/every-bad-row-is-told-in-one-go")
def bad_rows():
    text = ("sku,name,barcode,price\n"
            "A,Good,,1.00\n"
            ",No code,,1.00\n"
            "B,Too fine,,1.005\n"
            "C,Words,,cheap\n"
            "D,Bad barcode,4006381333930,1.00\n"
            "E,Negative,,-1.00\n"
            "F,,,1.00\n"
            "A,Again,,2.00\n"
            "G,Good,,1e3\n")
    with Shop() as shop:
        central = empty_central(shop)
        path = shop.path("bad.csv")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        result = central.run("import", "products", path)
        expect_equal(result.code, 1, f"{result!r}")
        said = result.err + result.out
        for line in (3, 4, 5, 6, 7, 8, 9, 10):
            expect(f"line {line}:" in said, f"line {line} is told: {said}")
        expect("line 2:" not in said, "the good line is not")
        expect_equal(imported(central), {}, "nothing is in the books")


@case("/integration/import/shopify-products-reach-the-till")
def shopify():
    with Shop() as shop:
        central = empty_central(shop)
        path = shop.path("shopify.csv")
        with open(path, "w", encoding="utf-8") as file:
            file.write(SHOPIFY)
        central.must("import", "products", path)
        expect_equal(imported(central), {"LIN-S-SAND": 4990, "LIN-M-SAND": 4990, "LIN-L-NAVY": 5495, "GIFT-50": 5000},
                     "the books")
        central.start()
        till = shop.till("till").enrol(central)
        sold = till.sell(basket("4006381333931", "LIN-L-NAVY"), basket("036000291452"))
        expect_equal([answer["lines"][0]["sku"] for answer in sold], ["LIN-S-SAND", "LIN-L-NAVY"], "sold by barcode")
        expect_equal(sold[0]["list_minor"], 4990 + 5495, "prices on the till")
        till.sync()
        expect_equal(central.check()["ok"], True, "central check")
        expect_equal(central.sales(), till.sales(), "central against the journal")


run()
