#!/usr/bin/env python3
"""Time and memory of conversion, beside cp of the same bytes and TensorFlow's converters.

Graphs are made once, into a cache folder. The commands of a graph run in turns, pinned to one
core where taskset is there; figures are medians of whole processes. Needs numpy only.
No peak is below that of this script itself, some 12 MB.
"""
import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent

if "--make" in sys.argv:  # elsewhere not loaded: a process starts with the memory of the one that forks it
    import numpy as np

    sys.path.insert(0, str(ROOT / "demo"))
    from make_mobilenet import DT_FLOAT, DT_INT32, Shape, attr, chunk, number, varint

CONVERT_BY_TENSORFLOW = """
import sys, time
source, target, inputs, outputs, new = sys.argv[1:]
import tensorflow as tf
converter = tf.compat.v1.lite.TFLiteConverter.from_frozen_graph(
    source, inputs.split(","), outputs.split(","))
converter.experimental_new_converter = new == "new"
start = time.perf_counter()
data = converter.convert()
with open(target, "wb") as f:
    f.write(data)
print("seconds", time.perf_counter() - start)
"""


# --- graphs -----------------------------------------------------------------------------------

def field_head(field, size):
    return varint(field << 3 | 2) + varint(size)


class Stream:
    """A GraphDef that goes to disk node by node; large constants are never held as messages."""

    def __init__(self, path):
        self.file = open(path, "wb")

    def close(self):
        self.file.write(chunk(4, number(1, 1087)))  # versions.producer
        self.file.close()

    def node(self, name, op, inputs, **attrs):
        text = chunk(1, name) + chunk(2, op) + b"".join(chunk(3, i) for i in inputs)
        for key, value in sorted(attrs.items()):
            text += chunk(5, chunk(1, key) + chunk(2, attr(value)))
        self.file.write(chunk(1, text))
        return name

    def const(self, name, array):
        dtype = DT_FLOAT if array.dtype.kind == "f" else DT_INT32
        return self.node(name, "Const", [], dtype=dtype, value=array)

    def large(self, name, shape, random):
        """A float constant of random numbers, a few megabytes at a time."""
        size = 4 * int(np.prod(shape))
        head = number(1, DT_FLOAT) + chunk(2, Shape(shape).encode()) + field_head(4, size)
        heads = [head]
        total = len(head) + size
        for field, before in (8, b""), (2, chunk(1, "value")), (5, None):
            heads.append((before or b"") + field_head(field, total))
            total += len(heads[-1])
        start = chunk(1, name) + chunk(2, "Const") + chunk(5, chunk(1, "dtype") + chunk(2, attr(DT_FLOAT)))
        self.file.write(field_head(1, total + len(start)) + start + b"".join(reversed(heads)))
        left = size // 4
        while left:
            n = min(left, 1 << 20)
            self.file.write((random.standard_normal(n, np.float32) * np.float32(0.02)).tobytes())
            left -= n
        return name


def dense(path, layers, width):
    """MatMul, BiasAdd, Relu, and so on: nearly all of the file is weights."""
    random = np.random.default_rng(0)
    g = Stream(path)
    x = g.node("input", "Placeholder", [], dtype=DT_FLOAT, shape=Shape((1, width)))
    for i in range(layers):
        w = g.large(f"layer_{i}/weights", (width, width), random)
        b = g.const(f"layer_{i}/biases", random.standard_normal(width).astype(np.float32))
        x = g.node(f"layer_{i}/MatMul", "MatMul", [x, w], T=DT_FLOAT, transpose_a=False, transpose_b=False)
        x = g.node(f"layer_{i}/BiasAdd", "BiasAdd", [x, b], T=DT_FLOAT, data_format="NHWC")
        x = g.node(f"layer_{i}/Relu", "Relu", [x], T=DT_FLOAT)
    g.node("output", "Softmax", [x], T=DT_FLOAT)
    g.close()


