# SPDX-License-Identifier: Apache-2.0
"""A shop with offers whose amounts a test can know: the demo chain's goods and staff, and promotions of its own.

Tees (24.00) are 20 % off by two; two speckled mugs (16.00) are 28.00; gold members get 5 % off the basket; the coupon
SPRING10 takes 10 % off linen shirts (59.00), OLD5 has ended; with 300.00 a candle is a gift.
"""

import json
import os

ASSETS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "assets", "demo")
GOODS = ["stores", "products", "prices", "stock", "staff", "taxes"]
TEE, OTHER_TEE, MUG, LINEN = "TEE-NAV-S", "TEE-NAV-M", "MUG-SPK", "LINEN-SKY-S"
CARD = "JR100005"
CUSTOMERS = f"id,name,email,phone,loyalty,groups\nc-0005,Dana Kowalski,dana.kowalski@mail.example,+1 555 0199,{CARD},gold\n"
PROMOTIONS = [
    {"id": "tees", "name": "Buy 2 tees, 20% off",
     "effects": [{"kind": "percent", "on": "set", "rate_ppm": 200000,
                  "parts": [{"quantity": 2, "items": {"styles": ["TEE"]}}]}]},
    {"id": "mugs", "name": "2 speckled mugs for 28",
     "effects": [{"kind": "fixed_price", "on": "set", "price_minor": 2800,
                  "parts": [{"quantity": 2, "items": {"skus": ["MUG-SPK", "MUG-INK"]}}]}]},
    {"id": "gold", "name": "Gold member 5%", "stage": "member", "who": {"groups": ["gold"]},
     "effects": [{"kind": "percent", "on": "basket", "rate_ppm": 50000}]},
    {"id": "spring", "name": "Spring linen 10%", "coupon": {"codes": ["SPRING10"]},
     "effects": [{"kind": "percent", "rate_ppm": 100000, "items": {"styles": ["LINEN"]}}]},
    {"id": "old", "name": "Five off", "coupon": {"codes": ["OLD5"]}, "valid": {"to_ms": 1700000000000},
     "effects": [{"kind": "amount", "on": "basket", "amount_minor": 500}]},
    {"id": "candle", "name": "Candle with 300.00", "needs": [{"amount_minor": 30000}],
     "effects": [{"kind": "gift", "sku": "CANDLE-JUN", "quantity": 1}]},
]


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def central_with_offers(shop):
    """A central, not yet started, with these goods and offers in its books."""
    central = shop.central()
    for what in GOODS:
        central.must("import", what, os.path.join(ASSETS, what + ".csv"))
    central.must("import", "customers", write(shop.path("customers.csv"), CUSTOMERS))
    central.must("import", "promotions", write(shop.path("promotions.json"), json.dumps({"promotions": PROMOTIONS})))
    return central
