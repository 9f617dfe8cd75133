# SPDX-License-Identifier: Apache-2.0
"""Pictures of codes with what they say: the shared collection, and how a read is compared with it."""

import json
import os

# How the makers of a QR code may have written a text; the first that fits its bytes is right.
CHARSETS = ("utf-8", "shift_jis", "cp932", "latin-1")


def load():
    """(folder, [picture]) of the collection, or (None, []) where it is not."""
    root = os.environ.get("TILL_SHARED_DATA", "")
    index = os.path.join(root, "images", "index.json")
    if not os.path.exists(index):
        return None, []
    with open(index, encoding="utf-8") as file:
        return root, json.load(file)["images"]


def expand_upce(code):
    """The 12 digits of UPC-A that a UPC-E of 8 stands for."""
    system, six, check = code[0], code[1:7], code[7]
    last = six[5]
    if last in "012":
        body = six[:2] + last + "0000" + six[2:5]
    elif last == "3":
        body = six[:3] + "00000" + six[3:5]
    elif last == "4":
        body = six[:4] + "00000" + six[4]
    else:
        body = six[:5] + "0000" + last
    return system + body + check


def item_number(symbology, text):
    """Retail codes of one item are equal in 14 digits."""
    if symbology == "UPC-E" and len(text) == 8:
        text = expand_upce(text)
    return text.zfill(14)


def is_right(picture, symbology, text, raw):
    """Whether a read (its text, or None, and its bytes) is what the picture says."""
    wanted = picture["text"]
    if picture["symbology"] == "QR":
        if symbology != "QR-Code":
            return False
        return text == wanted or any(fits(raw, wanted, charset) for charset in CHARSETS)
    if picture["symbology"] in ("EAN-13", "UPC-A", "EAN-8", "UPC-E"):
        if text is None or not text.isdigit() or symbology not in ("EAN-13", "UPC-A", "EAN-8", "UPC-E"):
            return False
        return item_number(symbology, text) == item_number(picture["symbology"], wanted)
    return text == wanted


def fits(raw, wanted, charset):
    try:
        return raw == wanted.encode(charset)
    except UnicodeError:
        return False


def code_bytes(code):
    """The bytes of a code that tillctl printed."""
    if "bytes_hex" in code:
        return bytes.fromhex(code["bytes_hex"])
    return code["text"].encode("utf-8")


def known_others(pictures):
    """Texts of the collection by set: some pictures show a second code of the same shelf."""
    others = {}
    for picture in pictures:
        others.setdefault(picture["set"], set()).add(picture["text"])
    return others


class Judge:
    """Compares what was read with what the pictures say."""

    def __init__(self, pictures):
        self.others = known_others(pictures)

    def split(self, picture, codes):
        """(read right, the misreads) of tillctl's codes: a second code is none if another picture of its set says so."""
        right, wrong = False, []
        for code in codes:
            if is_right(picture, code["symbology"], code.get("text"), code_bytes(code)):
                right = True
            elif code.get("text") not in self.others[picture["set"]]:
                wrong.append(code)
        return right, wrong
