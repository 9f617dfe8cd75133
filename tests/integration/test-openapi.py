# SPDX-License-Identifier: Apache-2.0
"""The running central against its own description: each operation is called, each answer checked by its schema.

The test signs its requests itself, with a small Ed25519 of its own (RFC 8032, slow and plain), so that neither end's C
code judges the other's.
"""

import base64
import hashlib
import http.client
import json
import os
import time
import uuid

from shop import STORE, Shop, free_port, wait_until
from tap import Skip, case, expect, expect_equal, run

try:
    import jsonschema
except ImportError:
    jsonschema = None

# --- Ed25519 -----------------------------------------------------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def add(a, b):
    """Points in extended coordinates (x, y, z, t)."""
    e = (a[1] - a[0]) * (b[1] - b[0]) % P
    f = (a[1] + a[0]) * (b[1] + b[0]) % P
    g = 2 * a[3] * b[3] * D % P
    h = 2 * a[2] * b[2] % P
    return ((f - e) * (h - g) % P, (h + g) * (f + e) % P, (h - g) * (h + g) % P, (f - e) * (f + e) % P)


def times(number, point):
    result = (0, 1, 1, 0)
    while number:
        if number & 1:
            result = add(result, point)
        point = add(point, point)
        number >>= 1
    return result


def base_point():
    y = 4 * pow(5, P - 2, P) % P
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * ROOT % P
    if x & 1:
        x = P - x
    return (x, y, 1, x * y % P)


BASE = base_point()


def pack(point):
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


class Key:
    def __init__(self):
        digest = hashlib.sha512(os.urandom(32)).digest()
        self.prefix = digest[32:]
        self.number = int.from_bytes(digest[:32], "little") & ((1 << 254) - 8) | 1 << 254
        self.public = pack(times(self.number, BASE))

    def sign(self, message):
        nonce = int.from_bytes(hashlib.sha512(self.prefix + message).digest(), "little") % ORDER
        commitment = pack(times(nonce, BASE))
        challenge = hashlib.sha512(commitment + self.public + message).digest()
        answer = (nonce + int.from_bytes(challenge, "little") * self.number) % ORDER
        return commitment + answer.to_bytes(32, "little")


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def blake(data):
    return hashlib.blake2b(data, digest_size=32).digest()


# --- A terminal of the test's own --------------------------------------------------------------------

ZERO = "00" * 32
INCARNATION = 0x0123456789ABCDEF
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def incarnation_text():
    return "".join(LETTERS[INCARNATION >> 5 * i & 31] for i in reversed(range(13)))


