# SPDX-License-Identifier: Apache-2.0
"""tillctl camera: what a technician sees of a camera, with pictures in its place."""

import json
import os

from shop import Shop
from tap import case, expect, expect_equal, run

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
CORPUS = os.path.join(ROOT, "tests", "fuzz", "corpus", "picture")


def camera(shop, *words):
    result = shop.till("none").run("camera", *words)
    return result, [json.loads(line) for line in result.out.splitlines()]


def picture(name):
    return "picture:" + os.path.join(CORPUS, name)


@case("/integration/camera/a-code-is-printed-once")
def codes():
    with Shop() as shop:
        for name, symbology, text in (("qr.png", "QR-Code", "https://pickup.example/c/AB12"),
                                      ("qr.jpg", "QR-Code", "https://pickup.example/c/AB12"),
                                      ("ean.png", "EAN-13", "4006381333931")):
            result, lines = camera(shop, "--source", picture(name), "--seconds", "4")
            expect_equal(result.code, 0, f"exit code of {result!r}")
            expect_equal([(line["symbology"], line["text"]) for line in lines], [(symbology, text)], name)
            expect(isinstance(lines[0]["ms"], int) and lines[0]["ms"] > 0, f"milliseconds of {lines[0]}")


@case("/integration/camera/once-ends-with-the-first-code")
def once():
    with Shop() as shop:
        result, lines = camera(shop, "--once", "--seconds", "60", "--source", picture("qr.png"))
        expect_equal((result.code, len(lines)), (0, 1), f"{result!r}")
        empty = os.path.join(ROOT, "assets", "screenshots", "checkout.png")
        result, lines = camera(shop, "--once", "--seconds", "2", "--source", "picture:" + empty)
        expect_equal((result.code, lines), (1, []), f"{result!r}")
        expect("No code was read" in result.err, f"what is said: {result.err}")


@case("/integration/camera/a-camera-that-fails-says-so")
def faults():
    with Shop() as shop:
        rubbish = shop.path("rubbish.png")
        with open(rubbish, "wb") as file:
            file.write(b"\x89PNG\r\n\x1a\nrubbish")
        for source, words in (("picture:" + shop.path("none.png"), "check the name"),
                              ("pictures:" + shop.path("none%d.png"), "check the name"),
                              ("picture:" + rubbish, "PNG or JPEG"),
                              ("v4l2:" + shop.path("video0"), "plug it in")):
            result, lines = camera(shop, "--seconds", "60", "--source", source)
            expect_equal((result.code, lines), (1, []), f"{result!r}")
            expect(words in result.err, f"what is said of {source}: {result.err}")


@case("/integration/camera/a-wrong-line-is-refused")
def usage():
    with Shop() as shop:
        for words in (("--source", "none"), ("--seconds", "0"), ("--seconds", "soon"), ("now",)):
            expect_equal(camera(shop, *words)[0].code, 2, f"exit code of camera {words}")
        expect_equal(camera(shop, "--source", "webcam")[0].code, 1, "exit code of an unknown source")


run()
