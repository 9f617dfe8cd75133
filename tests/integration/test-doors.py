# SPDX-License-Identifier: Apache-2.0
"""One house of many doors: carts that came from the web, goods that are sent on from a counter, and one order handed
over at two tills that cannot hear each other."""

import json

from orders import Channel, lines
from shop import Shop
from tap import case, expect, expect_equal, run

TEE = "TEE-NAV-M"
PAID = "cash:20000"


def left(web, cart):
    """What a cart still holds: code → pieces."""
    return {line["code"]: line["quantity_milli"] // 1000 for line in web.call(200, "GET", f"/v1/carts/{cart}")["lines"]}


def sell_one(till, basket):
    answer = till.must("sell", "-", "--tender", PAID, stdin=json.dumps(basket) + "\n")
    return json.loads(answer.out.splitlines()[-1])


def held_codes(central):
    return {row[0] for row in central.rows("SELECT code FROM exception WHERE resolved = 0")}


@case("/integration/doors/what-is-sold-leaves-the-shoppers-cart-and-the-rest-stays")
def cart():
    with Shop() as shop:
        central = shop.central().demo().start()
        web = Channel(central)
        made = web.call(201, "POST", "/v1/carts", {"customer": "c-0001", "lines": lines(TEE_NAV_M=2, TEE_NAV_L=1)})
        till = shop.till("till").enrol(central)
        basket = {"lines": lines(TEE_NAV_M=2), "customer": "c-0001", "cart": {"id": made["id"], "version": made["version"]}}
        # While the till serves, the shopper adds one more and something else on the phone.
        web.call(200, "PUT", f"/v1/carts/{made['id']}",
                 {"customer": "c-0001", "lines": lines(TEE_NAV_M=3, TEE_NAV_L=1, TEE_NAV_S=1)})
        central.stop()
        sell_one(till, basket)
        central.start()
        till.sync()
        expect_equal(left(web, made["id"]), {"TEE-NAV-M": 1, "TEE-NAV-L": 1, "TEE-NAV-S": 1}, "nothing that was added is lost")
        till.sync()
        central.check()


@case("/integration/doors/what-a-counter-sells-to-be-sent-is-an-order-and-leaves-its-stock-alone")
def sent_home():
    with Shop() as shop:
        central = shop.central().demo().start()
        web = Channel(central)
        here, there = web.available("014", TEE), web.available("002", TEE)
        till = shop.till("till").enrol(central)
        central.stop()
        sold = sell_one(till, {"customer": "c-0001", "lines": [
            {"code": TEE, "quantity_milli": 1000},
            {"code": TEE, "quantity_milli": 2000, "fulfilment": {"kind": "pickup", "store": "002"}}]})
        expect("To be fetched at store 002" in till.must("receipt", sold["receipt"], "--format", "text").out, "the receipt says so")
        central.start()
        till.sync()
        listed = web.call(200, "GET", "/v1/orders?customer=c-0001&store=002")["orders"]
        order = web.call(200, "GET", "/v1/orders/" + next(one["number"] for one in listed if one["number"].startswith("T-")))
        expect_equal((order["receipt"], order["due_minor"]), (sold["receipt"], 0), "an order of that sale, paid")
        expect_equal(here["on_hand_milli"] - web.available("014", TEE)["on_hand_milli"], 1000, "one was carried out")
        expect_equal(web.available("002", TEE)["reserved_milli"] - there["reserved_milli"], 2000, "two are set aside there")
        central.check()


@case("/integration/doors/one-order-handed-over-at-two-tills-offline-is-one-hand-over-and-one-held")
def twice():
    with Shop() as shop:
        central = shop.central().demo().start()
        web = Channel(central)
        order = web.order(lines=lines(TEE_NAV_M=2), customer="c-0001", fulfilments=[{"kind": "pickup", "store": "014"}])
        first, second = shop.till("one").enrol(central), shop.till("two").enrol(central)
        first.must("order", order["number"], "pick")
        first.must("order", order["number"], "stage", "--place", "Shelf C3")
        first.sync()
        second.sync()
        before = web.available("014", TEE)
        central.stop()
        for till in (first, second):
            done = till.must("pickup", order["number"], "--id-checked").json()
            expect_equal(done["state"], "done", "handed over, as far as this till knows")
        central.start()
        first.sync()
        second.sync()
        for till in (first, second):
            till.must("sync", "--once")
        after = web.available("014", TEE)
        expect_equal((before["on_hand_milli"] - after["on_hand_milli"], before["reserved_milli"] - after["reserved_milli"]),
                     (2000, 2000), "the goods left once")
        expect_equal(first.status()["held"] + second.status()["held"], 1, "one hand-over is held")
        told = [event["kind"] for event in web.call(200, "GET", f"/v1/orders/{order['id']}/timeline")["events"]]
        expect_equal(told.count("handed-over"), 1, "one hand-over on the timeline")
        central.stop()
        expect("ORDER_ALREADY_FULFILLED" in held_codes(central), "raised for a person")
        central.check()


run()
