# SPDX-License-Identifier: Apache-2.0
"""Answers that get lost and requests that come again: one sale, whatever happens."""

import socket
import subprocess
import sys

from shop import Shop, basket
from tap import case, expect, expect_equal, run

TIMES = 25

# What each of two processes does: sends the recorded bytes again and again, and counts the answers by status.
REPLAYER = """
import socket, sys
port, times = int(sys.argv[1]), int(sys.argv[2])
request = sys.stdin.buffer.read()
for _ in range(times):
    with socket.create_connection(("127.0.0.1", port), 5) as connection:
        connection.settimeout(30)
        connection.sendall(request)
        answer = connection.recv(65536)
        print(answer.split(b" ", 2)[1].decode())
"""


def check_books(central, till, count):
    journal = till.sales()
    expect_equal(len(journal), count, "sales in the journal")
    audit = central.check()
    expect_equal(audit["ok"], True, f"central check {audit.get('problems')}")
    expect_equal(central.sales(), journal, "central against the journal")


@case("/integration/replay/fifty-lost-answers-make-one-sale")
def lost_answers():
    with Shop() as shop:
        central = shop.central().demo().start()
        proxy = shop.proxy(central.port)
        till = shop.till("till").enrol(central, proxy.port)
        till.sell(basket(till.skus()[0]))
        lost = []

        def decide(target):
            if "/push" in target and len(lost) < 2 * TIMES:
                lost.append(target)
                return "swallow"
            return "pass"

        proxy.decide = decide
        while len(lost) < 2 * TIMES:
            before = len(lost)
            till.run("sync", "--once", "--timeout", "10")
            expect(len(lost) > before, "each round pushes the sale again")
        expect_equal(till.status()["pending"], 1, "the till was never told")
        till.sync()
        check_books(central, till, 1)


@case("/integration/replay/a-recorded-push-sent-fifty-times-by-two-processes-makes-one-sale")
def recorded_push():
    with Shop() as shop:
        central = shop.central().demo().start()
        proxy = shop.proxy(central.port)
        till = shop.till("till").enrol(central, proxy.port)
        codes = till.skus()
        till.sell(basket(codes[0]), basket(codes[1]))
        till.sync()
        pushes = [request for target, request in proxy.recorded if "/push" in target]
        expect(pushes, "a push was recorded")
        request = pushes[0]
        replayers = [subprocess.Popen([sys.executable, "-c", REPLAYER, str(central.port), str(TIMES)],
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(2)]
        said = [replayer.communicate(request, timeout=60)[0].decode().split() for replayer in replayers]
        statuses = [status for words in said for status in words]
        expect_equal(len(statuses), 2 * TIMES, "every replay was answered")
        expect(set(statuses) <= {"401", "409", "200"}, f"answers to replays: {set(statuses)}")
        till.sell(basket(codes[2]))
        till.sync()
        check_books(central, till, 3)


@case("/integration/replay/a-request-cut-in-the-middle-changes-nothing")
def cut_request():
    with Shop() as shop:
        central = shop.central().demo().start()
        proxy = shop.proxy(central.port)
        till = shop.till("till").enrol(central, proxy.port)
        till.sell(basket(till.skus()[0]))
        till.sync()
        request = [request for target, request in proxy.recorded if "/push" in target][0]
        for part in range(1, 40):
            with socket.create_connection(("127.0.0.1", central.port), 5) as connection:
                connection.sendall(request[:len(request) * part // 40])
        till.sell(basket(till.skus()[1]))
        till.sync()
        check_books(central, till, 2)


run()
