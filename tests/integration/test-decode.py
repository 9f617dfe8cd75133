# SPDX-License-Identifier: Apache-2.0
"""tillctl decode: codes out of picture files, through the process of its own."""

import json
import os
import struct
import zlib

import images
from shop import Shop
from tap import Skip, case, expect, expect_equal, run

CORPUS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "fuzz", "corpus", "picture")
# So many pictures are looked at here; tests/bench/bench-decode.py looks at all, beside zbarimg.
SAMPLE = 40


def decode(shop, *words):
    result = shop.till("none").run("decode", *words)
    return result, [json.loads(line) for line in result.out.splitlines()]


def corpus(name):
    return os.path.join(CORPUS, name)


def write(shop, name, data):
    path = shop.path(name)
    with open(path, "wb") as file:
        file.write(data)
    return path


def make_png(width, height, rows):
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@case("/integration/decode/reads-each-format-in-order-without-a-home")
def formats():
    with Shop() as shop:
        names = ["ean.pgm", "qr.png", "grey.ppm", "qr.jpg", "ean.png"]
        result, lines = decode(shop, *map(corpus, names))
        expect_equal(result.code, 0, f"exit code of {result!r}")
        expect_equal([os.path.basename(line["file"]) for line in lines], names, "order")
        found = [[(code["symbology"], code["text"]) for code in line["codes"]] for line in lines]
        qr = [("QR-Code", "https://pickup.example/c/AB12")]
        ean = [("EAN-13", "4006381333931")]
        expect_equal(found, [ean, qr, [], qr, ean], "codes")
        expect_equal(lines[0]["codes"][0]["gtin14"], "04006381333931", "GTIN-14")
        expect(all(isinstance(line["ms"], int) and line["ms"] > 0 for line in lines), "milliseconds")


@case("/integration/decode/what-is-no-picture-is-said-and-the-rest-goes-on")
def faults():
    with Shop() as shop:
        bomb = write(shop, "bomb.png", make_png(30000, 30000, b"\0" * 1000))
        with open(corpus("qr.png"), "rb") as file:
            head = write(shop, "head.png", file.read(20))
        names = [corpus("no-picture"), head, corpus("cut.pgm"), corpus("huge.pgm"), shop.path("missing.png"),
                 write(shop, "empty.png", b""), bomb, shop.path(""), corpus("qr.png")]
        result, lines = decode(shop, *names)
        expect_equal(result.code, 1, "exit code")
        expect("8 of 9" in result.err, f"the count is told: {result.err!r}")
        expect_equal([line["file"] for line in lines], names, "order")
        for line in lines[:-1]:
            expect("codes" not in line and line["error"].endswith("."), f"a sentence: {line}")
        expect("larger" in lines[6]["error"], f"the bomb is not unpacked: {lines[6]}")
        expect_equal(lines[-1]["codes"][0]["text"], "https://pickup.example/c/AB12", "the last one")


@case("/integration/decode/wrong-words-are-usage")
def usage():
    with Shop() as shop:
        expect_equal(decode(shop)[0].code, 2, "no picture")
        expect_equal(decode(shop, "--stages", "some", corpus("qr.png"))[0].code, 2, "no such stages")
        result, lines = decode(shop, "--stages", "raw", corpus("qr.png"))
        expect_equal((result.code, len(lines[0]["codes"])), (0, 1), "the plain picture only")


@case("/integration/decode/photographs-lose-nothing-and-nothing-is-misread")
def photographs():
    folder, pictures = images.load()
    if folder is None:
        raise Skip("the shared pictures are not on this machine")
    judge = images.Judge(pictures)
    sample = pictures[::max(1, len(pictures) // SAMPLE)]
    with Shop() as shop:
        result, lines = decode(shop, *(os.path.join(folder, picture["file"]) for picture in sample))
    expect_equal((result.code, len(lines)), (0, len(sample)), f"every one is looked at: {result.err!r}")
    read = 0
    for picture, line in zip(sample, lines):
        right, wrong = judge.split(picture, line["codes"])
        expect(not wrong, f"misread: {line}, {picture['text']!r} is right")
        expect(right or not picture["zbarimg_0_23_92"].startswith("same"), f"lost: {line}, {picture['text']!r}")
        read += right
    expect(read * 100 >= 80 * len(sample), f"{read} of {len(sample)} were read")


run()
