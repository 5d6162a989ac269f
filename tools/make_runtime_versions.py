#!/usr/bin/env python3
"""Write src/export/runtime_versions.inc from facts/tflite_op_versions.md.

One line for each (builtin, version): the first TensorFlow release whose runtime knows it.
"""
import os
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent
SHARED = ROOT / os.environ.get("TOUCANET_SHARED", "../shared")
TARGET = ROOT / "src/export/runtime_versions.inc"

ROW = re.compile(r"^\| (\w+) \|.*\|([^|]*)\|$", re.M)
UNREGISTERED = re.compile(r"^(\w+) \((\d+:[^)]*)\)", re.M)
PAIR = re.compile(r"(\d+):(\d+(?:\.\d+)+)")


def main():
    text = (SHARED / "facts/tflite_op_versions.md").read_text()
    found = {
        (builtin, int(version)): release
        for builtin, releases in ROW.findall(text) + UNREGISTERED.findall(text)
        for version, release in PAIR.findall(releases)
    }
    lines = [f'{{"{name}", {version}, "{release}"}},'
             for (name, version), release in sorted(found.items())]
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text("\n".join(["// Written by tools/make_runtime_versions.py.", *lines]) + "\n")


if __name__ == "__main__":
    main()
