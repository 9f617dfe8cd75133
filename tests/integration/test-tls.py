# SPDX-License-Identifier: Apache-2.0
"""TLS with the central's own CA, pinned at enrolment."""

from shop import Shop, basket
from tap import case, expect, expect_equal, run


@case("/integration/tls/enrols-by-the-code-and-sells")
def sells():
    with Shop() as shop:
        central = shop.central(tls=True).demo().start()
        till = shop.till("till").enrol(central)
        till.sell(basket(till.skus()[0]))
        expect_equal(till.status()["online"], True, "online over TLS")
        till.sync()
        journal = till.sales()
        expect_equal(central.check()["ok"], True, "central check")
        expect_equal(central.sales(), journal, "central against the journal")


@case("/integration/tls/an-impostors-certificate-is-offline-and-gets-nothing")
def impostor():
    with Shop() as shop:
        central = shop.central(tls=True).demo().start()
        till = shop.till("till").enrol(central)
        till.sell(basket(till.skus()[0]))
        central.stop()
        impostor = shop.central("impostor", tls=True).demo()
        impostor.port = central.port
        impostor.start()
        status = till.status()
        expect_equal((status["online"], status["pending"]), (False, 1), "status before an impostor")
        expect(status["reason"], "status says why")
        expect_equal(till.run("sync", "--once", "--timeout", "10").code, 1, "sync with an impostor")
        impostor.stop()
        expect_equal(impostor.sales(), {}, "the impostor holds no sale")
        central.start()
        till.sync()
        central.stop()
        expect_equal(len(central.sales()), 1, "the sale reaches its own central")


@case("/integration/tls/an-enrolment-code-of-one-central-refuses-another")
def wrong_central():
    with Shop() as shop:
        central = shop.central(tls=True).demo().start()
        other = shop.central("other", tls=True).demo().start()
        code = central.enrol_code()
        till = shop.till("till")
        refused = till.run("enrol", other.url(), "--code", code)
        expect_equal(refused.code, 1, "enrolment at another central")
        expect(refused.err.strip(), "it says why")
        plain = till.run("enrol", central.url(), "--code", "-".join(code.split("-")[:2]))
        expect_equal(plain.code, 1, "a code without its CA part over TLS")
        till.must("enrol", central.url(), "--code", code)


run()
