# SPDX-License-Identifier: Apache-2.0
"""A copied home, and an older one put back: found at the next hello, nothing lost, no receipt number twice."""

import os
import shutil

from shop import Shop, basket
from tap import case, expect, expect_equal, run


def copy_home(source, target):
    shutil.copytree(source, target)


def overwrite_home(source, target):
    """Puts old contents into the very files that are there, as an image restored block by block does."""
    for name in os.listdir(source):
        if os.path.isfile(os.path.join(source, name)):
            with open(os.path.join(source, name), "rb") as old, open(os.path.join(target, name), "r+b") as new:
                new.truncate(0)
                shutil.copyfileobj(old, new)
    for name in set(os.listdir(target)) - set(os.listdir(source)):
        os.unlink(os.path.join(target, name))


def books_hold(central, wanted):
    """The central's books hold exactly these receipts, and its audit passes."""
    audit = central.check()
    expect_equal(audit["ok"], True, f"central check {audit.get('problems')}")
    expect_equal(set(central.sales()), set(wanted), "receipts in the central's books")


def exceptions(central):
    return {code for (code,) in central.rows("SELECT DISTINCT code FROM exception")}


def receipts(answers):
    return [answer["receipt"] for answer in answers]


@case("/integration/clone/both-machines-sell-and-no-number-is-given-twice")
def clone():
    with Shop() as shop:
        central = shop.central().demo().start()
        first = shop.till("first").enrol(central)
        codes = first.skus()
        sold = receipts(first.sell(*[basket(codes[i]) for i in range(5)]))
        first.sync()
        sold += receipts(first.sell(basket(codes[0]), basket(codes[1])))

        copy_home(first.home, shop.path("second"))
        second = shop.till("second")
        sold += receipts(first.sell(basket(codes[2]), basket(codes[3])))
        sold += receipts(second.sell(basket(codes[4]), basket(codes[5]), basket(codes[6])))
        expect_equal(len(set(sold)), len(sold), "numbers printed by both machines")

        first.sync()
        second.run("sync", "--until-empty", "--timeout", "20")
        first.run("sync", "--until-empty", "--timeout", "20")
        for till in (first, second):
            expect_equal(till.status()["pending"], 0, "nothing waits any more")
            expect_equal(till.verify()["ok"], True, "journal verify")
        books_hold(central, sold)
        found = exceptions(central)
        expect("CLONE_SUSPECTED" in found, f"the clone is reported, among {found}")


@case("/integration/clone/a-clone-that-keeps-the-inode-and-forks-is-told-apart-by-its-chain")
def fork():
    with Shop() as shop:
        central = shop.central().demo().start()
        till = shop.till("till").enrol(central)
        codes = till.skus()
        sold = receipts(till.sell(basket(codes[0]), basket(codes[1])))
        till.sync()
        copy_home(till.home, shop.path("image"))
        sold += receipts(till.sell(basket(codes[2]), basket(codes[3])))
        till.sync()
        overwrite_home(shop.path("image"), till.home)
        sold += receipts(till.sell(basket(codes[4])))
        till.run("sync", "--until-empty", "--timeout", "20")
        expect_equal(len(set(sold)), len(sold), "the witness kept the numbers apart")
        expect_equal(till.status()["pending"], 0, "nothing waits any more")
        expect_equal(till.verify()["ok"], True, "journal verify")
        books_hold(central, sold)


@case("/integration/clone/an-older-home-put-back-gets-its-lost-rows-again")
def restored():
    with Shop() as shop:
        central = shop.central().demo().start()
        till = shop.till("till").enrol(central)
        codes = till.skus()
        sold = receipts(till.sell(basket(codes[0]), basket(codes[1])))
        till.sync()
        copy_home(till.home, shop.path("backup"))
        sold += receipts(till.sell(basket(codes[2]), basket(codes[3]), basket(codes[4])))
        till.sync()

        shutil.rmtree(till.home)
        copy_home(shop.path("backup"), till.home)
        till.run("sync", "--until-empty", "--timeout", "20")
        sold += receipts(till.sell(basket(codes[5])))
        till.run("sync", "--until-empty", "--timeout", "20")
        expect_equal(len(set(sold)), len(sold), "numbers")
        status = till.status()
        expect_equal(status["pending"], 0, "nothing waits any more")
        expect_equal(till.verify()["ok"], True, "journal verify")
        expect_equal(set(till.sales()), set(sold), "the till has its lost sales again")
        books_hold(central, sold)
        found = exceptions(central)
        expect("RESTORED_BACKUP" in found, f"the restore is reported, among {found}")


@case("/integration/clone/an-older-home-without-any-witness-is-found-by-the-central")
def restored_without_witness():
    with Shop() as shop:
        central = shop.central().demo().start()
        till = shop.till("till").enrol(central)
        codes = till.skus()
        sold = receipts(till.sell(basket(codes[0])))
        till.sync()
        copy_home(till.home, shop.path("image"))
        sold += receipts(till.sell(basket(codes[1]), basket(codes[2])))
        till.sync()
        overwrite_home(shop.path("image"), till.home)
        shutil.rmtree(till.surroundings["TILLHOUSE_STATE_DIR"])

        till.run("sync", "--until-empty", "--timeout", "20")
        sold += receipts(till.sell(basket(codes[3]), basket(codes[4])))
        till.run("sync", "--until-empty", "--timeout", "20")
        expect_equal(len(set(sold)), len(sold), "numbers after the central's word")
        expect_equal(till.status()["pending"], 0, "nothing waits any more")
        expect_equal(set(till.sales()), set(sold), "the till has its lost sales again")
        books_hold(central, sold)
        found = exceptions(central)
        expect("RESTORED_BACKUP" in found, f"the restore is reported, among {found}")


@case("/integration/clone/an-image-without-witness-that-sold-first-loses-nothing")
def forked_without_witness():
    """The one case in which a till cannot know: the same number is on two papers, but both sales are kept, told apart
    by their transaction, reported, and the central's audit goes on naming the number."""
    with Shop() as shop:
        central = shop.central().demo().start()
        till = shop.till("till").enrol(central)
        codes = till.skus()
        till.sell(basket(codes[0]))
        till.sync()
        copy_home(till.home, shop.path("image"))
        till.sell(basket(codes[1]), basket(codes[2]))
        till.sync()
        overwrite_home(shop.path("image"), till.home)
        shutil.rmtree(till.surroundings["TILLHOUSE_STATE_DIR"])
        till.sell(basket(codes[3]))
        till.run("sync", "--until-empty", "--timeout", "20")
        till.run("sync", "--until-empty", "--timeout", "20")
        expect_equal(till.status()["pending"], 0, "nothing waits any more")
        audit = central.audit()
        expect_equal((audit["sales"], len(audit["problems"])), (4, 1), "the audit's one complaint")
        expect("stands on 2 sales" in audit["problems"][0], f"is the number: {audit['problems']}")
        rows = central.rows("SELECT count(*) FROM entry WHERE type = 'sale' AND body IS NOT NULL")
        expect_equal(rows, [(4,)], "all four sales are with the central")
        expect(exceptions(central) & {"CLONE_SUSPECTED", "RESTORED_BACKUP"}, "it is reported")


run()
