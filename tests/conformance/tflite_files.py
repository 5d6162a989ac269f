"""The .tflite files under ../shared: what is in each, whether it is in scope, and what to feed it."""

import dataclasses
import os
import re
import zlib

import numpy as np

ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
FOLDERS = ["models", "suites/glow", "suites/litert", "suites/ai_edge_quantizer"]
CONTROL = {"IF", "WHILE", "CALL_ONCE", "VAR_HANDLE", "READ_VARIABLE", "ASSIGN_VARIABLE"}
# Operators that the models' files have but that come later.
LATER = {"UNIDIRECTIONAL_SEQUENCE_LSTM", "LSTM"}
# What draws numbers of its own: only shapes are compared.
RANDOM = {"RANDOM_UNIFORM", "RANDOM_STANDARD_NORMAL", "MULTINOMIAL"}


@dataclasses.dataclass
class File:
    path: str
    name: str  # relative to the folder of the suites
    suite: str
    operators: list = dataclasses.field(default_factory=list)  # "CONV_2D", "CUSTOM Name"
    types: set = dataclasses.field(default_factory=set)  # of tensors that take part
    sparse: bool = False
    unreadable: str = ""
    outside: str = ""  # why it is out of scope


def enumeration(holder):
    return {value: name for name, value in vars(holder).items() if isinstance(value, int)}


def look(file):
    """Fills in what the schema says; a file of nonsense is kept, to be refused."""
    from ai_edge_litert import schema_py_generated as schema

    builtins, types = enumeration(schema.BuiltinOperator), enumeration(schema.TensorType)
    try:
        with open(file.path, "rb") as f:
            model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(f.read(), 0))
        codes = []
        for code in model.operatorCodes or []:
            number = max(code.builtinCode, code.deprecatedBuiltinCode)
            custom = (code.customCode or b"").decode(errors="replace")
            codes.append(f"CUSTOM {custom}" if builtins.get(number) == "CUSTOM" else builtins.get(number, f"builtin {number}"))
        used = {op.opcodeIndex for graph in model.subgraphs or [] for op in graph.operators or []}
        file.operators = sorted({codes[i] for i in used})
        for graph in model.subgraphs or []:
            for tensor in graph.tensors or []:
                file.types.add(types.get(tensor.type, str(tensor.type)))
                file.sparse |= tensor.sparsity is not None
    except Exception as error:
        file.unreadable = f"{type(error).__name__}: {error}"[:80]


def written():
    """Builtins that the converter makes from TensorFlow, by doc/operators.md."""
    with open(os.path.join(ROOT, "doc", "operators.md")) as f:
        rows = re.findall(r"^\| \[\w+\]\(.*?\) \| (\w.*?) \| ([A-Z0-9_]+) \|", f.read(), re.M)
    return {builtin for _, builtin in rows}


def files(shared):
    found = []
    for folder in FOLDERS:
        for base, _, names in sorted(os.walk(os.path.join(shared, folder))):
            for name in sorted(names):
                if name.endswith((".tflite", ".bin")):
                    path = os.path.join(base, name)
                    found.append(File(path, os.path.relpath(path, os.path.join(shared, os.path.dirname(folder))), os.path.basename(folder)))
    for file in found:
        look(file)
    in_models = {op for file in found if file.suite == "models" for op in file.operators}
    inside = written() | in_models | CONTROL
    for file in found:
        file.outside = why_outside(file, inside - LATER)
    return found


def why_outside(file, inside):
    """Empty for a file in scope: builtins of the converter and of the models, without recurrent ones, custom ones, strings,
    sparse tensors and 4 bits."""
    if file.unreadable:
        return "not readable by the schema: " + file.unreadable
    missing = [op for op in file.operators if op not in inside]
    if missing:
        return ", ".join(missing)
    later = sorted(file.types & {"STRING", "INT4", "INT2", "RESOURCE", "VARIANT"} - ({"RESOURCE"} if CONTROL & set(file.operators) else set()))
    if later:
        return "tensors of " + ", ".join(later)
    return "sparse tensors" if file.sparse else ""


def recorded(file, kind):
    """The raw bytes that Glow keeps beside its files, for "inp" or "out"; each begins with a byte of 0. Elsewhere none."""
    blobs = []
    while os.path.exists(path := f"{os.path.splitext(file.path)[0]}.{kind}{len(blobs)}"):
        with open(path, "rb") as f:
            blobs.append(f.read()[1:])
    return blobs


def samples(file, inputs):
    """Feeds to try, best first: LiteRT takes the first that is valid. Integers may be indices, so they stay small."""
    blobs = recorded(file, "inp")
    sizes = [int(np.prod(item["shape"])) * np.dtype(item["dtype"]).itemsize for item in inputs]
    if blobs and [len(blob) for blob in blobs] == sizes:
        yield [np.frombuffer(blob, item["dtype"]).reshape(item["shape"]) for blob, item in zip(blobs, inputs)]
        return
    for largest in (3, 2, 1):
        rng = np.random.default_rng(zlib.crc32(file.name.encode()))
        yield [seeded(rng, item["dtype"], item["shape"], largest) for item in inputs]


def seeded(rng, dtype, shape, largest):
    if dtype.startswith(("float", "complex")):
        return rng.normal(size=shape).astype(dtype)
    if dtype == "bool":
        return rng.integers(0, 2, shape).astype(bool)
    if dtype in ("int8", "uint8", "int16"):
        info = np.iinfo(dtype)
        return rng.integers(info.min, info.max, shape, dtype, endpoint=True)
    if dtype.startswith(("int", "uint")):
        return rng.integers(0, largest, shape).astype(dtype)
    return np.full(shape, b"text", object)
