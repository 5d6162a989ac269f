#!/usr/bin/env python3
"""Quantises float networks in every mode and measures what it costs, beside TensorFlow's own files (see README.md).

TensorFlow's files, all samples and LiteRT's answers are made once and kept in the cache. Fails where a file is larger than TensorFlow's, or
gives the float model's answer for a share of the samples that lies more than one point below TensorFlow's.
"""

import argparse
import contextlib
import hashlib
import io
import json
import os
import subprocess
import sys

import networks
import numpy as np
import quantized_networks
import report
import run_networks
import tflite_worker
from make_quantizer_models import MODES, converted

ROOT = run_networks.ROOT
FILES = ["float32", *MODES]
OTHER_RANGES = ["moving_average", "percentile", "kl", "mse"]
POINT = 0.01
LAYERS = 5  # of the worst


def tensorflow_files(case, data, samples):
    """{mode: path}, made where they are not there."""
    if not case.converter:
        return {}
    digest = hashlib.sha256(case.source.encode() + samples.tobytes()).hexdigest()[:16]
    folder = os.path.join(data.cache, f"tensorflow_{digest}")
    os.makedirs(folder, exist_ok=True)
    paths = {mode: os.path.join(folder, mode + ".tflite") for mode in FILES}
    for mode, path in paths.items():
        if os.path.exists(path):
            continue
        import tensorflow as tf

        tf.get_logger().setLevel("ERROR")
        make = lambda: case.converter(tf, data.path(case.source))  # noqa: E731
        with contextlib.redirect_stdout(io.StringIO()):
            model = make().convert() if mode == "float32" else converted(tf, make, [[x[None]] for x in samples], mode)
        with open(path, "wb") as file:
            file.write(model)
    return paths


def our_files(case, data, theirs, samples, folder, program):
    """{mode, or int8 by another algorithm: path}; the data are observed once."""
    def toucanet(*words):
        subprocess.run([program, *words, "--quiet"], check=True)

    paths = {"float32": quantized_networks.our_float_model(case, data, theirs, folder, program)}
    npy, calib = os.path.join(folder, "calibration.npy"), os.path.join(folder, "observed.calib")
    np.save(npy, samples)
    if os.path.exists(calib):
        os.remove(calib)
    toucanet("calibrate", paths["float32"], "--data", npy, "-o", calib)
    for mode, ranges in [(m, "minmax") for m in MODES] + [("int8", r) for r in OTHER_RANGES]:
        name = mode if ranges == "minmax" else f"{mode} {ranges}"
        paths[name] = os.path.join(folder, name.replace(" ", "_") + ".tflite")
        toucanet("quantize", paths["float32"], "-o", paths[name], "--mode", mode, "--ranges", ranges, "--calib", calib)
    return paths


class Judge:
    """Shares of samples: what the labels say, and what the float model answers."""

    def __init__(self, labels, reference):
        self.labels, self.reference = labels, reference.argmax(-1)

    def figures(self, outputs):
        order = np.argsort(-outputs, axis=-1, kind="stable")
        same = order[:, 0] == self.reference
        found = {"same": float(same.mean()), "which": same}
        if self.labels is not None:
            hit = order == self.labels[:, None]
            found |= {"top1": float(hit[:, 0].mean()), "top5": float(hit[:, :5].any(-1).mean())}
        return found


def run(case, data, workers, program):
    samples = case.samples(data)
    calibration, judged = samples[:quantized_networks.CALIBRATION], samples[quantized_networks.CALIBRATION:]
    folder = os.path.join(data.cache, "ours_" + case.name.replace(" ", "_"))
    os.makedirs(folder, exist_ok=True)
    theirs = tensorflow_files(case, data, calibration)
    ours = our_files(case, data, theirs, calibration, folder, program)

    def answers(runtime, resolver, path):
        with open(path, "rb") as file:
            digest = hashlib.sha256(file.read() + judged.tobytes()).hexdigest()[:24]
        kept = os.path.join(data.cache, f"{digest}_{resolver}.npy")
        if runtime == "litert" and os.path.exists(kept):
            return np.load(kept)
        outputs, error = run_networks.ask(workers[runtime], resolver, path, judged)
        if error:
            sys.exit(f"{path}: {error}")
        result = outputs[0].reshape(len(judged), -1)
        if runtime == "litert":
            np.save(kept, result)
        return result

    judge = Judge(case.labels(data) if case.labels else None, answers("litert", "xnn", theirs.get("float32", ours["float32"])))
    rows = {}
    for name, path in ours.items():
        rows[name] = {"bytes": os.path.getsize(path), "litert": judge.figures(answers("litert", "xnn", path)), "own": judge.figures(answers("toucanet", "fast", path))}
        if name in theirs:
            rows[name] |= {"their_bytes": os.path.getsize(theirs[name]), "theirs": judge.figures(answers("litert", "xnn", theirs[name]))}
        print(f"{case.name}, {name}: " + "; ".join(f"{who} {text(rows[name][who])}" for who in ("litert", "theirs", "own") if who in rows[name]), flush=True)
    npy = os.path.join(folder, "judged.npy")
    np.save(npy, judged)
    done = subprocess.run([program, "compare", ours["float32"], ours["int8"], "--data", npy, "--json", "--quiet"], check=True, capture_output=True, text=True)
    return {"case": case, "judged": len(judged), "rows": rows, "problems": problems(case, rows), "layers": json.loads(done.stdout)["layers"],
            "answers": np.bincount(judge.reference, minlength=2)}


