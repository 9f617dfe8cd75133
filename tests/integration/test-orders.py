# SPDX-License-Identifier: Apache-2.0
"""Orders, carts, customers and promises over HTTP, asked as a web shop asks."""

import threading

from orders import Channel, lines
from shop import Shop
from tap import case, expect, expect_equal, run

TEE = "TEE-NAV-M"
FIRST = 1006  # the demo chain has five orders


def standing(order, part=0, line=0):
    return order["fulfilments"][part]["lines"][line]["standing"]


def kinds(web, order):
    return [event["kind"] for event in web.call(200, "GET", f"/v1/orders/{order['id']}/timeline")["events"]]


@case("/integration/orders/an-order-is-placed-found-and-given-up")
def test_life():
    with Shop() as shop:
        central = shop.central().demo().start()
        web = Channel(central)
        before = web.available("014", TEE)
        total = web.call(200, "POST", "/v1/quote?store=014", {"lines": lines(TEE_NAV_M=2), "customer": "c-0001"})["total_minor"]
        order = web.order(lines=lines(TEE_NAV_M=2), customer="c-0001", shipping_minor=0,
                          fulfilments=[{"kind": "pickup", "store": "014"}],
                          payments=[{"kind": "card", "reference": "pi_1", "amount_minor": total}])
        number = order["number"]
        expect_equal(number, f"W-{FIRST}", "the next number")
        expect_equal(order["customer"]["name"], "Amelia Hart", "whose")
        expect_equal((order["total_minor"], order["due_minor"]), (total, 0), "priced as a quote")
        expect_equal(standing(order), {"allocated": 2000}, "set aside")
        after = web.available("014", TEE)
        expect_equal(after["reserved_milli"] - before["reserved_milli"], 2000, "reserved")
        expect_equal(before["available_milli"] - after["available_milli"], 2000, "promised no more")
        for name in (order["id"], number.lower(), order["fulfilments"][0]["id"]):
            expect_equal(web.call(200, "GET", f"/v1/orders/{name}")["id"], order["id"], "found by any name")
        for query in ("customer=c-0001", "store=014", "state=open", "query=" + number, "query=amel"):
            found = web.call(200, "GET", f"/v1/orders?{query}")["orders"]
            expect_equal(found[0]["number"], number, query)
        for query in ("store=002", "state=done", "query=W-9999", "customer=c-0002"):
            found = web.call(200, "GET", f"/v1/orders?{query}")["orders"]
            expect(number not in [one["number"] for one in found], query)
        web.call(200, "POST", f"/v1/orders/{number}/notes", {"words": "Please wrap it."})
        changed = web.call(200, "POST", f"/v1/orders/{number}/cancel",
                           {"lines": [{"line": 1, "quantity_milli": 1000}], "reason": "one is enough"})
        expect_equal(changed["lines"][0]["cancelled_milli"], 1000, "one given up")
        expect(changed["due_minor"] < 0, "and to be given back")
        expect_equal(changed["version"], 3, "each change counts")
        gone = web.call(200, "POST", f"/v1/orders/{number}/cancel", {})
        expect_equal(gone["status"], "cancelled", "all given up")
        web.call(409, "POST", f"/v1/orders/{number}/cancel", {})
        expect_equal(web.available("014", TEE), before, "nothing is promised any more")
        paid = web.call(200, "POST", f"/v1/orders/{number}/payments",
                        {"kind": "card", "reference": "re_1", "amount_minor": gone["due_minor"]})
        expect_equal(paid["due_minor"], 0, "given back")
        expect_equal(kinds(web, order), ["placed", "allocated", "paid", "note", "cancelled", "refund-due", "cancelled",
                                         "refund-due", "paid"], "the timeline")
        expect_equal(central.check()["problems"], [], "the books hold")


