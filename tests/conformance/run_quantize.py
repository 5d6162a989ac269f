#!/usr/bin/env python3
"""Quantises every file of the suites below in every mode, and looks at what comes out (see README.md)."""

import argparse
import collections
import concurrent.futures
import fnmatch
import json
import os
import re
import subprocess
import sys
import tempfile
import zlib

import judge
import numpy as np
import tflite_files
import tflite_worker
from stored_model import StoredModel
from tflite_report import cell

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = tflite_files.ROOT
SUITES = ("litert", "ai_edge_quantizer", "glow")
SAMPLES = 4
WEIGHTS = ["--min-weight-elements", "1"]
# Flags, and the signal to noise beside the float model, in dB, below which a reason is due.
MODES = {
    "dynamic_range": (["--mode", "dynamic_range", *WEIGHTS], 25),
    "dynamic_range_int8": (["--mode", "dynamic_range", *WEIGHTS, "--input-type", "int8", "--output-type", "int8"], 20),
    "weight_only": (["--mode", "weight_only", *WEIGHTS], 25),
    "weight_only_uint8": (["--mode", "weight_only", *WEIGHTS, "--input-type", "uint8", "--output-type", "uint8"], 20),
    "float16": (["--mode", "float16"], 55),
    "int8": (["--mode", "int8"], 20),
    "int8_int8": (["--mode", "int8", "--input-type", "int8", "--output-type", "int8"], 20),
    "int8_uint8": (["--mode", "int8", "--input-type", "uint8", "--output-type", "uint8"], 20),
    "int8_strict": (["--mode", "int8", "--strict"], 20),
    "int16x8": (["--mode", "int16x8"], 30),
    "int16x8_int16": (["--mode", "int16x8", "--input-type", "int16", "--output-type", "int16"], 30),
    "uint8": (["--mode", "uint8"], 15),
}
RESULTS = ("agrees", "not run", "refused", "far", "unsound", "differs", "wrong code", "crashed")


def known_deviations():
    """[(file pattern, mode pattern, result, reason)]"""
    with open(os.path.join(HERE, "quantize_deviations.txt")) as f:
        rows = [line.split(None, 3) for line in f if line.strip() and not line.startswith("#")]
    return [(name, mode, result, reason.strip()) for name, mode, result, reason in rows]


def exceptions():
    """Operators that doc/exactness.md compares with another kernel than the reference's."""
    with open(os.path.join(ROOT, "tests", "oracle", "kernel_exceptions.json")) as f:
        return {row["operator"] for row in json.load(f)}


class Pair:
    def __init__(self, python):
        self.litert, self.toucanet = tflite_worker.worker("litert"), tflite_worker.worker("toucanet", python)

    def run(self, which, resolver, path, signature, samples):
        """(outputs of each sample, "") or (None, the first error)."""
        answers = getattr(self, which).ask(resolver, (path, signature), samples)
        error = next((error for _, error in answers if error), "")
        return (None, error) if error else ([outputs for outputs, _ in answers], "")

    def describe(self, path, signature=None):
        for which, resolver in (("litert", "ref"), ("litert", "opt"), ("toucanet", "ref")):
            described, _ = getattr(self, which).ask(resolver, (path, signature), [None])[0]
            if described:
                return described
        return None

    def close(self):
        self.litert.close()
        self.toucanet.close()


def within(rng, item, limits, largest, positive):
    """Like tflite_files.seeded; floats within the range that the file stores."""
    if limits and item["dtype"] == "float32":
        return rng.uniform(*limits, size=item["shape"]).astype(np.float32)
    x = np.asarray(tflite_files.seeded(rng, item["dtype"], item["shape"], largest))
    return np.abs(x) + x.dtype.type(0.1) if positive and x.dtype.kind == "f" else x


class Graph:
    """One graph of a float file (by signature; None: the main one), samples for it and what it makes of them."""

    def __init__(self, pair, path, stored, signature):
        self.signature, self.samples, self.floats, self.resolver, self.error = signature, [], None, "", ""
        self.described = pair.describe(path, signature)
        if not self.described:
            self.error = pair.run("litert", "opt", path, signature, [None])[1]
            return
        limits = [stored.limits(signature, item["name"]) for item in self.described["inputs"]]
        # Integers may be indices; of negative numbers there may be no root.
        for largest, positive in ((3, False), (2, False), (1, False), (3, True)):
            rng = np.random.default_rng(zlib.crc32(f"{os.path.basename(path)} {signature}".encode()))
            self.samples = [[within(rng, item, limit, largest, positive) for item, limit in zip(self.described["inputs"], limits)] for _ in range(SAMPLES)]
            for self.resolver in ("ref", "opt", "xnn"):
                self.floats, self.error = pair.run("litert", self.resolver, path, signature, self.samples)
                if self.floats:
                    break
            if self.floats and all(np.isfinite(y).all() for one in self.floats for _, y in one if y.dtype.kind == "f"):
                return

    def arrays(self):
        """(name, the samples of one input, stacked), as toucanet calibrate takes them."""
        for k, item in enumerate(self.described["inputs"]):
            name = f"{self.signature}/{item['key']}" if self.signature else f"arr_{k}"
            yield name, np.stack([sample[k] for sample in self.samples])


