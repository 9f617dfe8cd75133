# SPDX-License-Identifier: Apache-2.0
"""Taxes of every kind, labels with a price inside, and cash without small coins: till, receipt and central say one thing."""

import http.client
import json

from shop import STORE, Shop, basket
from tap import case, expect, expect_equal, run

GOODS = """sku,name,unit,weighed,tax_class,plu,price
COAT,Wool coat,ea,false,clothing,,180.00
SCARF,Wool scarf,ea,false,clothing,,24.00
BOOK,Used book,ea,false,canada,,100.00
SODA,Soda,ea,false,soda,,2.00
LAMP,Lamp,ea,false,vat,,12.00
PIN,Pin,ea,false,standard,,1.05
BADGE,Badge,ea,false,standard,,1.05
HAT,Paper hat,ea,false,standard,,1.05
APPLES,Apples,kg,true,none,4777,4.69
"""
TAXES = """store,tax_class,id,name,rate_percent,inclusive,ordinal,kind,amount,include_base,base_affected,fulfilment
*,canada,gst,GST 5%,5,no,1,,,yes,,
*,canada,qst,QST 9.975%,9.975,no,2,,,,yes,
*,soda,sugar,Sugar levy,,no,1,fixed,0.125,,,
*,vat,vat,VAT 20%,20,yes,1,,,,,
*,vat,parcel,Parcel tax 1%,1,no,2,,,,,ship
"""
CERTIFICATE = {"exemption": {"certificate": "ST-120-77"}}


