"""Seeds for the fuzzers from the project's own files: recorded graphs, case texts, and their conversions where a build is there."""
import base64
import json
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile

from seeds import BINARIES, CHANGES, MODULES, PLAIN, TEXTS

ROOT = pathlib.Path(__file__).resolve().parents[2]
OUT = pathlib.Path(sys.argv[1])


def schema_models() -> list[bytes]:
    """PLAIN with each of CHANGES."""
    models = []
    with tempfile.TemporaryDirectory() as work:
        file = pathlib.Path(work) / "model.json"

        def compiled(model: dict) -> bytes:
            file.write_text(json.dumps(model))
            subprocess.run(["flatc", "--binary", "--strict-json", "-o", work, ROOT / "src/export/tflite.fbs", file], check=True)
            return file.with_suffix(".tflite").read_bytes()

        for change in CHANGES:
            model = json.loads(json.dumps({**PLAIN, **change}))
            bytes_ = compiled(model)
            outside = [b for b in model["buffers"] if b.get("offset") == 0]
            if outside:
                outside[0]["offset"] = 2  # takes its place in the table
                outside[0]["offset"] = len(compiled(model))
                bytes_ = compiled(model) + bytes(outside[0]["size"])
            models.append(bytes_)
    return models


def golden_models(file: pathlib.Path) -> list[bytes]:
    """The .tflite files of a container of tests/oracle/kernel_goldens: one operator each, quantised ones too."""
    data, at = file.read_bytes(), 8

    def number() -> int:
        nonlocal at
        at += 4
        return struct.unpack_from("<I", data, at - 4)[0]

    def blob() -> bytes:
        nonlocal at
        n = number()
        at += n
        return data[at - n : at]

    models = []
    for _ in range(number()):
        blob(), blob(), blob()
        models.append(blob())
        blob()
        outputs = 0
        for _ in range(2):
            outputs = number()
            for _ in range(outputs):
                blob()
                for _ in range(number()):
                    number()
                blob()
        at += 8 * outputs
    assert at == len(data), file
    return models


def calibrations(converter: pathlib.Path) -> None:
    """.calib files of the demo's network: a whole one, a shard, one with channels."""
    model, data = OUT / "digits.tflite", OUT / "digits.npy"
    header = "{'descr': '<f4', 'fortran_order': False, 'shape': (5, 8, 8, 1), }".ljust(117) + "\n"
    data.write_bytes(b"\x93NUMPY\1\0" + struct.pack("<H", len(header)) + header.encode() + struct.pack("<320f", *(i % 17 / 16 for i in range(320))))
    subprocess.run([converter, "convert", ROOT / "demo/digits/frozen_graph.pb", "-o", model, "--no-verify", "--quiet"], check=True)
    for name, flags in {"whole": [], "shard": ["--shard", "2/2"], "channels": ["--channels", "--batch", "2"]}.items():
        subprocess.run([converter, "calibrate", model, "--data", data, "-o", OUT / "calibration" / name, "--quiet", *flags], check=True)


def main() -> None:
    for kind in ("graphdef", "tflite", "text", "calibration"):
        (OUT / kind).mkdir(parents=True, exist_ok=True)
    converter = next((p for p in (ROOT / ".venv/bin/toucanet", ROOT / "build/release/toucanet") if p.exists()), None)
    for file in sorted((ROOT / "tests/oracle/goldens").glob("*.jsonl")):
        for i, line in enumerate(file.read_text().splitlines()):
            case = json.loads(line)
            graph = OUT / "graphdef" / f"{file.stem}{i}.pb"
            graph.write_bytes(base64.b64decode(case["graph"]))
            model = OUT / "tflite" / f"{file.stem}{i}.tflite"
            if converter and i % 4 == 0 and not model.exists():
                subprocess.run([converter, "convert", graph, "-o", model, "--no-verify", "--quiet"], stderr=subprocess.DEVNULL, check=False)
    if converter:
        calibrations(converter)
    for file in sorted((ROOT / "tests/oracle/kernel_goldens").glob("*.bin")):
        for i, model in enumerate(golden_models(file)):
            (OUT / "tflite" / f"{file.stem}{i}.tflite").write_bytes(model)
    for i, model in enumerate(schema_models()):
        (OUT / "tflite" / f"schema{i}.tflite").write_bytes(model)
    for file in sorted((ROOT / "tests/python/models").glob("*.tflite")):
        shutil.copy(file, OUT / "tflite")
    for i, text in enumerate(TEXTS):
        (OUT / "graphdef" / f"text{i}.pbtxt").write_text(text)
    for i, graph in enumerate(BINARIES):
        (OUT / "graphdef" / f"binary{i}.pb").write_bytes(graph)
    (OUT / "graphdef" / "model.tflite").write_bytes(schema_models()[0])
    for i, text in enumerate(MODULES):
        (OUT / "text" / f"module{i}.txt").write_text(text)
    for file in sorted((ROOT / "tests/drivers").glob("*.cpp")):  # what they parse
        for i, text in enumerate(re.findall(r'R"\((\s*(?:graph|%).*?)\)"', file.read_text(), re.DOTALL)):
            (OUT / "text" / f"{file.stem}{i}.txt").write_text(text)
    for file in sorted((ROOT / "src").glob("*/*/*.cases")):
        text = ""
        for i, line in enumerate(file.read_text().splitlines() + ["case end"]):
            if line.startswith(" "):
                text += line + "\n"
            elif text:
                (OUT / "text" / f"{file.stem}{i}.txt").write_text(text)
                text = ""


if __name__ == "__main__":
    main()
