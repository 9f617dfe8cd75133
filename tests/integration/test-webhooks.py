# SPDX-License-Identifier: Apache-2.0
"""Receivers of webhooks that answer well, badly, late or not at all; signatures are checked by Python's own hmac."""

import base64
import hashlib
import hmac
import http.client
import http.server
import json
import socket
import ssl
import subprocess
import threading
import time

from shop import Shop, free_port, wait_until
from tap import Skip, case, expect, expect_equal, run

QUICK = ("--webhooks-wait", "30", "--webhooks-patience", "700")
TRIES = 8


class Receiver:
    """A web server that answers as its script says, one item a request, the last one for ever: a status, or a function
    of the handler."""

    def __init__(self, *script, port=0, certificate=None):
        self.script, self.got, self.lock = list(script), [], threading.Lock()
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.answer(self, body)

            def log_message(self, *unused):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.url = f"{'https' if certificate else 'http'}://127.0.0.1:{self.server.server_port}/hooks"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, handler, body):
        with self.lock:
            self.got.append((time.monotonic(), dict((k.lower(), v) for k, v in handler.headers.items()), body))
            step = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if callable(step):
            step(handler)
            return
        handler.send_response(step)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    def events(self):
        with self.lock:
            return [json.loads(body) for _, _, body in self.got]

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def slowly(handler):
    time.sleep(1.5)
    handler.send_response(200)
    handler.end_headers()


def to_elsewhere(handler):
    handler.send_response(302)
    handler.send_header("Location", "http://127.0.0.1:1/")
    handler.end_headers()


def for_ever(handler):
    handler.send_response(200)
    handler.end_headers()
    for _ in range(64):
        try:
            handler.wfile.write(b"x" * 65536)
        except OSError:
            return


def after_two_seconds(handler):
    handler.send_response(503)
    handler.send_header("Retry-After", "2")
    handler.end_headers()


class Office:
    """Head office's program."""

    def __init__(self, central):
        self.central = central
        self.key = central.must("channel-key", "erp", "--channel", "office").out.strip()

    def ask(self, status, method, target, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.central.port, timeout=30)
        connection.request(method, target, json.dumps(body) if body is not None else None,
                           {"Authorization": f"Bearer {self.key}"})
        answer = connection.getresponse()
        data = json.loads(answer.read())
        connection.close()
        expect_equal(answer.status, status, f"{method} {target}: {data}")
        return data

    def subscribe(self, receiver, *types):
        return self.ask(201, "POST", "/v1/webhooks", {"url": getattr(receiver, "url", receiver), "types": list(types)})

    def deliveries(self, webhook, state=""):
        return self.ask(200, "GET", f"/v1/webhooks/{webhook['id']}/deliveries?state={state}")["deliveries"]

    def wait_state(self, webhook, state, count=1):
        return wait_until(lambda: len(self.deliveries(webhook, state)) >= count and self.deliveries(webhook, state),
                          f"{count} {state} of {webhook['url']}: {self.deliveries(webhook)}", pause_s=0.2)


class House:
    """A central, a till of it, and a way to make something happen: more is sold than there is."""

    def __init__(self, shop, *options):
        self.central = shop.central().demo().start(*(options or QUICK))
        self.office = Office(self.central)
        self.till = shop.till("till").enrol(self.central)
        self.till.sync()
        self.skus = self.till.skus(5)

    def oversell(self):
        """Of something else each time: one SKU is raised once."""
        self.till.sell({"lines": [{"code": self.skus.pop(), "quantity_milli": 900000}]})
        self.till.sync()


def check_signature(secret, headers, body):
    key = base64.b64decode(secret.removeprefix("whsec_"))
    text = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = "v1," + base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
    expect(hmac.compare_digest(headers["webhook-signature"], wanted), "the signature fits")
    expect(abs(time.time() - int(headers["webhook-timestamp"])) < 120, "the time is now")


@case("/integration/webhooks/an-event-comes-signed-and-once")
def signed():
    with Shop() as shop:
        house, receiver, deaf = House(shop), Receiver(500, 500, 200), Receiver(200)
        webhook = house.office.subscribe(receiver, "exception.raised")
        house.office.subscribe(deaf, "order.placed")
        house.oversell()
        house.office.wait_state(webhook, "delivered")
        house.oversell()
        house.office.wait_state(webhook, "delivered", 2)
        events = receiver.events()
        expect_equal(len(events), 4, "two failures, two events")
        expect_equal(len({event["id"] for event in events[:3]}), 1, "the same id at every try")
        expect(events[3]["id"] != events[0]["id"] and events[3]["sequence"] > events[0]["sequence"], "then the next")
        for _, headers, body in receiver.got:
            check_signature(webhook["secret"], headers, body)
            event = json.loads(body)
            expect_equal(headers["webhook-id"], event["id"], "webhook-id")
            expect(headers["content-type"].startswith("application/cloudevents+json"), "content type")
            expect_equal((event["specversion"], event["type"]), ("1.0", "exception.raised"), "a CloudEvent")
            expect_equal((event["data"]["store"], event["data"]["code"]), ("014", "STOCK_OVERSOLD"), "its data")
        expect_equal(receiver.got[0][2], receiver.got[1][2], "the same bytes at every try")
        expect_equal(deaf.got, [], "who asked for something else")
        listed = house.office.ask(200, "GET", "/v1/webhooks")["webhooks"]
        expect("secret" not in json.dumps(listed), "the secret is shown once")
        expect_equal(house.central.check()["problems"], [], "the books after it")