def stored_sample(sample, items):
    """What an input of integers with a scale is given for real numbers."""
    def one(x, item):
        scale, zero = item["quantization"]
        if x.dtype.kind != "f" or item["dtype"].startswith("float"):
            return x
        info = np.iinfo(item["dtype"])
        return np.clip(np.round(x.astype(np.float64) / scale) + zero, info.min, info.max).astype(item["dtype"])
    return [one(x, item) for x, item in zip(sample, items)]


def real(x, item):
    scale, zero = item["quantization"]
    return (x.astype(np.float64) - zero) * scale if scale and x.dtype.kind in "iu" else x.astype(np.float64)


def signal_to_noise(graph, got, items, stored):
    """The least of the float outputs, in dB, and the share of equal ones among the others. What the stored range cuts
    off is no noise."""
    worst, equal = np.inf, 1.0
    for k, item in enumerate(items):
        want = [floats[k][1] for floats in graph.floats]
        mine = [outputs[k][1] for outputs in got]
        if want[0].dtype.kind != "f":
            equal = min(equal, float(np.mean([np.mean(a == b) if a.shape == b.shape and a.size else 1.0 for a, b in zip(want, mine)])))
            continue
        if any(a.shape != b.shape for a, b in zip(want, mine)):
            return -np.inf, 0.0
        limits = stored.limits(graph.signature, item["name"]) or (-np.inf, np.inf)
        # Stored integers reach 0 too, and half a step beyond their ends.
        w = np.clip(np.concatenate([a.ravel() for a in want]).astype(np.float64), min(0, limits[0]), max(0, limits[1]))
        m = np.clip(np.concatenate([real(b, item).ravel() for b in mine]), min(0, limits[0]), max(0, limits[1]))
        good = np.isfinite(w) & np.isfinite(m)
        signal, noise = float(np.sum(w[good] ** 2)), float(np.sum((w[good] - m[good]) ** 2))
        if noise and good.any():
            worst = min(worst, 10 * np.log10(signal / noise) if signal else -np.inf)
    return worst, equal


def differs(got, want, floats):
    """`floats`: results are computed as floats, which need only be near, and stored at the end: a step apart where one lies
    between two."""
    for mine, theirs in zip(got, want):
        if len(mine) != len(theirs):
            return f"{len(mine)} results for {len(theirs)}"
        for (name, a), (_, b) in zip(mine, theirs):
            if a.dtype != b.dtype:
                return f"{name}: {a.dtype} for {b.dtype}"
            if floats and a.dtype in (np.int8, np.uint8) and a.shape == b.shape and (np.abs(a.astype(int) - b) <= 1).all():
                continue
            if a.dtype.kind in "fbiu" and (reason := judge.compare(b, a, b.dtype)[0]):
                return f"{name}: {reason}"
    return ""


def executed(pair, path, graph, stored, other_kernels, floats, least):
    """(result, message, dB) of one graph of a quantised file."""
    described = pair.describe(path, graph.signature)
    if not described:
        return "differs", "nobody can load it: " + pair.run("litert", "opt", path, graph.signature, [None])[1], None
    samples = [stored_sample(sample, described["inputs"]) for sample in graph.samples]
    ours = {}
    for kind in ("ref", "fast"):
        ours[kind], error = pair.run("toucanet", kind, path, graph.signature, samples)
        if error:
            return ("crashed" if error.startswith("crash") else "differs"), f"toucanet {kind}: {error}", None
    message = ""
    for resolver in ("ref", "opt"):
        wanted, error = pair.run("litert", resolver, path, graph.signature, samples)
        if error:
            message = message or f"LiteRT {resolver}: {error}"
            continue
        reasons = [f"{kind} from LiteRT's {resolver}: {reason}" for kind in ours if (reason := differs(ours[kind], wanted, floats))]
        message = message if reasons and message else "; ".join(reasons)
        if not message or (resolver == "ref" and not other_kernels):
            break
    noise, equal = signal_to_noise(graph, ours["fast"], described["outputs"], stored)
    if message:
        return "differs", message, noise
    if noise < least or equal < 0.9:
        return "far", f"{noise:.1f} dB" if noise < least else f"{equal:.0%} of the other results are equal", noise
    return "agrees", "", noise


def quantise(program, file, path, flags, data):
    done = subprocess.run([program, "quantize", file.path, "-o", path, *flags, *data, "--quiet"], capture_output=True, text=True, timeout=120)
    text = " ".join(done.stderr.split())
    if done.returncode < 0 or "Sanitizer" in text:
        return "crashed", f"signal {-done.returncode}: {text[:160]}"
    if done.returncode:
        return ("refused" if re.search(r"TN\d{4}", text) else "wrong code"), text[:240]
    return "", ""


