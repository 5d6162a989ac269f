"""Seeds for the fuzzers from the project's own files: recorded graphs, case texts, and their conversions where a build is there."""
import base64
import json
import pathlib
import struct
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
OUT = pathlib.Path(sys.argv[1])

# What the recorded graphs do not hold: the text form, functions, control flow, TensorProto in each encoding.
TYPED = {
    "float_val: 1 float_val: 2": "DT_FLOAT", "double_val: 1": "DT_DOUBLE", "int_val: 3": "DT_INT32", "int64_val: -4": "DT_INT64", "bool_val: true": "DT_BOOL",
    "half_val: 15360": "DT_HALF", "half_val: 16256": "DT_BFLOAT16", "string_val: 'abc'": "DT_STRING", "scomplex_val: 1 scomplex_val: 2": "DT_COMPLEX64",
    "dcomplex_val: 1 dcomplex_val: 2": "DT_COMPLEX128", "uint32_val: 5": "DT_UINT32", "uint64_val: 6": "DT_UINT64", "int_val: 7": "DT_UINT8", "int_val: -7": "DT_INT8",
}
HEAD = "node { name: 'x' op: 'Placeholder' attr { key: 'dtype' value { type: DT_FLOAT } } attr { key: 'shape' value { shape { dim { size: -1 } dim { size: 3 } } } } }\n"
PREDICATE = "node { name: 'p' op: 'Const' attr { key: 'dtype' value { type: DT_BOOL } } attr { key: 'value' value { tensor { dtype: DT_BOOL tensor_shape { } bool_val: true } } } }\n"
FUNCTION = """library { function { signature { name: 'f' input_arg { name: 'a' type: DT_FLOAT } output_arg { name: 'r' type: DT_FLOAT } output_arg { name: 'i' type: DT_FLOAT } }
  node_def { name: 'relu' op: 'Relu' input: 'a' attr { key: 'T' value { type: DT_FLOAT } } }
  node_def { name: 'top' op: 'TopKV2' input: 'relu:activations:0' input: 'k:output:0' attr { key: 'T' value { type: DT_FLOAT } } attr { key: 'sorted' value { b: true } } }
  node_def { name: 'k' op: 'Const' attr { key: 'dtype' value { type: DT_INT32 } } attr { key: 'value' value { tensor { dtype: DT_INT32 tensor_shape { } int_val: 2 } } } }
  ret { key: 'r' value: 'top:values:0' } ret { key: 'i' value: 'a' } } }
"""
TEXTS = [
    HEAD + "node { name: 'y' op: 'f' input: 'x' }\n" + FUNCTION,
    HEAD + "node { name: 'y' op: 'PartitionedCall' input: 'x' attr { key: 'f' value { func { name: 'f' } } } }\nnode { name: 'z' op: 'Relu' input: 'y:1' }\n" + FUNCTION,
    HEAD + PREDICATE + "node { name: 's' op: 'Switch' input: 'x' input: 'p' }\nnode { name: 'a' op: 'Relu' input: 's:1' }\nnode { name: 'b' op: 'Neg' input: 's' }\nnode { name: 'm' op: 'Merge' input: 'a' input: 'b' }",
    HEAD + "node { name: 'd' op: 'PlaceholderWithDefault' input: 'x' attr { key: 'dtype' value { type: DT_FLOAT } } attr { key: 'shape' value { shape { unknown_rank: true } } } }\nversions { producer: 21 }",
    HEAD + "node { name: 'w' op: 'Enter' input: 'x' }\nnode { name: 'm' op: 'Merge' input: 'w' input: 'n' }\nnode { name: 'n' op: 'NextIteration' input: 'm' }\nnode { name: 'e' op: 'Exit' input: 'm' }",
    HEAD + "node { name: 'v' op: 'VariableV2' }\nnode { name: 'y' op: 'Add' input: 'x' input: 'v' }",
    HEAD + "node { name: 'loss/s' op: 'ScalarSummary' input: 'x' }\nnode { name: 'gradients/y' op: 'ReluGrad' input: 'x' input: 'x' }\nnode { name: 'y' op: 'Relu' input: 'x' input: '^x' }",
    HEAD + "node { name: 'y' op: 'Nope' input: 'x:9' }\nnode { name: 'y' op: 'Nope' input: 'zz' }",
    *(f"node {{ name: 'c' op: 'Const' attr {{ key: 'dtype' value {{ type: {t} }} }} attr {{ key: 'value' value {{ tensor {{ dtype: {t} tensor_shape {{ dim {{ size: 4 }} }} {v} }} }} }} }}\nnode {{ name: 'y' op: 'Identity' input: 'c' }}" for v, t in TYPED.items()),
]


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
    for i, text in enumerate(TEXTS):
        (OUT / "graphdef" / f"text{i}.pbtxt").write_text(text)
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
