# SPDX-License-Identifier: Apache-2.0
"""The page that a shopper's link opens, asked as a browser without JavaScript asks."""

import http.client
import json
import re
import urllib.parse

from orders import Channel, lines
from shop import STORE, Shop
from tap import case, expect, expect_equal, run

POLICY = ("default-src 'none'", "style-src 'self'", "script-src 'self'", "form-action 'self'", "base-uri 'none'",
          "frame-ancestors 'none'")
RUN = re.compile(r"M(\d+) (\d+)h(\d+)v1h-\d+z")


class Browser:
    def __init__(self, central):
        self.port = central.port

    def ask(self, method, target, body=None, **headers):
        """status, headers in lower case, text."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, target, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, text

    def page(self, status, target, language="en"):
        got, headers, text = self.ask("GET", target, Accept_Language=language)
        expect_equal(got, status, f"GET {target}: {text[:300]}")
        check_page(headers, text)
        return text

    def send(self, target, **fields):
        status, headers, _ = self.ask("POST", target + "/outside", urllib.parse.urlencode(fields),
                                      Content_Type="application/x-www-form-urlencoded")
        expect_equal((status, headers.get("location")), (303, target), "back to the page")


def check_page(headers, text):
    """What holds for every page, whether it shows an order or says why not."""
    expect_equal(headers["content-type"], "text/html; charset=utf-8", "content type")
    for rule in POLICY:
        expect(rule in headers["content-security-policy"], f"{rule} in {headers['content-security-policy']}")
    expect("unsafe" not in headers["content-security-policy"], "nothing inline is run")
    expect_equal((headers["referrer-policy"], headers["x-content-type-options"]), ("no-referrer", "nosniff"), "headers")
    expect("no-store" in headers["cache-control"], f"nobody keeps it: {headers}")
    expect_equal(headers["vary"], "Accept-Language", "it is one of several languages")
    expect("http" not in text.replace('xmlns="http://www.w3.org/2000/svg"', "").replace("http-equiv", ""), "nobody else is asked")
    expect("{{" not in text, "every hole is filled")


class Counter:
    """A central whose demo chain has an order that can be collected, and its code."""

    def __init__(self, shop):
        self.central = shop.central().demo().start()
        self.web, self.browser = Channel(self.central), Browser(self.central)
        found = self.web.call(200, "GET", f"/v1/orders?store={STORE}&state=open")["orders"]
        orders = [self.web.call(200, "GET", f"/v1/orders/{one['number']}") for one in found]
        self.id = next(part["id"] for order in orders for part in order["fulfilments"]
                       if part["kind"] == "pickup" and part["state"] == "ready" and not part.get("arrived_ms"))
        self.code = self.web.call(200, "GET", f"/v1/orders/{self.id}/code")
        self.at = "/p/" + self.code["token"]

    def part(self):
        order = self.web.call(200, "GET", f"/v1/orders/{self.id}")
        return next(part for part in order["fulfilments"] if part["id"] == self.id)


def draw(svg):
    """The QR code as a PGM picture, eight points a module."""
    size = int(re.search(r'viewBox="0 0 (\d+) ', svg).group(1))
    rows = [bytearray(b"\xff" * size) for _ in range(size)]
    for column, row, count in (map(int, found) for found in RUN.findall(svg)):
        rows[row][column:column + count] = bytes(count)
    large = b"".join(bytes(value for value in row for _ in range(8)) * 8 for row in rows)
    return b"P5 %d %d 255\n" % (size * 8, size * 8) + large


@case("/integration/page/an-order-is-shown-in-the-shoppers-language")
def languages():
    with Shop() as shop:
        counter = Counter(shop)
        english = counter.browser.page(200, counter.at, "fr, en-GB;q=0.8, es;q=0.3")
        spanish = counter.browser.page(200, counter.at, "es-MX,es;q=0.9,en;q=0.5")
        expect('<html lang="en">' in english and "Ready to collect" in english, "English")
        expect('<html lang="es">' in spanish and "Listo para recoger" in spanish, "Spanish")
        for page in (english, spanish):
            expect("<svg " in page and "<path " in page, "the code is in the page")
            expect("style=" not in page and "onclick" not in page, "nothing inline")
        capitals = counter.browser.page(200, "/P/" + counter.code["token"].upper())
        expect("Ready to collect" in capitals, "as it is scanned")
        for target in ("/web/status.css", "/web/status.js"):
            expect(target in english, f"the page names {target}")
            expect_equal(counter.browser.ask("GET", target)[0], 200, target)


@case("/integration/page/the-picture-says-the-link")
def picture():
    with Shop() as shop:
        counter = Counter(shop)
        status, headers, svg = counter.browser.ask("GET", counter.at + "/code.svg")
        expect_equal((status, headers["content-type"]), (200, "image/svg+xml"), "a picture")
        file = shop.path("code.pgm")
        with open(file, "wb") as out:
            out.write(draw(svg))
        said = json.loads(shop.till("none").must("decode", file).out)["codes"]
        expect_equal([(code["symbology"], code["text"]) for code in said], [("QR-Code", counter.code["url"])], "what it says")
        expect(counter.code["url"].lower().endswith(counter.at.lower()), f"the link of the page: {counter.code['url']}")


@case("/integration/page/who-is-outside-is-seen-at-the-store")
def outside():
    with Shop() as shop:
        counter = Counter(shop)
        car = '<script>alert("1")</script>'
        counter.browser.send(counter.at, bay="4", car=car)
        part = counter.part()
        expect(part["arrived_ms"] > 0 and part["arrival"] == f"Bay 4 · {car}", f"it is written: {part}")
        page = counter.browser.page(200, counter.at)
        expect("They know you are outside" in page and "&lt;script&gt;" in page, "the page tells it")
        expect("<script>alert" not in page and '"1"' not in page, "as words, not as a program")
        till = shop.till("till").enrol(counter.central)
        board = [json.loads(line) for line in till.must("pickup", "--board").out.splitlines()]
        expect_equal([row["group"] for row in board if row["fulfilment"] == counter.id], ["outside"], "on the board")
        counter.browser.send(counter.at, here="no")
        expect(not counter.part().get("arrived_ms"), "gone again")
        page = counter.browser.page(200, counter.at)
        expect("They know" not in page and "Parked?" in page, "and asked again")
        placed = counter.web.order(lines=lines(TEE_NAV_M=1), fulfilments=[{"kind": "pickup", "store": STORE}])
        early = "/p/" + counter.web.call(200, "GET", f"/v1/orders/{placed['id']}/code")["token"]
        counter.browser.send(early, bay="5")
        after = counter.web.call(200, "GET", f"/v1/orders/{placed['id']}")
        expect_equal(after["version"], placed["version"], "nothing waits yet, so nobody is called out")
        expect("We have your order" in counter.browser.page(200, early), "and it says how far it is")
        expect_equal(counter.central.check()["problems"], [], "the books hold")


@case("/integration/page/the-page-hears-of-changes")
def events():
    with Shop() as shop:
        counter = Counter(shop)
        connection = http.client.HTTPConnection("127.0.0.1", counter.central.port, timeout=30)
        connection.request("GET", counter.at + "/events")
        answer = connection.getresponse()
        expect_equal((answer.status, answer.getheader("Content-Type")), (200, "text/event-stream"), "a stream")
        counter.browser.send(counter.at, bay="4")
        heard = b""
        while b"event: changed" not in heard:
            data = answer.read1(4096)
            expect(data, f"the stream goes on after {heard!r}")
            heard += data
        connection.close()


@case("/integration/page/a-code-that-counts-no-more-says-so")
def old_and_wrong():
    with Shop() as shop:
        counter = Counter(shop)
        renewed = counter.web.call(200, "POST", f"/v1/orders/{counter.id}/code")
        expect_equal(renewed["serial"], counter.code["serial"] + 1, "a newer one")
        expect_equal(counter.web.call(200, "GET", f"/v1/orders/{counter.id}/code")["token"], renewed["token"], "it stays")
        expect("Ready to collect" in counter.browser.page(200, "/p/" + renewed["token"]), "the new one opens the page")
        expect("There is a newer code" in counter.browser.page(410, counter.at), "the old one is over")
        expect_equal(counter.browser.ask("GET", counter.at + "/code.svg")[0], 410, "its picture too")
        counter.browser.send(counter.at, bay="4")
        expect(not counter.part().get("arrived_ms"), "and calls nobody out")
        token = renewed["token"]
        forged = token[:-5] + ("A" if token[-5] != "A" else "B") + token[-4:]
        for wrong in (forged, token[:-1], "x", "%00", "%3Cscript%3E", "x" * 3000):
            page = counter.browser.page(404, "/p/" + wrong)
            expect("This link does not open an order" in page and counter.id not in page, f"a page for {wrong[:40]}")
        expect('<html lang="es">' in counter.browser.page(404, "/p/x", "es"), "in Spanish too")
        expect_equal(counter.browser.ask("POST", f"/p/{forged}/outside", "bay=4")[0], 404, "nobody is called out by it")


run()