@case("/integration/orders/the-last-pieces-go-to-as-many-as-there-are")
def test_last_pieces():
    with Shop() as shop:
        central = shop.central().demo()
        stock = shop.path("stock.csv")
        with open(stock, "w", encoding="utf-8") as file:
            file.write(f"store,sku,on_hand\n014,{TEE},7\n")
        central.must("import", "stock", stock)
        central.start()
        web = Channel(central)
        outcomes = []
        gate = threading.Barrier(16)

        def client(number):
            for turn in range(3):
                gate.wait()
                status, answer, _ = web.ask("POST", "/v1/orders", {
                    "lines": lines(TEE_NAV_M=1), "fulfilments": [{"kind": "pickup", "store": "014"}],
                }, {"Idempotency-Key": f"{number}-{turn}"})
                outcomes.append((status, answer))

        threads = [threading.Thread(target=client, args=(number,)) for number in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        won = [answer for status, answer in outcomes if status == 201]
        lost = [answer for status, answer in outcomes if status == 409]
        expect_equal((len(won), len(lost)), (7, 41), "as many orders as pieces")
        expect(all(answer["skus"] == [TEE] and "OUT_OF_STOCK" in answer["detail"] for answer in lost), "and it says of what")
        numbers = sorted(int(answer["number"].split("-")[1]) for answer in won)
        expect_equal(numbers, list(range(FIRST, FIRST + 7)), "numbers without a gap")
        at = web.available("014", TEE)
        expect_equal((at["on_hand_milli"], at["reserved_milli"], at["available_milli"]), (7000, 7000, 0), "all is promised")
        expect_equal(central.check()["problems"], [], "the books hold")
        reserved = central.rows("SELECT sum(milli) FROM reservation WHERE sku = ?", TEE)[0][0]
        expect_equal(reserved, 7000, "reserved is what is open")


@case("/integration/orders/what-comes-twice-is-done-once")
def test_twice():
    with Shop() as shop:
        central = shop.central().demo().start()
        web = Channel(central)
        body = {"lines": lines(TEE_NAV_M=1), "fulfilments": [{"kind": "pickup", "store": "014"}]}
        web.call(400, "POST", "/v1/orders", body)
        web.call(400, "POST", "/v1/orders", body, {"Idempotency-Key": "a b"})
        web.call(400, "POST", "/v1/orders", body, {"Idempotency-Key": "x" * 256})
        first = web.ask("POST", "/v1/orders", body, {"Idempotency-Key": "k" * 255})
        again = web.ask("POST", "/v1/orders", body, {"Idempotency-Key": "k" * 255})
        expect_equal((first[0], again[0]), (201, 201), "both are answered")
        expect_equal(again[1], first[1], "in the same words")
        expect_equal(again[2].get("Location"), first[2].get("Location"), "with the same headers")
        expect_equal(again[2].get("Idempotency-Replayed"), "true", "and it says so")
        web.call(422, "POST", "/v1/orders", {**body, "gift": True}, {"Idempotency-Key": "k" * 255})
        other = Channel(central, "app", "app")
        expect_equal(other.order(key="k" * 255, **body)["number"], f"A-{FIRST + 1}", "another asker has keys of its own")
        big = {"lines": [{"code": TEE, "quantity_milli": 10**9}], "fulfilments": [{"kind": "pickup", "store": "014"}]}
        for _ in range(2):
            web.call(409, "POST", "/v1/orders", big, {"Idempotency-Key": "refused"})
        web.call(201, "POST", "/v1/orders", body, {"Idempotency-Key": "refused"})
        customer = {"name": "Noah Bergström"}
        once = web.call(201, "POST", "/v1/customers", customer, {"Idempotency-Key": "c"})
        twice = web.call(201, "POST", "/v1/customers", customer, {"Idempotency-Key": "c"})
        expect_equal(twice["id"], once["id"], "other things too")
        expect_equal(len(web.call(200, "GET", "/v1/orders")["orders"]), FIRST - 1001 + 3, "three orders more")
        expect_equal(central.check()["problems"], [], "the books hold")


@case("/integration/orders/parts-come-from-where-the-goods-are")
def test_allocation():
    with Shop() as shop:
        central = shop.central().demo()
        stock = shop.path("stock.csv")
        with open(stock, "w", encoding="utf-8") as file:
            file.write("store,sku,on_hand\n014,TEE-NAV-M,2\n002,TEE-NAV-M,3\n014,TEE-NAV-L,0\n002,TEE-NAV-L,4\n"
                       "014,TEE-NAV-S,5\n002,TEE-NAV-S,0\nWEB,TEE-NAV-M,0\nWEB,TEE-NAV-L,0\nWEB,TEE-NAV-S,0\n")
        central.must("import", "stock", stock)
        central.start()
        web = Channel(central)

        def parts(order):
            return [(part["kind"], part["store"], [(line["line"], line["standing"]["allocated"]) for line in part["lines"]])
                    for part in order["fulfilments"]]

        whole = web.order(lines=lines(TEE_NAV_M=1, TEE_NAV_L=1))
        expect_equal(parts(whole), [("ship", "002", [(1, 1000), (2, 1000)])], "the store that has all")
        split = web.order(lines=lines(TEE_NAV_S=2, TEE_NAV_L=1))
        expect_equal(parts(split), [("ship", "014", [(1, 2000)]), ("ship", "002", [(2, 1000)])], "else two")
        refused = web.order(409, lines=lines(TEE_NAV_S=2, TEE_NAV_L=1), fulfilments=[{"kind": "pickup"}])
        expect_equal(sorted(refused["skus"]), ["TEE-NAV-L", "TEE-NAV-S"], "nobody fetches from two")
        both = web.order(lines=lines(TEE_NAV_S=2, TEE_NAV_L=1), fulfilments=[
            {"kind": "pickup", "store": "014", "lines": [{"line": 1, "quantity_milli": 1000}]}, {"kind": "ship"}])
        expect_equal(parts(both), [("pickup", "014", [(1, 1000)]), ("ship", "002", [(2, 1000)]), ("ship", "014", [(1, 1000)])],
                     "as asked, and the rest where it is")
        at_store = web.order(lines=lines(TEE_NAV_M=1), fulfilments=[{"store": "014"}])
        expect_equal(parts(at_store), [("pickup", "014", [(1, 1000)])], "a store without a kind is a pickup")
        wrong = web.order(400, lines=lines(TEE_NAV_M=1), fulfilments=[{"kind": "pickup", "store": "999"}])
        expect("order.fulfilments[0].store" in wrong["detail"], "names the field")
        wrong = web.order(400, lines=lines(TEE_NAV_M=1), fulfilments=[
            {"kind": "pickup", "store": "014", "lines": [{"line": 2, "quantity_milli": 1000}]}])
        expect("lines[0].line" in wrong["detail"], "a line that is not there")
        wrong = web.order(404, lines=[{"code": "NOTHING", "quantity_milli": 1000}])
        expect("order.lines[0].code" in wrong["detail"], "an item that is not there")
        part = at_store["fulfilments"][0]["id"]
        moved = web.call(200, "POST", f"/v1/orders/{at_store['id']}/change", {"fulfilment": part, "store": "002"})
        expect_equal(parts(moved), [("pickup", "002", [(1, 1000)])], "moved")
        expect_equal(web.available("014", "TEE-NAV-M")["reserved_milli"], 0, "free where it was")
        expect_equal(web.available("002", "TEE-NAV-M")["reserved_milli"], 2000, "promised where it is")
        web.call(409, "POST", f"/v1/orders/{split['id']}/change",
                 {"fulfilment": split["fulfilments"][0]["id"], "store": "002"})
        changed = web.call(200, "POST", f"/v1/orders/{part}/change",
                           {"fulfilment": part, "contact": {"email": "a@mail.example", "language": "es"}})
        expect_equal(changed["contact"], {"email": "a@mail.example", "language": "es"}, "another contact")
        status, answer, _ = web.ask("POST", f"/v1/orders/{part}/change", {"fulfilment": part, "promise_ms": 5},
                                    {"If-Match": '"1"'})
        expect_equal((status, answer.get("version")), (412, 3), "at another version")
        expect_equal(central.check()["problems"], [], "the books hold")


@case("/integration/orders/carts-and-customers-are-kept")
def test_carts():
    with Shop() as shop:
        central = shop.central().demo().start()
        web = Channel(central)
        dana = web.call(201, "POST", "/v1/customers", {"name": "Dana Kowalski", "phone": "+1 555 0199"})
        web.call(403, "PUT", f"/v1/customers/{dana['id']}", {"name": "Dana Kowalski", "groups": "gold"})
        office = Channel(central, "erp", "office")
        office.call(200, "PUT", f"/v1/customers/{dana['id']}", {"name": "Dana Kowalski", "groups": "gold", "phone": "555 0199"})
        kept = web.call(200, "PUT", f"/v1/customers/{dana['id']}", {"name": "Dana Kowalski", "phone": "555 0199"})
        expect_equal((kept["groups"], kept["phone"]), ("gold", "555 0199"), "what others set stays")
        web.call(409, "POST", "/v1/customers", {"name": "Noah", "loyalty": "JR100001"})
        found = web.call(200, "GET", "/v1/customers?query=JR100001")["customers"]
        expect_equal([one["name"] for one in found], ["Amelia Hart"], "found by card")
        expect(dana["id"] in [one["id"] for one in web.call(200, "GET", "/v1/customers?query=dana")["customers"]], "and by name")
        status, cart, headers = web.ask("POST", "/v1/carts", {"customer": dana["id"], "lines": lines(TEE_NAV_M=2)})
        expect_equal((status, headers["ETag"], cart["version"]), (201, '"1"', 1), "a cart")
        at = f"/v1/carts/{cart['id']}"
        web.call(412, "PUT", at, {"lines": []}, {"If-Match": '"7"'})
        put = web.call(200, "PUT", at, {"lines": lines(TEE_NAV_M=1, TEE_NAV_L=1), "coupons": ["WELCOME"]}, {"If-Match": '"1"'})
        expect_equal((put["version"], len(put["lines"]), put["customer"]), (2, 2, dana["id"]), "changed")
        listed = web.call(200, "GET", f"/v1/carts?customer={dana['id']}")["carts"]
        expect_equal([one["id"] for one in listed], [cart["id"]], "hers")
        order = web.order(cart=cart["id"], fulfilments=[{"kind": "pickup", "store": "014"}])
        expect_equal((order["customer"]["id"], len(order["lines"])), (dana["id"], 2), "ordered from it")
        expect_equal(web.call(200, "GET", at)["status"], "ordered", "it is done")
        web.order(409, cart=cart["id"])
        web.call(409, "PUT", at, {"lines": []})
        other = web.call(201, "POST", "/v1/carts", {"lines": lines(TEE_NAV_M=1)})
        web.call(200, "DELETE", f"/v1/carts/{other['id']}")
        web.call(404, "GET", "/v1/carts/none")
        stores = web.call(200, "GET", "/v1/stores")["stores"]
        expect({"002", "014"} <= {store["code"] for store in stores}, "the stores")
        expect_equal(central.check()["problems"], [], "the books hold")


run()
