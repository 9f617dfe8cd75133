# SPDX-License-Identifier: Apache-2.0
"""Orders at a till without the network: picked, staged, handed over in part and taken back, by tillctl alone."""

import contextlib
import json
import os
import sqlite3
import time

from shop import Shop
from tap import case, expect, expect_equal, run

ORDER = "0199d3c2-0000-7000-8000-000000000001"
PART = "0199d3c2-0000-7000-8000-000000000002"


def leave_order(till):
    """Puts into the cache what a feed would leave there: W-1042, two of one thing and one that asks for an age."""
    first, second = till.skus(2)
    lines = [{"line": 1, "sku": first, "name": "First", "variant": "", "standing": {"allocated": 2000}},
             {"line": 2, "sku": second, "name": "Second", "variant": "", "min_age": 18, "standing": {"allocated": 1000}}]
    now_ms = int(time.time() * 1000)
    with contextlib.closing(sqlite3.connect(os.path.join(till.home, "cache.db"))) as cache:
        store, = cache.execute("SELECT value FROM setting WHERE name = 'store_code'").fetchone()
        body = json.dumps({"store": store, "lines": lines, "hand_overs": []})
        cache.execute("INSERT INTO fulfilment (id, order_id, number, customer_name, kind, state, promise_ms, arrived_ms, "
                      "arrival, body) VALUES (?, ?, 'W-1042', 'Dana Kowalski', 'pickup', 'to-pick', ?, ?, 'Bay 4', ?)",
                      (PART, ORDER, now_ms + 3600000, now_ms - 60000, body))
        cache.commit()
    return first, second


def on_board(till):
    """Fulfilment → its row."""
    rows = [json.loads(line) for line in till.must("pickup", "--board").out.splitlines()]
    return {row["fulfilment"]: row for row in rows}


def standing(answer):
    return {line["line"]: line["standing"] for line in answer["lines"]}


@contextlib.contextmanager
def till_with_order():
    with Shop() as shop:
        central = shop.central().demo().start()
        till = shop.till("till").enrol(central)
        central.stop()
        yield till, *leave_order(till)


def refused(till, *words):
    result = till.run(*words)
    expect_equal(result.code, 1, f"exit code of {' '.join(words)}")
    return result.err


@case("/integration/pickup/picked-staged-and-handed-over-in-part-offline")
def whole_way():
    with till_with_order() as (till, first, second):
        board = on_board(till)[PART]
        expect_equal((board["group"], board["number"], board["items"], board["items_done"]), ("outside", "W-1042", 3, 0),
                     "the board")
        expect("not that much" in refused(till, "pickup", PART, "--id-checked", "--line", f"{first}=1"), "nothing is staged")
        picked = till.must("order", PART, "pick", "--line", f"{first}=2", "--short", second).json()
        expect_equal(standing(picked), {1: {"picked": 2000}, 2: {"short": 1000}}, "after picking")
        staged = till.must("order", PART, "stage", "--place", "Shelf C3").json()
        expect_equal((staged["place"], standing(staged)[1]), ("Shelf C3", {"staged": 2000}), "after staging")
        expect("Nobody was checked" in refused(till, "pickup", PART), "a number alone is no proof")
        given = till.must("pickup", PART, "--id-checked", "--line", f"{first}=1", "--refuse", f"{first}=1").json()
        expect_equal(standing(given)[1], {"collected": 1000, "returned": 1000}, "after the hand-over")
        expect_equal((given["state"], given["arrived_ms"]), ("part", 0), "what stays, and nobody is outside any more")

        undone = till.must("pickup", "--undo").json()
        expect_equal(standing(undone)[1], {"staged": 2000}, "after taking it back")
        expect("take the goods back" in refused(till, "pickup", "--undo"), "once only")
        expect_equal(till.status()["pending"], 4, "entries that wait")
        expect_equal(till.verify()["ok"], True, "journal verify")


@case("/integration/pickup/goods-with-an-age-limit-ask-for-it")
def age_limit():
    with till_with_order() as (till, _, second):
        till.must("order", PART, "pick")
        till.must("order", PART, "stage", "--place", "Shelf C3")
        expect("18 years" in refused(till, "pickup", PART, "--id-checked"), "the age was not looked at")
        expect("Somebody else" in refused(till, "pickup", PART, "--age-checked", "--collected-by", "Omar Haddad"), "no ID")
        done = till.must("pickup", PART, "--id-checked", "--age-checked", "--collected-by", "Omar Haddad").json()
        expect_equal(done["state"], "done", "state")
        expect(PART not in on_board(till), "it is off the board")


@case("/integration/pickup/put-back-and-noted-and-shown-in-words")
def put_back():
    with till_with_order() as (till, *_):
        till.must("order", PART, "pick")
        till.must("order", PART, "stage", "--place", "Shelf C3")
        back = till.must("order", PART, "put-back", "--reason", "expired").json()
        expect_equal((back["state"], standing(back)[1]), ("to-pick", {"allocated": 2000}), "on the shelf again")
        till.must("order", PART, "note", "--words", "Rings at the back door")
        shown = till.must("order", PART).json()
        expect_equal([event["kind"] for event in shown["events"]], ["picked", "staged", "put-back", "note"], "timeline")
        expect_equal(shown["events"][3]["words"], "Rings at the back door", "the note")
        listed = [json.loads(line) for line in till.must("journal", "list").out.splitlines()]
        words = {row["type"]: row["words"] for row in listed}
        expect_equal(words["staging"], "3 staged at Shelf C3", "the journal in words")


@case("/integration/pickup/what-makes-no-sense-is-said")
def nonsense():
    with till_with_order() as (till, first, _):
        expect_equal(till.run("pickup").code, 2, "nothing named")
        expect_equal(till.run("order", PART, "eat").code, 2, "no such step")
        expect_equal(till.run("order", PART, "pick", "--line", f"{first}=x").code, 2, "no quantity")
        expect("no part of an order" in refused(till, "order", "W-9"), "no such order")
        expect("no line of" in refused(till, "order", PART, "pick", "--line", "NOTHING=1"), "no such line")
        till.must("order", PART, "pick")
        expect("place" in refused(till, "order", PART, "stage"), "no place")


@case("/integration/pickup/an-order-of-the-central-picked-offline-is-told-back")
def told_back():
    with Shop() as shop:
        central = shop.central().demo().start()
        till = shop.till("till").enrol(central)
        row = next(row for row in on_board(till).values() if row["group"] == "to-pick")
        central.stop()
        till.must("order", row["number"], "pick")
        staged = till.must("order", row["number"], "stage", "--place", "Shelf C3").json()
        expect_equal((staged["state"], on_board(till)[row["fulfilment"]]["waiting"]), ("ready", True), "staged offline")
        central.start()
        after = till.sync()
        expect_equal((after["pending"], till.status()["held"]), (0, 0), "all sent, nothing held")
        till.must("sync", "--once")
        told = on_board(till)[row["fulfilment"]]
        expect_equal((told["state"], told["place"], told["waiting"]), ("ready", "Shelf C3", False), "told back")
        expect(told["version"] > row["version"], "the central has counted the changes")


run()
