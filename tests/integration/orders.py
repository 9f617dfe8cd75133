# SPDX-License-Identifier: Apache-2.0
"""Another channel than a till: asks the central for orders, carts and customers with a key, as a web shop would."""

import http.client
import itertools
import json


class Channel:
    """One key of one channel; each call is a connection of its own, so that any thread may ask."""

    def __init__(self, central, name="web-shop", channel="web"):
        self.port = central.port
        self.key = central.must("channel-key", name, "--channel", channel).out.strip()
        self.name = name
        self.count = itertools.count()

    def ask(self, method, target, body=None, headers=None):
        """status, answer, headers."""
        sent = {"Authorization": f"Bearer {self.key}", **(headers or {})}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            data = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else None
            connection.request(method, target, data, sent)
            answer = connection.getresponse()
            text = answer.read()
            return answer.status, json.loads(text) if text else None, dict(answer.getheaders())
        finally:
            connection.close()

    def call(self, status, method, target, body=None, headers=None):
        got, answer, _ = self.ask(method, target, body, headers)
        assert got == status, f"{method} {target}: {got}, not {status}: {answer}"
        return answer

    def new_key(self):
        return f"{self.name}-{next(self.count)}"

    def order(self, status=201, key=None, **body):
        return self.call(status, "POST", "/v1/orders", body, {"Idempotency-Key": key or self.new_key()})

    def available(self, store, sku):
        answer = self.call(200, "GET", f"/v1/availability?sku={sku}&store={store}")
        return answer["stores"][0]["items"][0]


def lines(**skus):
    """lines(TEE_NAV_M=2): two pieces of TEE-NAV-M."""
    return [{"code": sku.replace("_", "-"), "quantity_milli": count * 1000} for sku, count in skus.items()]