class Client:
    """Speaks to the central and holds every answer against the description."""

    def __init__(self, port):
        self.port = port
        self.key = Key()
        self.terminal = None
        self.seen = set()
        self.description = json.loads(self.ask("GET", "/v1/openapi.json")[2])

    def ask(self, method, target, body=b"", signed=False, key=None, more=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Tillhouse-Signature": self.signature(method, target, body)} if signed else {}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        headers.update(more or {})
        connection.request(method, target, body=body, headers=headers)
        answer = connection.getresponse()
        events = answer.getheader("Content-Type", "").startswith("text/event-stream")
        data = answer.read1(4096) if events else answer.read()
        connection.close()
        return answer.status, dict((k.lower(), v) for k, v in answer.getheaders()), data

    def signature(self, method, target, body):
        now, nonce = str(int(time.time() * 1000)), encode(os.urandom(16))
        text = "\n".join(("tillhouse-v1", method, target, blake(body).hex(), now, nonce, self.terminal))
        return f"v1;terminal={self.terminal};time={now};nonce={nonce};sig={encode(self.key.sign(text.encode()))}"

    def validate(self, value, schema, words):
        resolver = jsonschema.RefResolver("", self.description)
        faults = list(jsonschema.Draft202012Validator(schema, resolver=resolver).iter_errors(value))
        expect(not faults, f"{words}: {[fault.message for fault in faults[:3]]} in {str(value)[:300]}")

    def call(self, status, method, pattern, target=None, body=b"", signed=True, fits=True, key=None, more=None):
        """Asks and checks; returns the answer, parsed when it is JSON. fits: the body keeps to its schema. key: instead
        of the signature."""
        target = target or pattern.replace("{terminal}", self.terminal or "")
        operation = self.description["paths"][pattern][method.lower()]
        words = f"{method} {target} → {status}"
        if isinstance(body, dict):
            if fits:
                schema = operation["requestBody"]["content"]["application/json"]["schema"]
                self.validate(body, schema, words + " request")
            body = json.dumps(body).encode()
        got, headers, data = self.ask(method, target, body, signed and not key, key, more)
        expect_equal(got, status, f"{words}: {data[:300]!r}")
        expect("tillhouse-server" in headers, f"{words}: the server's id")
        described = operation["responses"].get(str(status))
        expect(described is not None, f"{words} is described")
        if "$ref" in described:
            described = self.description["components"]["responses"][described["$ref"].rsplit("/", 1)[1]]
        kind = headers["content-type"]
        expect(kind in described["content"], f"{words}: {kind} is described")
        self.seen.add((method, pattern))
        if not kind.endswith("json"):
            return headers, data
        value = json.loads(data)
        self.validate(value, described["content"][kind]["schema"], words)
        return value

    def entry(self, seq, previous, body, txn=None):
        txn = txn or uuid.uuid4()
        body_hash = blake(body)
        kind = b"sign-in"
        chain = blake(previous + seq.to_bytes(8, "big") + txn.bytes + bytes([len(kind)]) + kind
                      + (1).to_bytes(8, "big") + body_hash)
        return {"incarnation": incarnation_text(), "seq": seq, "txn": str(txn), "type": kind.decode(), "version": 1,
                "body": body.decode(), "body_hash": body_hash.hex(), "chain": chain.hex(),
                "signature": encode(self.key.sign(chain)), "clock": {"wall_ms": 1, "mono_ms": 1, "boot": ""},
                "business_date": "2026-11-23", "shift": 0, "cursor": ""}


def genesis():
    return blake(b"tillhouse-genesis" + INCARNATION.to_bytes(8, "big"))


def hello():
    return {"proto": 1, "fingerprint": "f" * 64, "boot": "", "program": "test", "known_server_seq": 0, "server_incarnation": "",
            "heads": [{"incarnation": incarnation_text(), "parent_incarnation": "", "parent_seq": 0,
                       "parent_chain": ZERO, "seq": 0, "chain": genesis().hex(), "samples": []}]}


def push(session, base_seq, base_chain, *entries):
    return {"proto": 1, "incarnation": incarnation_text(), "session": session,
            "base": {"seq": base_seq, "chain": base_chain.hex()}, "entries": list(entries),
            "queue": {"pending": 0, "oldest_s": 0, "held": 0, "parked": 0}}


def open_routes(client):
    client.call(200, "GET", "/v1/health", signed=False)
    client.call(200, "GET", "/v1/openapi.json", signed=False)
    client.call(200, "GET", "/v1/ca", signed=False)


def enrol(client, code):
    secret = code.replace("-", "")[:8]
    request = {"code": secret, "key": encode(client.key.public), "fingerprint": "f" * 64, "device": "test"}
    client.call(400, "POST", "/v1/enrol", body=b"{", signed=False)
    client.call(413, "POST", "/v1/enrol", body=b" " * 20000, signed=False)
    answer = client.call(200, "POST", "/v1/enrol", body=request, signed=False)
    client.call(403, "POST", "/v1/enrol", body=request, signed=False)
    client.terminal = answer["terminal_id"]
    expect_equal(answer["store_code"], STORE, "store")


def journal(client):
    path = "/v1/t/{terminal}/"
    client.call(401, "POST", path + "hello", body=hello(), signed=False)
    client.call(400, "POST", path + "hello", body=b"{}")
    session = client.call(200, "POST", path + "hello", body=hello())["session"]
    first = client.entry(1, genesis(), b'{"name":"\xc3\x85sa"}')
    second = client.entry(2, bytes.fromhex(first["chain"]), b"{}")
    client.call(400, "POST", path + "push", body=b"[]")
    client.call(409, "POST", path + "push", body=push("older", 0, genesis(), first))
    client.call(409, "POST", path + "push", body=push(session, 1, bytes.fromhex(first["chain"]), second))
    done = client.call(200, "POST", path + "push", body=push(session, 0, genesis(), first))
    expect_equal([r["outcome"] for r in done["results"]], ["applied"], "outcome")
    again = client.call(200, "POST", path + "push", body=push(session, 0, genesis(), first))
    expect_equal([r["outcome"] for r in again["results"]], ["duplicate"], "outcome of the same again")
    body = second.pop("body")
    held = client.call(200, "POST", path + "push", body=push(session, 1, bytes.fromhex(first["chain"]), second))
    expect_equal(held["results"][0]["reason"], "BODY_PENDING", "a header alone")
    parked(client, path, body.encode())
    rows = client.call(200, "GET", path + "journal",
                       f"/v1/t/{client.terminal}/journal?incarnation={incarnation_text()}&after=0")["entries"]
    expect_equal([row["body"] for row in rows], [first["body"], body], "bodies")
    client.call(400, "GET", path + "journal", f"/v1/t/{client.terminal}/journal?after=x")


def parked(client, path, body):
    def put(status, digest, data):
        return client.call(status, "PUT", path + "body/{hash}", f"/v1/t/{client.terminal}/body/{digest.hex()}", data)

    put(400, blake(b"other"), body)
    put(404, blake(b"never announced"), b"never announced")
    for outcome in ("applied", "duplicate"):
        expect_equal(put(200, blake(body), body)["results"][0]["outcome"], outcome, "the body that was parked")


def feed(client):
    client.call(410, "GET", "/v1/feed", "/v1/feed?scope=chain&cursor=")
    client.call(403, "GET", "/v1/feed", "/v1/feed?scope=store:other&cursor=")
    headers, data = client.call(200, "GET", "/v1/snapshot", f"/v1/snapshot?scope=store:{STORE}")
    expect_equal(blake(data).hex(), headers["tillhouse-hash"], "hash of the snapshot")
    expect(data.startswith(b"SQLite format 3"), "an SQLite file")
    cursors = dict(part.split("=") for part in headers["tillhouse-cursor"].split(","))
    for scope, cursor in cursors.items():
        page = client.call(200, "GET", "/v1/feed", f"/v1/feed?scope={scope}&cursor={cursor}")
        expect(page["up_to_date"], f"{scope} is up to date after the snapshot")
    epoch = cursors["chain"].split(".")[0]
    page = client.call(200, "GET", "/v1/feed", f"/v1/feed?scope=chain&cursor={epoch}.0")
    expect_equal([row["seq"] for row in page["rows"]], list(range(1, len(page["rows"]) + 1)), "numbers of the feed")
    _, events = client.call(200, "GET", "/v1/events", f"/v1/events?scope=chain,store:{STORE}")
    expect(events.startswith(b"event: head\ndata: {"), f"the first event, in {events!r}")
    client.call(403, "GET", "/v1/events", "/v1/events?scope=store:other")


def quote(client):
    basket = {"lines": [{"code": "4006381333931", "quantity_milli": 2000}, {"code": "TEE-NAV-M"}]}
    answer = client.call(200, "POST", "/v1/quote", f"/v1/quote?store={STORE}", basket)
    expect_equal(answer["total_minor"], sum(line["total_minor"] for line in answer["lines"]), "total")
    expect_equal((answer["total_minor"], answer["tax_minor"]), (2825, 35), "two pens at 1.95 with tax, one tee without")
    link = client.call(200, "POST", "/v1/quote", body={"lines": [{"code": "https://a/01/04006381333931/21/7"}]})
    expect_equal([(line["sku"], line["code"]) for line in link["lines"]], [("PEN-FINE-BLU", "(01)04006381333931(21)7")],
                 "a Digital Link")
    client.call(404, "POST", "/v1/quote", "/v1/quote?store=none", basket)
    client.call(404, "POST", "/v1/quote", body={"lines": [{"code": "NO-SUCH-THING"}]})
    client.call(400, "POST", "/v1/quote", body={"lines": [{"code": "TEE-NAV-M", "quantity_milli": 500}]})


def key(central, *words):
    return central.must("channel-key", *words).out.strip()


def keys(client, central):
    """Keys of channels ask quotes for their channel; a revoked one asks nothing; each is shown once."""
    basket = {"lines": [{"code": "TEE-NAV-M"}]}
    shop = f"/v1/quote?store={STORE}"
    web = key(central, "web-shop", "--channel", "web")
    expect(web.startswith("thk_") and len(web) > 40, "a key")
    expect_equal(client.call(200, "POST", "/v1/quote", shop, basket, key=web)["total_minor"], 2400, "a quote by key")
    client.call(403, "POST", "/v1/quote", shop + "&channel=app", basket, key=web)
    client.call(400, "POST", "/v1/quote", body=basket, key=web)
    client.call(401, "POST", "/v1/quote", shop, basket, key=web[:-1] + "x")
    client.call(401, "POST", "/v1/quote", shop, basket, signed=False)
    client.call(401, "GET", "/v1/feed", "/v1/feed?scope=chain&cursor=", key=web)
    expect("web-shop  web" in central.must("channel-key", "--list").out, "the list names it")
    expect(web not in central.must("channel-key", "--list").out, "and does not tell it")
    expect_equal(central.run("channel-key", "web-shop", "--channel", "web").code, 1, "a name twice")
    expect_equal(central.run("channel-key", "other", "--channel", "moon").code, 1, "no such channel")
    central.must("channel-key", "--revoke", "web-shop")
    client.call(401, "POST", "/v1/quote", shop, basket, key=web)
    expect_equal(central.run("channel-key", "--revoke", "web-shop").code, 1, "revoked already")
    return key(central, "web-shop", "--channel", "web"), key(central, "erp", "--channel", "office")


def promotion(version, rate):
    return {"id": "mugs 1", "version": version, "name": "Mugs", "effects": [
        {"kind": "percent", "rate_ppm": rate, "items": {"skus": ["MUG-SPK", "MUG-NONE"]}}]}


def rules(client, web, office):
    """Promotions come, change, end and come back by their versions; lists and taxes can be read."""
    one, at = "/v1/promotions/{id}", "/v1/promotions/mugs%201"
    basket = {"lines": [{"code": "MUG-SPK"}]}

    def discount():
        return client.call(200, "POST", "/v1/quote", body=basket)["discount_minor"]

    client.call(404, "GET", one, at)
    client.call(403, "PUT", one, at, promotion(1, 100000), key=web)
    client.call(401, "PUT", one, at, promotion(1, 100000))
    client.call(400, "PUT", one, at, {**promotion(1, 100000), "who": {"planet": 3}}, key=office)
    client.call(400, "PUT", one, "/v1/promotions/other", promotion(1, 100000), key=office)
    client.call(400, "PUT", one, at, b"{", key=office)
    expect_equal(discount(), 0, "before")
    done = client.call(200, "PUT", one, at, promotion(1, 100000), key=office)
    expect_equal((done["version"], len(done["notes"])), (1, 1), "version, and a word about the SKU that is none")
    expect_equal(discount(), 160, "10 %")
    client.call(409, "PUT", one, at, promotion(1, 200000), key=office)
    expect_equal(client.call(200, "PUT", one, at, promotion(2, 200000), key=office)["version"], 2, "version")
    expect_equal(discount(), 320, "20 %")
    expect_equal(client.call(200, "GET", one, at, key=web), promotion(2, 200000), "as it was put")
    listed = client.call(200, "GET", "/v1/promotions", key=web)
    expect("mugs 1" in [row["id"] for row in listed["promotions"]], "it is in the list")
    rest = client.call(200, "GET", "/v1/promotions", "/v1/promotions?after=mugs%201")
    expect(all(row["id"] > "mugs 1" for row in rest["promotions"]) and "next" not in rest, "the list goes on after it")
    client.call(200, "DELETE", one, at, key=office)
    client.call(404, "DELETE", one, at, key=office)
    expect_equal(discount(), 0, "after its end")
    client.call(409, "PUT", one, at, promotion(2, 200000), key=office)
    client.call(200, "PUT", one, at, promotion(3, 200000), key=office)
    trial(client, web, office)
    lists(client, web)


def policies(client, web, office):
    """What may come back can be read by every channel and is changed by head office under higher versions."""
    at = "/v1/policies/returns"
    policy = client.call(200, "GET", at, key=web)
    expect_equal(client.call(200, "GET", at), policy, "a till is told the same")
    changed = {**policy, "cash": {"max_minor": 1}}
    client.call(403, "PUT", at, body=policy, key=web)
    client.call(409, "PUT", at, body=changed, key=office)
    client.call(400, "PUT", at, body={**policy, "id": "other"}, fits=False, key=office)
    client.call(400, "PUT", at, body=b"{", key=office)
    done = client.call(200, "PUT", at, body={**changed, "version": policy["version"] + 1}, key=office)
    expect_equal(done["version"], policy["version"] + 1, "version")
    expect_equal(client.call(200, "GET", at, key=web), {**changed, "version": done["version"]}, "as it was put")


def returns(client, web):
    """Sales are found and returns quoted for whoever has a key; what is not there is told as that."""
    client.call(200, "GET", "/v1/sales", "/v1/sales?sku=MUG-SPK", key=web)
    client.call(200, "GET", "/v1/sales", "/v1/sales?receipt=none")
    client.call(400, "GET", "/v1/sales", key=web)
    client.call(401, "GET", "/v1/sales", "/v1/sales?sku=MUG-SPK", signed=False)
    question = {"source": {"receipt": "none"}, "lines": [{"line": 1}]}
    client.call(404, "POST", "/v1/returns/quote", body=question, key=web)
    client.call(400, "POST", "/v1/returns/quote", body={"source": {}, "lines": []}, fits=False, key=web)


def trial(client, web, office):
    """A promotion can be tried on the sales there were, by head office."""
    test = "/v1/promotions/test"
    report = client.call(200, "POST", test, test + "?last=5", promotion(4, 500000), key=office)
    expect_equal(report["promotion"], "mugs 1", "which was tried")
    expect(report["sales"] <= 5 and report["touched"] <= report["sales"], f"within the last five: {report!r}")
    client.call(200, "POST", test, f"{test}?store={STORE}", promotion(4, 500000), key=office)
    client.call(400, "POST", test, test + "?last=0", promotion(4, 500000), key=office)
    client.call(400, "POST", test, body={"id": "x"}, fits=False, key=office)
    client.call(403, "POST", test, body=promotion(4, 500000), key=web)
    client.call(401, "POST", test, body=promotion(4, 500000))


def lists(client, web):
    gold = client.call(200, "GET", "/v1/prices", "/v1/prices?list=group:gold", key=web)["rows"]
    expect(("COFFEE-250", 3000, 975) in [(row["sku"], row["min_quantity_milli"], row["price_minor"]) for row in gold],
           "a quantity break")
    page = client.call(200, "GET", "/v1/prices", "/v1/prices?list=group:gold&after=COFFEE-250,0,0")["rows"]
    expect_equal(page, gold[-1:] if gold[-1]["sku"] == "COFFEE-250" else gold[gold.index(page[0]):], "the rest of it")
    client.call(400, "GET", "/v1/prices", "/v1/prices")
    taxes = client.call(200, "GET", "/v1/taxes", key=None)["taxes"]
    expect("us-ny-sales" in [tax["id"] for tax in taxes], "the till's own store")
    client.call(200, "GET", "/v1/taxes", f"/v1/taxes?store={STORE}", key=web)
    client.call(404, "GET", "/v1/taxes", "/v1/taxes?store=none", key=web)


def people(client, web, office):
    made = client.call(201, "POST", "/v1/customers", body={"name": "Noah Bergström", "phone": "555 0100"}, key=web)
    one, at = "/v1/customers/{id}", f"/v1/customers/{made['id']}"
    expect_equal(client.call(200, "GET", one, at, key=web), made, "a customer")
    client.call(404, "GET", one, "/v1/customers/none", key=web)
    client.call(403, "PUT", one, at, {"name": "Noah", "groups": "gold"}, key=web)
    client.call(200, "PUT", one, at, {"name": "Noah", "groups": "gold"}, key=office)
    client.call(400, "PUT", one, at, {"name": ""}, fits=False, key=office)
    client.call(200, "GET", "/v1/customers", "/v1/customers?query=noah", key=web)
    client.call(400, "GET", "/v1/customers", key=web)
    client.call(200, "GET", "/v1/stores")
    client.call(200, "GET", "/v1/availability", "/v1/availability?sku=TEE-NAV-M&sku=MUG-SPK", key=web)
    client.call(400, "GET", "/v1/availability", key=web)
    return made["id"]


def carts(client, web, customer):
    content = {"customer": customer, "lines": [{"code": "TEE-NAV-M", "quantity_milli": 2000, "seen_minor": 2400}]}
    made = client.call(201, "POST", "/v1/carts", body=content, key=web)
    one, at = "/v1/carts/{id}", f"/v1/carts/{made['id']}"
    expect_equal(client.call(200, "GET", one, at), made, "a cart, read by a till")
    client.call(412, "PUT", one, at, content, key=web, more={"If-Match": '"9"'})
    expect_equal(client.call(200, "PUT", one, at, content, key=web, more={"If-Match": '"1"'})["version"], 2, "version")
    client.call(400, "PUT", one, at, {"lines": [{}]}, fits=False, key=web)
    client.call(200, "GET", "/v1/carts", "/v1/carts?customer=" + customer, key=web)
    client.call(200, "DELETE", one, at, key=web)
    client.call(409, "DELETE", one, at, key=web)


def orders(client, web, customer):
    keyed = {"Idempotency-Key": "one"}
    body = {"lines": [{"code": "TEE-NAV-M", "quantity_milli": 2000}], "customer": customer, "contact": {"language": "es"},
            "fulfilments": [{"kind": "pickup", "store": STORE}], "payments": [{"kind": "card", "amount_minor": 100}]}
    client.call(400, "POST", "/v1/orders", body=body, key=web)
    made = client.call(201, "POST", "/v1/orders", body=body, key=web, more=keyed)
    expect_equal(client.call(201, "POST", "/v1/orders", body=body, key=web, more=keyed), made, "the same order again")
    client.call(422, "POST", "/v1/orders", body={**body, "gift": True}, key=web, more=keyed)
    many = {"lines": [{"code": "TEE-NAV-M", "quantity_milli": 9999000}]}
    expect_equal(client.call(409, "POST", "/v1/orders", body=many, key=web, more={"Idempotency-Key": "two"})["skus"],
                 ["TEE-NAV-M"], "what there is not enough of")
    client.call(200, "GET", "/v1/orders", "/v1/orders?state=open&store=" + STORE, key=web)
    one, at = "/v1/orders/{id}", f"/v1/orders/{made['number']}"
    expect_equal(client.call(200, "GET", one, at), made, "an order, read by a till")
    client.call(404, "GET", one, "/v1/orders/W-1", key=web)
    client.call(200, "POST", one + "/notes", at + "/notes", {"words": "Wrap it."}, key=web)
    client.call(200, "POST", one + "/payments", at + "/payments", {"kind": "card", "amount_minor": -100}, key=web)
    client.call(200, "POST", one + "/change", at + "/change",
                {"fulfilment": made["fulfilments"][0]["id"], "promise_ms": made["placed_ms"] + 86400000}, key=web)
    client.call(400, "POST", one + "/change", at + "/change", {"fulfilment": "x"}, fits=False, key=web)
    code = client.call(200, "GET", one + "/code", at + "/code", key=web)
    expect_equal(client.call(200, "GET", one + "/code", f"{at}/code?fulfilment={made['fulfilments'][0]['id']}"), code,
                 "the same code, for a till")
    renewed = client.call(200, "POST", one + "/code", at + "/code", key=web)
    expect_equal(renewed["serial"], code["serial"] + 1, "a newer one")
    client.call(404, "GET", one + "/code", at + "/code?fulfilment=none", key=web)
    client.call(404, "POST", one + "/code", "/v1/orders/W-1/code", key=web)
    client.call(401, "POST", one + "/code", at + "/code", signed=False)
    client.call(412, "POST", one + "/cancel", at + "/cancel", {}, key=web, more={"If-Match": '"1"'})
    client.call(200, "POST", one + "/cancel", at + "/cancel", {"lines": [{"line": 1, "quantity_milli": 1000}]}, key=web)
    client.call(200, "POST", one + "/cancel", at + "/cancel", {}, key=web)
    client.call(409, "POST", one + "/cancel", at + "/cancel", {}, key=web)
    client.call(200, "GET", one + "/timeline", at + "/timeline", key=web)


def webhooks(client, office, till):
    """A receiver that is not there: its delivery dies, is shown, and tried anew."""
    all_of, one = "/v1/webhooks", "/v1/webhooks/{id}"
    wish = {"url": f"http://127.0.0.1:{free_port()}/", "types": ["exception.raised"]}
    client.call(401, "POST", all_of, body=wish)
    client.call(400, "POST", all_of, body={"url": "http://shop.example/"}, key=office)
    hook = client.call(201, "POST", all_of, body=wish, key=office)
    at = f"{all_of}/{hook['id']}"
    expect_equal([row["id"] for row in client.call(200, "GET", all_of, key=office)["webhooks"]], [hook["id"]], "listed")
    till.sync()
    till.sell({"lines": [{"code": till.skus(1)[0], "quantity_milli": 900000}]})
    till.sync()

    def dead():
        return client.call(200, "GET", one + "/deliveries", at + "/deliveries?state=dead", key=office)["deliveries"]

    number = wait_until(dead, "a dead delivery", pause_s=0.2)[0]["number"]
    retry = one + "/deliveries/{number}/retry"
    client.call(200, "POST", retry, f"{at}/deliveries/{number}/retry", key=office)
    client.call(404, "POST", retry, f"{at}/deliveries/0/retry", key=office)
    client.call(400, "GET", one + "/deliveries", at + "/deliveries?state=lost", key=office)
    client.call(200, "DELETE", one, at, key=office)
    client.call(404, "GET", one + "/deliveries", at + "/deliveries", key=office)


@case("/integration/openapi/every-operation-answers-as-described")
def answers():
    if jsonschema is None:
        raise Skip("python3-jsonschema is not installed")
    with Shop() as shop:
        central = shop.central().demo().start("--webhooks-wait", "5")
        client = Client(central.port)
        jsonschema.Draft202012Validator.check_schema(client.description["components"]["schemas"]["Push"])
        open_routes(client)
        enrol(client, central.enrol_code())
        journal(client)
        feed(client)
        quote(client)
        web, office = keys(client, central)
        rules(client, web, office)
        policies(client, web, office)
        returns(client, web)
        customer = people(client, web, office)
        carts(client, web, customer)
        orders(client, web, customer)
        webhooks(client, office, shop.till("till").enrol(central))
        described = {(method.upper(), path) for path, item in client.description["paths"].items() for method in item}
        expect_equal(client.seen, described, "operations called and described")
        expect_equal(client.ask("GET", "/v1/nothing")[0], 404, "an address that is none")
        expect_equal(client.ask("DELETE", "/v1/ca")[0], 405, "a method that is none")
        expect_equal(central.check()["problems"], [], "the books after it")


run()