def problems(case, rows):
    found = []
    for mode, row in rows.items():
        if "theirs" not in row:
            continue
        if row["bytes"] > row["their_bytes"]:
            found.append(f"{case.name}, {mode}: {row['bytes']} bytes, TensorFlow's has {row['their_bytes']}")
        if row["litert"]["same"] < row["theirs"]["same"] - POINT:
            found.append(f"{case.name}, {mode}: same answer for {100 * row['litert']['same']:.1f} %, TensorFlow's {100 * row['theirs']['same']:.1f} %")
    return found


def text(figures):
    return " / ".join(f"{100 * figures[k]:.1f}" for k in ("top1", "top5", "same") if k in figures)


def alone(a, b):
    """Samples with the float model's answer by one of two files only."""
    return f"{int((a['which'] & ~b['which']).sum())} : {int((b['which'] & ~a['which']).sum())}"


def mode_table(entry):
    rows, paired = [], "theirs" in entry["rows"]["int8"]
    for mode in FILES:
        r = entry["rows"][mode]
        theirs = [f"{r['their_bytes']:,}", text(r["theirs"]), alone(r["litert"], r["theirs"])] if paired else []
        rows.append([f"`{mode}`", f"{r['bytes']:,}", *theirs[:1], text(r["litert"]), *theirs[1:], text(r["own"])])
    head = ["mode", "bytes", *["TensorFlow's"][:paired], "in LiteRT", *["TensorFlow's in LiteRT", "only ours : only TensorFlow's same"][:2 * paired], "in Toucanet"]
    return report.table(head, rows)


def range_table(entry):
    names = ["int8"] + [f"int8 {r}" for r in OTHER_RANGES]
    return report.table(["ranges", "in LiteRT", "in Toucanet"], [[f"`{n[5:] or 'minmax'}`", text(entry["rows"][n]["litert"]), text(entry["rows"][n]["own"])] for n in names])


def layer_table(layers):
    at = {id(layer): k for k, layer in enumerate(layers)}
    some = sorted((x for x in layers if x.get("sqnr_db") is not None), key=lambda x: x["sqnr_db"])[:LAYERS]
    return report.table(["layer", "place", "operator", "SQNR, dB", "clipped"], [
        [f"`{x['tensor'].split(';')[0]}`", f"{at[id(x)] + 1} of {len(layers)}", x["operator"], f"{x['sqnr_db']:.1f}", f"{100 * x.get('clipped', 0):.2f} %"] for x in some])


def part(entry):
    case, paired = entry["case"], "theirs" in entry["rows"]["int8"]
    what = "top-1 / top-5 / same top-1 as the float model" if case.labels else "same top-1 as the float model"
    lines = [f"## {case.name}", "", f"`{os.path.basename(case.source)}`; {case.about}. In percent: {what}."]
    if not case.labels:
        lines.append(f"The float model's answers, by class: {', '.join(map(str, entry['answers']))}.")
    if not paired:
        lines.append("TensorFlow cannot quantise a finished `.tflite`, so there is none of its files beside ours.")
    elif not case.ends:
        lines.append("Ours are made from TensorFlow's float file.")
    return [*lines, "", *mode_table(entry), "", "int8 by the ways to take ranges from the same observations:", "", *range_table(entry), "",
            "The layers that int8 (minmax) is furthest from the float model in:", "", *layer_table(entry["layers"]), ""]


def page(entries):
    found = [p for e in entries for p in e["problems"]]
    return [
        "# Accuracy of quantised models", "",
        "Written by `tests/conformance/run_quantized.py` (`make conformance-quantized`): float networks quantised in every mode, beside TensorFlow 2.21's own",
        "files of the same network, calibrated on the same arrays. Both are run by LiteRT 2.3.0 with its default delegate, ours by our runtime too.",
        "\"Same\" compares with the float model in LiteRT, TensorFlow's file where there is one. The pairs of numbers count samples on which only one of",
        "the two files gives the float model's answer: where they are alike, the shares differ by chance. TensorFlow's ranges are least and greatest values, as `minmax`.", "",
        *(["Larger than TensorFlow's, or more than one point below:", "", *(f"- {p}" for p in found)] if found else
          ["No file is larger than TensorFlow's, and none gives the float model's answer for a share that lies more than one point below."]), "",
        *(line for e in entries for line in part(e)),
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", metavar="TEXT", help="networks that have this in their name")
    parser.add_argument("--no-doc", action="store_true", help="leave doc/quantization_accuracy.md alone")
    options = parser.parse_args()
    setting = run_networks.setting
    shared, cache = setting("TOUCANET_SHARED", os.path.join(ROOT, "..", "shared")), setting("TOUCANET_CACHE", "~/.cache/toucanet")
    program, python = (setting(n, os.path.join(ROOT, ".venv", "bin", p)) for n, p in (("TOUCANET", "toucanet"), ("TOUCANET_PYTHON", "python")))
    if not os.path.isdir(os.path.join(shared, "models")):
        print(f"skipped: no models in {shared} (TOUCANET_SHARED)")
        return 0
    data = networks.Data(shared, cache)
    workers = {"litert": tflite_worker.worker("litert", seconds=600), "toucanet": tflite_worker.worker("toucanet", python, 600)}
    entries = [run(case, data, workers, program) for case in quantized_networks.CASES if not options.only or options.only in case.name]
    for worker in workers.values():
        worker.close()
    for problem in (p for e in entries for p in e["problems"]):
        print("NOT as good:", problem)
    if not options.only and not options.no_doc:
        report.replace_part(os.path.join(ROOT, "doc", "quantization_accuracy.md"), "# Accuracy of quantised models", page(entries))
    return 1 if any(e["problems"] for e in entries) else 0


if __name__ == "__main__":
    sys.exit(main())
