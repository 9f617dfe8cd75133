#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the three sounds of the till beside this file; run it again after changing a tone.

accepted: one short high tone; unknown: two falling tones; attention: three low ones."""
import math
import pathlib
import struct
import wave

RATE = 22050
SOUNDS = {
    "accepted": [(1760, 0.07)],
    "unknown": [(660, 0.11), (0, 0.03), (440, 0.17)],
    "attention": [(392, 0.12), (0, 0.05), (392, 0.12), (0, 0.05), (330, 0.2)],
}


def tone(frequency, seconds):
    count = int(RATE * seconds)
    for i in range(count):
        edge = min(i, count - i) / (RATE * 0.008)  # 8 ms in and out, so that nothing clicks
        level = 0.35 * min(1.0, edge) if frequency else 0.0
        yield level * (math.sin(2 * math.pi * frequency * i / RATE) +
                       0.25 * math.sin(4 * math.pi * frequency * i / RATE)) / 1.25


def main():
    folder = pathlib.Path(__file__).parent
    for name, tones in SOUNDS.items():
        samples = [s for frequency, seconds in tones for s in tone(frequency, seconds)]
        with wave.open(str(folder / f"{name}.wav"), "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(RATE)
            out.writeframes(b"".join(struct.pack("<h", int(s * 32767)) for s in samples))


if __name__ == "__main__":
    main()