class Counter:
    """One till and its central, with the goods and taxes above and settings of the test's own."""

    def __init__(self, shop, *settings):
        self.shop = shop
        self.central = shop.central().demo()
        self.load("products", GOODS)
        self.load("taxes", TAXES)
        self.load("settings", "store,name,value\n" + "".join(f'*,{name},"{value}"\n' for name, value in settings))
        self.key = self.central.must("channel-key", "counter", "--channel", "store").out.strip()
        self.central.start()
        self.till = shop.till("till").enrol(self.central)

    def load(self, kind, text):
        self.central.must("import", kind, self.write(kind + ".csv", text))

    def write(self, name, text):
        path = self.shop.path(name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def quote(self, wish):
        connection = http.client.HTTPConnection("127.0.0.1", self.central.port, timeout=60)
        connection.request("POST", f"/v1/quote?store={STORE}&trace=1", body=json.dumps(wish),
                           headers={"Authorization": f"Bearer {self.key}"})
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        expect_equal(answer.status, 200, f"the quote: {data[:300]!r}")
        return json.loads(data)

    def sell(self, wish):
        """Priced by till and central, sold for cash; the sale as it stands in the journal, and its receipt."""
        path = self.write("basket.json", json.dumps(wish))
        priced = self.till.must("price", path).json()
        quote = self.quote(wish)
        for name in ("lines", "taxes", "total_minor", "tax_minor", "exempted_minor"):
            expect_equal(quote.get(name), priced.get(name), f"{name}: quote against till")
        (sold,) = self.till.sell(wish)
        body = json.loads(self.till.journal()[-1]["body"])
        expect_equal((body["total_minor"], body["taxes"]), (priced["total_minor"], priced["taxes"]), "what was sold")
        expect_equal(sold["rounding_minor"], body.get("rounding_minor", 0), "rounding")
        return body, self.till.must("receipt", sold["receipt"]).json()["text"]

    def close(self):
        """The central takes it all, finds its books in order and comes to the same prices."""
        expect_equal(self.till.sync()["pending"], 0, "what waits")
        found = self.central.check()
        expect_equal((found["ok"], found["mismatched"], found["unjudged"]), (True, 0, 0), "the central's audit")


def taxes(body):
    return [(tax["id"], tax["base_minor"], tax["amount_minor"]) for tax in body["taxes"]]


@case("/integration/tax/clothing-is-taxed-from-the-threshold-on")
def threshold():
    with Shop() as shop:
        counter = Counter(shop)
        body, receipt = counter.sell(basket("COAT", "SCARF", "PIN"))
        expect_equal(taxes(body), [("us-ny-clothing", 18000, 1598), ("us-ny-clothing", 2400, 0), ("us-ny-sales", 105, 9)],
                     "the coat is taxed, the scarf is not")
        words = " ".join(receipt.split())
        expect("Sales tax 8.875% · clothing under $110 exempt 16.07" in words, f"one row says so: {receipt}")
        counter.close()


@case("/integration/tax/compound-and-fixed-taxes-and-those-of-another-fulfilment")
def kinds():
    with Shop() as shop:
        counter = Counter(shop)
        wish = basket("BOOK", "SODA", "LAMP")
        wish["lines"][1]["quantity_milli"] = 3000
        body, _ = counter.sell(wish)
        expect_equal(taxes(body), [("gst", 10000, 500), ("qst", 10500, 1047), ("sugar", 600, 38), ("vat", 1000, 200)],
                     "tax on tax, cents for each can, and nothing for a parcel")
        expect_equal(body["total_minor"], 11547 + 638 + 1200, "total")
        counter.close()


@case("/integration/tax/an-exempt-price-comes-down-or-stays-as-the-store-says")
def exempt():
    for keeps, total in (("false", 1000), ("true", 1200)):
        with Shop() as shop:
            counter = Counter(shop, ("tax_exempt_keeps_price", keeps))
            body, receipt = counter.sell({**basket("LAMP"), **CERTIFICATE})
            expect_equal((body["total_minor"], body["tax_minor"]), (total, 0), f"keeps price: {keeps}")
            expect_equal(body.get("exempted_minor", 0), 1200 - total, "what came off")
            expect("exempt by certificate ST-120-77" in " ".join(receipt.split()), f"the receipt names it: {receipt}")
            counter.close()


@case("/integration/tax/rounding-by-line-or-by-document")
def method():
    for name, tax in (("line", 27), ("document", 28)):
        with Shop() as shop:
            counter = Counter(shop, ("tax_method", name))
            body, _ = counter.sell(basket("PIN", "BADGE", "HAT"))
            expect_equal((body["tax_minor"], body["total_minor"]), (tax, 315 + tax), f"8.875 % of 3 × 1.05 by {name}")
            counter.close()


@case("/integration/tax/a-label's-price-is-the-line's")
def label():
    with Shop() as shop:
        counter = Counter(shop, ("variable_codes", "weight:21.....{NNDDD}.,price:02.....{NNNDD}."))
        body, _ = counter.sell(basket("0204777003008", "2104777006406"))
        lines = [(line["sku"], line["quantity_milli"], line["list_minor"], line.get("embedded_minor"))
                 for line in body["lines"]]
        expect_equal(lines, [("APPLES", 640, 300, 300), ("APPLES", 640, 300, None)], "3.00 by price, 0.640 by weight")
        path = counter.write("basket.json", json.dumps({"lines": [{"code": "0204777003008", "quantity_milli": 1000}]}))
        refused = counter.till.run("price", path)
        expect_equal(refused.code, 1, "a label's quantity cannot be given")
        expect("label" in refused.err, f"and it says so: {refused.err}")
        counter.close()


@case("/integration/tax/cash-is-rounded-and-the-books-agree")
def cash():
    with Shop() as shop:
        counter = Counter(shop, ("cash_rounding_minor", 5), ("cash_rounding_mode", "half-up"))
        body, receipt = counter.sell(basket("PIN", "BADGE"))  # 1.14 each
        expect_equal((body["total_minor"], body["rounding_minor"]), (228, 2), "2.28 is paid with 2.30")
        expect_equal(body["tenders"][0]["amount_minor"], 230, "the tender")
        expect("Rounding 0.02" in " ".join(receipt.split()), f"a row of its own: {receipt}")
        counter.close()
        rows = counter.central.rows("SELECT total_minor, rounding_minor FROM sale")
        expect_equal(rows, [(228, 2)], "the central's books")


run()