def small_nodes(path, count):
    """Blocks of 16 nodes: arithmetic with constants of its own, branches, concatenations, reshapes."""
    random = np.random.default_rng(1)
    g = Stream(path)
    x = g.node("input", "Placeholder", [], dtype=DT_FLOAT, shape=Shape((8, 16)))
    for i in range((count - 2) // 16):
        s = f"block_{i}/"
        offset = g.const(s + "offset", random.standard_normal(16).astype(np.float32))
        scale = g.const(s + "scale", random.standard_normal(16).astype(np.float32))
        axis = g.const(s + "axis", np.array(1, np.int32))
        shape = g.const(s + "shape", np.array([16, 16], np.int32))
        zero = g.const(s + "split_dim", np.array(0, np.int32))
        y = g.node(s + "add", "Add", [x, offset], T=DT_FLOAT)
        y = g.node(s + "relu", "Relu", [y], T=DT_FLOAT)
        y = g.node(s + "mul", "Mul", [y, scale], T=DT_FLOAT)
        a = g.node(s + "tanh", "Tanh", [y], T=DT_FLOAT)
        b = g.node(s + "sigmoid", "Sigmoid", [y], T=DT_FLOAT)
        y = g.node(s + "concat", "ConcatV2", [a, b, axis], T=DT_FLOAT, Tidx=DT_INT32, N=2)
        y = g.node(s + "reshape", "Reshape", [y, shape], T=DT_FLOAT, Tshape=DT_INT32)
        y = g.node(s + "split", "Split", [zero, y], T=DT_FLOAT, num_split=2)
        y = g.node(s + "maximum", "Maximum", [y, y + ":1"], T=DT_FLOAT)
        y = g.node(s + "identity", "Identity", [y], T=DT_FLOAT)
        x = g.node(s + "sub", "Sub", [y, x], T=DT_FLOAT)
    g.node("output", "Neg", [x], T=DT_FLOAT)
    g.close()


def chain(path, count):
    """One operator after another; none merges with the next."""
    g = Stream(path)
    x = g.node("input", "Placeholder", [], dtype=DT_FLOAT, shape=Shape((1, 4)))
    kinds = ["Tanh", "Neg", "Sigmoid", "Sin", "Abs", "Square"]
    for i in range(count - 2):
        x = g.node(f"n{i}", kinds[i % len(kinds)], [x], T=DT_FLOAT)
    g.node("output", "Neg", [x], T=DT_FLOAT)
    g.close()


def mobilenet(path):
    folder = path.with_suffix("")
    subprocess.run([sys.executable, ROOT / "demo/make_mobilenet.py", "--width", "1.0", "--resolution", "224",
                    "-o", folder], check=True)
    os.replace(folder / "frozen_graph.pb", path)
    folder.rmdir()


# name, maker, output, runs, worth TensorFlow's while
GRAPHS = [
    ("mobilenet_17MB", mobilenet, "MobilenetV1/Predictions/Reshape_1", 21, True),
    ("dense_550MB", lambda p: dense(p, 8, 4144), "output", 5, True),
    ("nodes_2000", lambda p: small_nodes(p, 2_000), "output", 21, True),
    ("nodes_20000", lambda p: small_nodes(p, 20_000), "output", 7, True),
    ("chain_100000", lambda p: chain(p, 100_000), "output", 5, False),
]


# --- running ----------------------------------------------------------------------------------

def measured(command):
    """(seconds, seconds of CPU, peak bytes, stdout) of a whole process."""
    pinned = ["taskset", "-c", "1"] if shutil.which("taskset") and (os.cpu_count() or 1) > 1 else []
    # The old converter looks for a program beside its Python.
    path = os.environ.get("PATH", os.defpath)
    if os.sep in str(command[0]):
        path = f"{pathlib.Path(command[0]).parent}{os.pathsep}{path}"
    start = time.perf_counter()
    p = subprocess.Popen([*pinned, *map(str, command)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                         env={**os.environ, "PATH": path, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""})
    out, err = p.stdout.read(), p.stderr.read()
    _, status, usage = os.wait4(p.pid, 0)
    seconds = time.perf_counter() - start
    p.returncode = os.waitstatus_to_exitcode(status)
    p.stdout.close(), p.stderr.close()
    if p.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))[:300]}\n{err[-800:]}")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, out


def commands(source, output, args, worth_tensorflow):
    made = {
        "cp": ["cp", "--reflink=never", source, source.with_suffix(".copy")],
        "toucanet": [args.toucanet, "convert", source, "-o", source.with_suffix(".tflite"), "--outputs", output,
                     "--no-verify", "--quiet"],
    }
    if args.verify:
        made["toucanet verified"] = [*made["toucanet"][:-2], "--quiet"]
    if worth_tensorflow:
        for python in args.tensorflow:
            for kind in args.converters.split(","):
                made[f"{python.parent.parent.name} {kind}"] = [
                    python, "-c", CONVERT_BY_TENSORFLOW, source, source.with_suffix(".peer"), "input", output, kind]
    return made