def run_file(pair, program, file, modes, folder):
    """One entry a mode."""
    try:
        stored = StoredModel(file.path)
    except Exception as error:
        stored, unreadable = None, f"{type(error).__name__}: {error}"[:80]
    graphs, data = [], []
    if stored:
        described = pair.describe(file.path)
        keys = described["signatures"] if described else []
        graphs = [Graph(pair, file.path, stored, key) for key in (keys if len(keys) > 1 else [None])]
        if not stored.has_ranges() and all(g.floats for g in graphs):
            data = ["--calibration", os.path.join(folder, "samples.npz")]
            np.savez(data[1], **{name: value for g in graphs for name, value in g.arrays()})
    entries = []
    for mode in modes:
        flags, least = MODES[mode]
        path = os.path.join(folder, "model.tflite")
        result, message = quantise(program, file, path, flags, data)
        entry = {"name": file.name, "mode": mode, "noise": None}
        if not result:
            made = StoredModel(path)
            message = made.unsound(stored, mode)
            result = "unsound" if message else "agrees"
            others = bool(exceptions() & set(made.operators()))
            for graph in graphs if result == "agrees" else []:
                if graph.floats is None:
                    result, message = "not run", graph.error or "no inputs are known"
                    continue
                one, text, noise = executed(pair, path, graph, stored, others, mode.startswith(("dynamic_range", "weight_only", "float16")), least)
                if noise is not None:
                    entry["noise"] = noise if entry["noise"] is None else min(noise, entry["noise"])
                if RESULTS.index(one) > RESULTS.index(result):
                    result, message = one, text
        entries.append(entry | {"result": result, "reason": message})
    return entries


def run_all(files, program, python, modes):
    def some(part):
        pair, entries = Pair(python), []
        for file in part:
            with tempfile.TemporaryDirectory() as folder:
                entries += run_file(pair, program, file, modes, folder)
        pair.close()
        return entries

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        return sum(pool.map(some, (files[::2], files[1::2])), [])


def report(entries, modes):
    for mode in modes:
        some = [e for e in entries if e["mode"] == mode]
        counts = collections.Counter("known" if e.get("known") else e["result"] for e in some)
        noise = sorted(e["noise"] for e in some if e["noise"] is not None and np.isfinite(e["noise"]))
        near = f"; beside the float model {noise[len(noise) // 2]:.0f} dB, at worst {noise[0]:.0f}" if noise else ""
        print(f"{mode:20s}" + ", ".join(f"{n} {result}" for result, n in sorted(counts.items())) + near)
    refusals = collections.Counter(re.sub(r"'[^']*'", "'…'", e["reason"])[:110] for e in entries if e["result"] == "refused")
    print("\nrefused:")
    for reason, n in refusals.most_common(25):
        print(f"{n:5d}  {cell(reason)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", metavar="TEXT", help="files that have this in their name")
    parser.add_argument("--mode", default="*", help="modes, a shell pattern")
    parser.add_argument("--results", metavar="PATH", help="write every result there as JSON")
    options = parser.parse_args()
    shared = os.path.abspath(os.path.expanduser(os.environ.get("TOUCANET_SHARED") or os.path.join(ROOT, "..", "shared")))
    if not os.path.isdir(os.path.join(shared, "suites")):
        print(f"skipped: no suites in {shared} (TOUCANET_SHARED)")
        return 0
    program = os.environ.get("TOUCANET") or os.path.join(ROOT, ".venv", "bin", "toucanet")
    python = os.environ.get("TOUCANET_PYTHON") or os.path.join(ROOT, ".venv", "bin", "python")
    files = [f for f in tflite_files.files(shared) if f.suite in SUITES and options.only in f.name and "huge" not in f.name]
    modes = [m for m in MODES if fnmatch.fnmatch(m, options.mode)]
    entries = run_all(files, program, python, modes)
    deviations, used = known_deviations(), set()
    for e in entries:
        for i, (name, mode, result, reason) in enumerate(deviations):
            if fnmatch.fnmatch(e["name"], name) and fnmatch.fnmatch(e["mode"], mode) and e["result"] == result:
                e["known"] = reason
                used.add(i)
        if e["result"] not in ("agrees", "refused", "not run") and not e.get("known"):
            print(f"{e['name']:75s} {e['mode']:18s} {e['result']:10s} {e['reason']}")
    if options.results:
        with open(options.results, "w") as f:
            json.dump(entries, f, indent=1)
    report(entries, modes)
    if not options.only and options.mode == "*":
        for i in set(range(len(deviations))) - used:
            print("not needed any more:", *deviations[i])
    bad = [e for e in entries if e["result"] not in ("agrees", "refused", "not run") and not e.get("known")]
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
