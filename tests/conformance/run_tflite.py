#!/usr/bin/env python3
"""Runs every .tflite file of the shared folders on Toucanet's interpreter, plain and fast, and on LiteRT (see README.md)."""

import argparse
import concurrent.futures
import json
import os
import sys
import time

import judge
import numpy as np
import report
import tflite_files
import tflite_report
import tflite_worker

ROOT = tflite_files.ROOT
OURS, THEIRS = ("ref", "fast"), ("ref", "opt", "xnn")


def setting(name, default):
    return os.path.abspath(os.path.expanduser(os.environ.get(name) or default))


class Pair:
    """A process of LiteRT and one of Toucanet."""

    def __init__(self, python, seconds=60):
        self.litert, self.toucanet = tflite_worker.worker("litert", seconds=seconds), tflite_worker.worker("toucanet", python, seconds)

    def close(self):
        self.litert.close()
        self.toucanet.close()


def truth(pair, file, signature):
    """(sample, resolver, outputs, error): LiteRT's first answer, reference kernels first."""
    described, error = None, ""
    for resolver in THEIRS:
        described, error = pair.litert.ask(resolver, (file.path, signature), [None])[0]
        if described:
            break
    if not described:
        return None, None, None, error
    for sample in tflite_files.samples(file, described["inputs"]):
        for resolver in THEIRS:
            outputs, error = pair.litert.ask(resolver, (file.path, signature), [sample])[0]
            if outputs is not None:
                return sample, resolver, outputs, ""
    return sample, None, None, error


def differs(file, got, want):
    """Empty where ours are LiteRT's results: integers equal, floats within the bound of judge.py."""
    if len(got) != len(want):
        return f"{len(got)} results for {len(want)}"
    for (name, mine), (_, value) in zip(got, want):
        if tflite_files.RANDOM & set(file.operators) and mine.shape == value.shape and mine.dtype == value.dtype:
            continue
        if value.dtype.kind not in "fbiu":
            if mine.tolist() != value.tolist():
                return f"{name}: other values"
            continue
        if mine.dtype != value.dtype:
            return f"{name}: {mine.dtype} for {value.dtype}"
        if reason := judge.compare(value, mine, value.dtype)[0]:
            return f"{name}: {reason}"
    return ""


def matches(file, want):
    """Whether LiteRT itself gives what is recorded beside the file; None where nothing is."""
    blobs = tflite_files.recorded(file, "out")
    if not blobs:
        return None
    if any(value.size == 0 or len(blob) / value.size not in (1, 2, 4, 8) for blob, (_, value) in zip(blobs, want)):
        return False
    # Integers are recorded in another width here and there.
    kept = [(name, np.frombuffer(blob, f"{value.dtype.kind}{len(blob) // value.size}").reshape(value.shape).astype(value.dtype))
            for blob, (name, value) in zip(blobs, want)]
    return not differs(file, kept, want)


def run_one(pair, file, signature):
    """{"result", "reason", "remark"} of one graph of a file."""
    sample, resolver, want, refusal = truth(pair, file, signature)
    if sample is None:  # LiteRT cannot even say what the inputs are: ours may, or refuses
        answers = [pair.toucanet.ask(kind, (file.path, signature), [None])[0] for kind in OURS]
        sample = next(tflite_files.samples(file, answers[0][0]["inputs"])) if answers[0][0] else None
    if sample is not None:
        answers = [pair.toucanet.ask(kind, (file.path, signature), [sample])[0] for kind in OURS]
    crash = next((error for _, error in answers if error and error.startswith("crash")), None)
    if crash:
        return {"result": "crashed", "reason": crash}
    failed = next((error for _, error in answers if error), None)
    if want is None:
        return {"result": "both refuse" if failed else "LiteRT refuses", "reason": failed or refusal, "litert": refusal}
    if failed:
        return {"result": "refused", "reason": failed}
    for kind, (got, _) in zip(OURS, answers):
        if reason := differs(file, got, want):
            return {"result": "differs", "reason": f"{kind} from LiteRT's {resolver}: {reason}"}
    return {"result": "agrees", "reason": "", "resolver": resolver, "recorded": matches(file, want)}


def run_file(pair, file):
    """One entry a file; its graph's or signatures' worst result counts."""
    described = pair.litert.ask("opt", (file.path, None), [None])[0][0]
    keys = described["signatures"] if described else []
    order = ["crashed", "differs", "refused", "LiteRT refuses", "both refuse", "agrees"]
    found = [run_one(pair, file, key) for key in [None] + (keys if len(keys) > 1 else [])]
    worst = min(found, key=lambda one: order.index(one["result"]))
    return {"suite": file.suite, "name": file.name, "outside": file.outside, "operators": file.operators, "graphs": len(found), **worst}


def run_all(files, python):
    def some(part):
        pair = Pair(python)
        entries = [run_file(pair, file) for file in part]
        pair.close()
        return entries

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        parts = list(pool.map(some, (files[::2], files[1::2])))
    return sorted(sum(parts, []), key=lambda entry: entry["name"])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", metavar="TEXT", help="files that have this in their name")
    parser.add_argument("--results", metavar="PATH", help="write every result there as JSON")
    parser.add_argument("--no-doc", action="store_true", help="leave doc/conformance.md alone")
    options = parser.parse_args()
    shared = setting("TOUCANET_SHARED", os.path.join(ROOT, "..", "shared"))
    python = setting("TOUCANET_PYTHON", os.path.join(ROOT, ".venv", "bin", "python"))
    if not os.path.isdir(os.path.join(shared, "suites")):
        print(f"skipped: no suites in {shared} (TOUCANET_SHARED)")
        return 0
    start = time.time()
    files = [file for file in tflite_files.files(shared) if not options.only or options.only in file.name]
    entries = run_all(files, python)
    if options.results:
        with open(options.results, "w") as f:
            json.dump(entries, f, indent=1)
    if not options.only and not options.no_doc:
        report.replace_part(os.path.join(ROOT, "doc", "conformance.md"), tflite_report.TITLE, tflite_report.page(entries))
    print(tflite_report.console(entries))
    print(f"{time.time() - start:.0f} s")
    return 1 if any(tflite_report.is_bad(entry) for entry in entries) else 0


if __name__ == "__main__":
    sys.exit(main())