@case("/integration/webhooks/failures-are-tried-again-and-then-dead")
def failures():
    with Shop() as shop:
        house = House(shop)
        flaky = Receiver(after_two_seconds, slowly, to_elsewhere, 404, for_ever)
        broken, refused = Receiver(500), f"http://127.0.0.1:{free_port()}/"
        mended, given_up, nobody = [house.office.subscribe(url) for url in (flaky, broken, refused)]
        house.oversell()
        dead = house.office.wait_state(given_up, "dead")
        expect_equal((dead[0]["tries"], dead[0]["status"], len(broken.got)), (TRIES, 500, TRIES), "given up")
        expect_equal(len({headers["webhook-id"] for _, headers, _ in broken.got}), 1, "the same id at every try")
        silent = house.office.wait_state(nobody, "dead")[0]
        expect(silent["status"] == 0 and "No answer" in silent["reason"], f"nobody there: {silent}")
        house.office.wait_state(mended, "delivered")
        times = [at for at, _, _ in flaky.got]
        expect(times[1] - times[0] >= 2, "it waits as long as the receiver asks for")
        expect_equal(len(times), 5, "one try each for 503, silence, a redirect, 404; an endless answer counts")
        expect("webhook-dead" in house.central.log(), "the log tells of it")
        broken.script = [200]
        house.office.ask(200, "POST", f"/v1/webhooks/{given_up['id']}/deliveries/{dead[0]['number']}/retry")
        house.office.wait_state(given_up, "delivered")
        house.office.ask(409, "POST", f"/v1/webhooks/{given_up['id']}/deliveries/{dead[0]['number']}/retry")
        house.office.ask(404, "POST", f"/v1/webhooks/{given_up['id']}/deliveries/999999/retry")


@case("/integration/webhooks/gone-ends-and-a-deleted-one-gets-nothing")
def ends():
    with Shop() as shop:
        house, gone, left = House(shop), Receiver(410), Receiver(200)
        ended, deleted = house.office.subscribe(gone), house.office.subscribe(left)
        house.oversell()
        house.office.wait_state(ended, "dead")
        house.office.wait_state(deleted, "delivered")
        listed = {row["id"]: row for row in house.office.ask(200, "GET", "/v1/webhooks")["webhooks"]}
        expect("410" in listed[ended["id"]]["reason"], f"why it ended: {listed}")
        house.office.ask(200, "DELETE", f"/v1/webhooks/{deleted['id']}")
        house.office.ask(404, "DELETE", f"/v1/webhooks/{deleted['id']}")
        last = Receiver(200)
        house.office.subscribe(last)
        house.oversell()
        wait_until(last.events, "the event at the one that is left")
        expect_equal((len(gone.got), len(left.got)), (1, 1), "nothing more for the others")


@case("/integration/webhooks/what-waits-outlives-the-central")
def restart():
    with Shop() as shop:
        house = House(shop, "--webhooks-wait", "500")
        port = free_port()
        webhook = house.office.subscribe(f"http://127.0.0.1:{port}/")
        house.oversell()
        wait_until(lambda: house.office.deliveries(webhook, "waiting")[0]["tries"] > 0, "a first try")
        house.central.kill()
        receiver = Receiver(200, port=port)
        house.central.start(*QUICK)
        wait_until(receiver.events, "the event after the restart")
        check_signature(webhook["secret"], receiver.got[0][1], receiver.got[0][2])


def certificate(shop, name):
    files = shop.path(name + ".pem"), shop.path(name + ".key")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
                    "-addext", "subjectAltName=IP:127.0.0.1", "-out", files[0], "-keyout", files[1]],
                   check=True, capture_output=True)
    return files


@case("/integration/webhooks/a-certificate-that-nobody-vouches-for-gets-nothing")
def wrong_tls():
    with Shop() as shop:
        known, stranger = certificate(shop, "known"), certificate(shop, "stranger")
        house = House(shop, *QUICK, "--webhooks-ca", known[0])
        good, bad = Receiver(200, certificate=known), Receiver(200, certificate=stranger)
        fine, refused = house.office.subscribe(good), house.office.subscribe(bad)
        house.oversell()
        house.office.wait_state(fine, "delivered")
        dead = house.office.wait_state(refused, "dead")[0]
        expect("certificate" in dead["reason"], f"why: {dead}")
        expect_equal(bad.got, [], "nothing was said to a stranger")


def other_name_of_this_machine():
    for name in ("ip6-localhost", socket.gethostname()):
        try:
            found = {info[4][0] for info in socket.getaddrinfo(name, 443)}
        except OSError:
            continue
        if name != "localhost" and found <= {"::1", "127.0.0.1", "127.0.1.1"}:
            return name
    return None


@case("/integration/webhooks/no-address-leads-into-the-house")
def inside():
    with Shop() as shop:
        house = House(shop)
        for url in ("http://shop.example/", "https://10.0.0.1/", "https://169.254.169.254/", "https://a:b@shop.example/",
                    "file:///etc/passwd", "x" * 2000):
            house.office.ask(400, "POST", "/v1/webhooks", {"url": url})
        house.office.ask(400, "POST", "/v1/webhooks", {"url": "https://shop.example/", "types": ["order.eaten"]})
        name = other_name_of_this_machine()
        if name is None:
            raise Skip("this machine has no other name for itself")
        webhook = house.office.subscribe(f"https://{name}:{house.central.port}/")
        house.oversell()
        dead = house.office.wait_state(webhook, "dead")[0]
        expect("may not go" in dead["reason"], f"why: {dead}")


run()
