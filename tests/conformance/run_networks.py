#!/usr/bin/env python3
"""Runs networks on photos and test sets, on Toucanet's interpreter and on LiteRT (see README.md). LiteRT's answers are kept."""

import argparse
import os
import sys
import time

import judge
import networks
import numpy as np
import report
import tflite_worker

ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
TITLE = "# Networks on photos and test sets"
BATCH, PLAIN = 100, 200  # samples a request; samples that the plain kernels run


def setting(name, default):
    return os.path.abspath(os.path.expanduser(os.environ.get(name) or default))


def ask(worker, resolver, path, samples):
    """([array of all samples for each output], error)."""
    found = []
    for at in range(0, len(samples), BATCH):
        fed = [[sample if sample.ndim and sample.shape[0] == 1 else sample[None]] for sample in samples[at:at + BATCH]]
        for outputs, error in worker.ask(resolver, (path, None), fed):
            if error:
                return None, error
            found.append([array for _, array in outputs])
    return [np.concatenate(arrays) for arrays in zip(*found)], None


def theirs(worker, network, data, samples):
    path = os.path.join(data.cache, f"{data.digest(network, samples)}_{network.resolver}.npz")
    if not os.path.exists(path):
        outputs, error = ask(worker, network.resolver, data.path(network.file), samples)
        if error:
            sys.exit(f"LiteRT does not run {network.name}: {error}")
        np.savez(path, *outputs)
    with np.load(path) as kept:
        return [kept[name] for name in kept.files]


def compare(network, got, want):
    """(text, whether it holds)."""
    if network.judge == "near":
        reason, largest = judge.compare_all(want, got, [w.dtype for w in want], map(str, range(len(want))))
        return reason or f"largest difference {largest:.2g}", not reason
    other = [int(np.any(g != w, axis=tuple(range(1, g.ndim))).sum()) for g, w in zip(got, want)]
    if network.judge == "equal":
        return f"{max(other)} of {len(want[0])} samples have other numbers" if any(other) else "every number equal", not any(other)
    classes = int(np.sum(got[0].argmax(-1) != want[0].argmax(-1)))
    return f"another class for {classes} of {len(want[0])}", classes <= network.differ


def run(network, data, litert, toucanet):
    samples = network.data(data)
    want, path = theirs(litert, network, data, samples), data.path(network.file)
    entry = {"name": network.name, "samples": len(samples), "resolver": network.resolver, "good": False, "right": "", "recorded": ""}
    start = time.time()
    for resolver, some in (("ref", samples[:PLAIN]), ("fast", samples)):
        got, error = ask(toucanet, resolver, path, some)
        if error:
            return entry | {"result": f"{resolver}: {error}"}
        text, good = compare(network, got, [w[:len(some)] for w in want])
        if not good:
            return entry | {"result": f"{resolver}: {text}"}
    entry |= {"result": text, "good": True, "seconds": time.time() - start}
    if network.labels:
        labels = network.labels(data)
        entry["right"] = f"{100 * np.mean(got[0][:len(labels)].argmax(-1) == labels):.2f} %"
    if network.recorded:
        entry["recorded"], entry["good"] = network.recorded(data, got)
    return entry


def page(entries):
    resolvers = {"ref": "reference", "xnn": "default"}
    rows = [[e["name"], e["samples"], resolvers[e["resolver"]], "yes" if e["good"] else "**no**", report.cell(e["result"]), e["right"], e["recorded"]] for e in entries]
    return [
        TITLE, "",
        "Written by `tests/conformance/run_networks.py`: Toucanet's interpreter beside LiteRT, on the photos and test sets of `../shared`.",
        "Quantised networks are compared with LiteRT's reference kernels and must be equal, number by number; float networks with its",
        "default, XNNPACK, and may give another class for at most 2 of 10,000 images. Networks in dynamic range (mnist_quantized,",
        "partly_quantized_mnist, DS-CNN's \"float32\"): the same class as the reference kernels for all; XNNPACK quantises their operands",
        f"otherwise, which alone moves probabilities of DS-CNN by up to 0.4. The fast kernels run all samples, the plain ones the first {PLAIN}.", "",
        *report.table(["network", "samples", "LiteRT's kernels", "agrees", "how", "right by the labels", "recorded results"], rows), "",
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", metavar="TEXT", help="networks that have this in their name")
    parser.add_argument("--no-doc", action="store_true", help="leave doc/conformance.md alone")
    options = parser.parse_args()
    shared, cache = setting("TOUCANET_SHARED", os.path.join(ROOT, "..", "shared")), setting("TOUCANET_CACHE", "~/.cache/toucanet")
    python = setting("TOUCANET_PYTHON", os.path.join(ROOT, ".venv", "bin", "python"))
    if not os.path.isdir(os.path.join(shared, "models")):
        print(f"skipped: no models in {shared} (TOUCANET_SHARED)")
        return 0
    data, entries = networks.Data(shared, cache), []
    litert, toucanet = tflite_worker.worker("litert", seconds=600), tflite_worker.worker("toucanet", python, 600)
    for network in networks.NETWORKS:
        if not options.only or options.only in network.name:
            entries.append(entry := run(network, data, litert, toucanet))
            print(f"{entry['name']}: {'' if entry['good'] else 'NOT '}in agreement: {entry['result']}; {entry['right']} {entry['recorded']} {entry.get('seconds', 0):.1f} s", flush=True)
    if not options.only and not options.no_doc:
        report.replace_part(os.path.join(ROOT, "doc", "conformance.md"), TITLE, page(entries))
    litert.close()
    toucanet.close()
    return 0 if all(entry["good"] for entry in entries) else 1


if __name__ == "__main__":
    sys.exit(main())