def bench(source, output, runs, args, worth_tensorflow):
    results, failed = {}, {}
    todo = commands(source, output, args, worth_tensorflow)
    for run in range(-1, runs):  # the first round warms the cache
        for who, command in todo.items():
            slow = who not in ("cp", "toucanet")
            if who in failed or (slow and run >= args.peer_runs) or (slow and run < 0):
                continue
            for ending in ".copy", ".tflite", ".peer":
                source.with_suffix(ending).unlink(missing_ok=True)
            try:
                seconds, cpu, peak, out = measured(command)
            except RuntimeError as e:
                failed[who] = str(e).strip().splitlines()[-1][:200]
                continue
            r = results.setdefault(who, {"seconds": [], "cpu": [], "peak": [], "inner": []})
            if run >= 0:
                r["seconds"].append(seconds)
                r["cpu"].append(cpu)
                r["peak"].append(peak)
                r["inner"] += [float(line.split()[1]) for line in out.splitlines() if line.startswith("seconds ")]
            if who.startswith("toucanet"):
                r["output_bytes"] = source.with_suffix(".tflite").stat().st_size
    for ending in ".copy", ".tflite", ".peer":
        source.with_suffix(ending).unlink(missing_ok=True)
    rows = {}
    for who, r in results.items():
        rows[who] = {"seconds": statistics.median(r["seconds"]), "spread": [min(r["seconds"]), max(r["seconds"])],
                     "cpu_seconds": statistics.median(r["cpu"]), "peak_bytes": statistics.median(r["peak"]), "runs": len(r["seconds"])}
        if r["inner"]:
            rows[who]["convert_seconds"] = statistics.median(r["inner"])
        if "output_bytes" in r:
            rows[who]["output_bytes"] = r["output_bytes"]
    for who, why in failed.items():
        rows[who] = {"failed": why}
    return rows


def show(name, size, rows):
    print(f"\n{name}   {size / 1e6:.1f} MB")
    cp = rows["cp"]["seconds"]
    output = rows["toucanet"].get("output_bytes", size)
    print(f"  {'':<20}{'ms':>9}  {'min..max':>17}  {'x cp':>7}  {'CPU ms':>8}  {'x cp':>6}  {'peak MB':>8}  {'/ (in+out)':>10}")
    for who, r in rows.items():
        if "failed" in r:
            print(f"  {who:<20}   failed: {r['failed']}")
            continue
        spread = f"{r['spread'][0] * 1e3:.0f}..{r['spread'][1] * 1e3:.0f}"
        inner = f"   convert() alone {r['convert_seconds'] * 1e3:.0f} ms" if "convert_seconds" in r else ""
        print(f"  {who:<20}{r['seconds'] * 1e3:>9.1f}  {spread:>17}  {r['seconds'] / cp:>7.2f}  "
              f"{r['cpu_seconds'] * 1e3:>8.1f}  {r['cpu_seconds'] / max(1e-3, rows['cp']['cpu_seconds']):>6.2f}  "
              f"{r['peak_bytes'] / 1e6:>8.1f}  {r['peak_bytes'] / (size + output):>10.2f}{inner}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--toucanet", default=os.environ.get("TOUCANET", ROOT / ".venv/bin/toucanet"))
    parser.add_argument("--tensorflow", type=pathlib.Path, action="append", default=[], metavar="PYTHON",
                        help="a Python with TensorFlow; may be repeated")
    parser.add_argument("--converters", default="new,old", help="TensorFlow's converters to run")
    parser.add_argument("--peer-runs", type=int, default=3, help="runs of the slow commands")
    parser.add_argument("--verify", action="store_true", help="also with verification")
    parser.add_argument("--folder", type=pathlib.Path, default=ROOT / "build/bench", help="where the graphs are kept")
    parser.add_argument("--only", default="", help="graphs whose name holds this")
    parser.add_argument("--runs", type=int, help="instead of each graph's own number")
    parser.add_argument("--make", help="only make this graph")
    parser.add_argument("--json", type=pathlib.Path, help="write the figures to this file")
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    everything = {}
    if args.make:
        part = args.folder / f"{args.make}.part"
        next(maker for name, maker, *_ in GRAPHS if name == args.make)(part)
        os.replace(part, part.with_suffix(".pb"))
        return
    for name, _, output, runs, worth_tensorflow in GRAPHS:
        if args.only not in name:
            continue
        source = args.folder / f"{name}.pb"
        if not source.exists():
            subprocess.run([sys.executable, __file__, "--make", name, "--folder", args.folder], check=True)
        size = source.stat().st_size
        rows = bench(source, output, args.runs or runs, args, worth_tensorflow)
        everything[name] = {"input_bytes": size, "commands": rows}
        show(name, size, rows)
    small, large = (everything.get(f"nodes_{n}", {}).get("commands", {}) for n in (2000, 20000))
    if small and large:
        print(f"\n20,000 nodes take {large['toucanet']['seconds'] / small['toucanet']['seconds']:.1f} times as long as 2,000")
    if args.json:
        args.json.write_text(json.dumps(everything, indent=1) + "\n")


if __name__ == "__main__":
    main()
