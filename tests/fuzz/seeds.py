"""Seeds beside the project's own files: texts and bytes of GraphDefs, texts of modules, .tflite files by the schema."""

# What the recorded graphs do not hold: the text form, functions, control flow, custom operators, narrow floats, TensorProto in
# each encoding, and what is refused.
FLOAT, BOOL, INT32 = "type: DT_FLOAT", "type: DT_BOOL", "type: DT_INT32"


def node(name: str, op: str, *inputs: str, **attrs: str) -> str:
    """A node in text form; attributes are given as fields of AttrValue, for example T=FLOAT."""
    edges = "".join(f" input: '{i}'" for i in inputs)
    return f"node {{ name: '{name}' op: '{op}'{edges}{''.join(f' attr {{ key: {k!r} value {{ {v} }} }}' for k, v in attrs.items())} }}\n"


def shape(*sizes: int) -> str:
    return f"shape {{ {' '.join(f'dim {{ size: {n} }}' for n in sizes)} }}"


def const(name: str, dtype: str, values: str, *sizes: int) -> str:
    return node(name, "Const", dtype=f"type: {dtype}", value=f"tensor {{ dtype: {dtype} tensor_{shape(*sizes)} {values} }}")


def placeholder(name: str, dtype: str = "DT_FLOAT", *sizes: int) -> str:
    return node(name, "Placeholder", dtype=f"type: {dtype}", shape=shape(*sizes))


def function(name: str, inputs: str, outputs: str, body: str, **rets: str) -> str:
    """A function in text form, whose arguments are called by a letter each."""
    signature = "".join(f" {kind}_arg {{ name: '{a}' type: DT_FLOAT }}" for kind, names in (("input", inputs), ("output", outputs)) for a in names)
    returned = " ".join(f"ret {{ key: {k!r} value: {v!r} }}" for k, v in rets.items())
    return f"function {{ signature {{ name: '{name}'{signature} }} {body.replace('node {', 'node_def {')} {returned} }}\n"


def library(*functions: str) -> str:
    return f"library {{ {''.join(functions)} }}\n"


# Bits of fuzz_graphdef.cpp's options().
CUSTOM, NARROW = 1, 2


def output(k: int) -> int:
    return 4 | k << 8


def cut(k: int, how: int = 0) -> int:
    return 8 | how << 4 | k << 16


def asked(bits: int) -> str:
    return f"versions {{ producer: 27 min_consumer: {bits} }}\n"


TYPED = [
    ("DT_FLOAT", "float_val: 1 float_val: 2"), ("DT_DOUBLE", "double_val: 1"), ("DT_INT32", "int_val: 3"), ("DT_INT64", "int64_val: -4"), ("DT_BOOL", "bool_val: true"),
    ("DT_HALF", "half_val: 15360"), ("DT_BFLOAT16", "half_val: 16256"), ("DT_STRING", "string_val: 'abc'"), ("DT_COMPLEX64", "scomplex_val: 1 scomplex_val: 2"),
    ("DT_COMPLEX128", "dcomplex_val: 1 dcomplex_val: 2"), ("DT_UINT32", "uint32_val: 5"), ("DT_UINT64", "uint64_val: 6"), ("DT_UINT8", "int_val: 7"), ("DT_INT8", "int_val: -7"),
    ("DT_UINT16", "int_val: 9"), ("DT_FLOAT8_E5M2", "float8_val: '\\001\\002'"), ("DT_INT32", "tensor_content: '\\001\\000\\000\\000'"), ("DT_RESOURCE", "int_val: 1"),
    ("DT_QINT8", "int_val: 1"), ("DT_QUINT8", "int_val: 1"), ("DT_QINT32", "int_val: 1"), ("DT_QINT16", "int_val: 1"), ("DT_QUINT16", "int_val: 1"), ("DT_VARIANT", ""),
    ("DT_FLOAT8_E4M3FN", ""), ("DT_INT4", ""), ("DT_UINT4", ""), ("DT_FLOAT_REF", "float_val: 1"), ("DT_INVALID", ""),
]
THREE = {t: "float_val: 1 float_val: 2 float_val: 3" for t in ("DT_FLOAT", "DT_COMPLEX64")} | {"DT_STRING": "string_val: 'a'"}
HEAD = placeholder("x", "DT_FLOAT", -1, 3)
PREDICATE = const("p", "DT_BOOL", "bool_val: true")
TOP = node("relu", "Relu", "a", T=FLOAT) + node("top", "TopKV2", "relu:activations:0", "k:output:0", T=FLOAT, sorted="b: true") + const("k", "DT_INT32", "int_val: 2")
FUNCTION = function("f", "a", "ri", TOP, r="top:values:0", i="a")
CHAIN = [function(f"f{i}", "a", "r", node("n", f"f{i + 1}", "a"), r="n:r:0") for i in range(70)] + [function("f70", "a", "r", node("n", "Neg", "a"), r="n:y:0")]
ALL_KINDS = {"s": "s: 'abc'", "i": "i: -7", "f": "f: 0.5", "b": "b: true", "t": INT32, "li": "list { i: 1 i: 2 }", "lf": "list { f: 1.5 }", "ls": "list { s: 'a' s: 'b' }",
             "lt": "list { type: DT_FLOAT type: DT_BOOL }", "h": shape(2), "_hidden": "i: 1"}
HALVES = placeholder("h", "DT_HALF", -1, 3) + const("c", "DT_HALF", "half_val: 15360", 3)
POOL = {"T": FLOAT, "ksize": "list { i: 1 i: 2 i: 2 i: 1 }", "strides": "list { i: 1 i: 2 i: 2 i: 1 }", "padding": "s: 'SAME'"}
IMAGE = placeholder("x", "DT_FLOAT", 1, 4, 4, 3)
INNER = HEAD + node("a", "Nope", "x") + node("y", "Relu", "a", T=FLOAT) + node("z", "Relu", "y", T=FLOAT)
KNOWN = HEAD + placeholder("u", "DT_FLOAT", 3) + node("a", "Neg", "x", T=FLOAT) + node("y", "Add", "a", "u", T=FLOAT)
CHANGED_POOLS = [{"padding": "s: 'NEITHER'"}, {"padding": "i: 1"}, {"strides": "list { i: 2 i: 2 i: 2 i: 1 }"}, {"strides": "list { i: 1 i: 0 i: 2 i: 1 }"}, {"data_format": "s: 'NCHW'"}]
TEXTS = [
    HEAD + node("y", "f", "x") + library(FUNCTION),
    HEAD + node("y", "PartitionedCall", "x", f="func { name: 'f' }") + node("z", "Relu", "y:1") + library(FUNCTION),
    HEAD + node("y", "PartitionedCall", "x") + node("z", "f", "y:7") + node("u", "f") + library(FUNCTION),
    HEAD + node("y", "g", "x") + library(function("g", "a", "r", node("inner", "f", "a"), r="inner:r:0"), FUNCTION),
    HEAD + node("y", "g", "x") + library(function("g", "a", "r", node("again", "g", "a"), r="again:r:0")),
    HEAD + node("y", "g", "x") + library(function("g", "a", "rs", node("n", "Neg", "b"), s="n:y:0")),
    HEAD + node("y", "f0", "x") + library(*CHAIN),
    HEAD + PREDICATE + node("s", "Switch", "x", "p") + node("a", "Relu", "s:1") + node("b", "Neg", "s") + node("m", "Merge", "a", "b") + node("i", "Identity", "m:1"),
    HEAD + PREDICATE + node("s", "Switch", "x", "p") + node("t", "Switch", "s", "p") + node("b", "Neg", "t") + node("m", "Merge", "b", "t:1"),
    HEAD + placeholder("p", "DT_BOOL") + node("s", "Switch", "x", "p") + node("t", "Switch", "x", "p") + node("m", "Merge", "s", "s:1", "^t"),
    HEAD + node("d", "PlaceholderWithDefault", "x", dtype=FLOAT, shape="shape { unknown_rank: true }") + "versions { producer: 21 }",
    HEAD + node("w", "Enter", "x") + node("m", "Merge", "w", "n") + node("n", "NextIteration", "m") + node("e", "Exit", "m"),
    HEAD + node("v", "VariableV2") + node("y", "Add", "x", "v"),
    HEAD + node("loss/s", "ScalarSummary", "x") + node("gradients/y", "ReluGrad", "x", "x") + node("y", "Relu", "x", "^x") + node("v/Assign", "Assign", "x", "x"),
    HEAD + node("y", "Nope", "x:9") + node("y", "Nope", "zz"),
    HEAD + node("y", "Relu", "zz"),
    HEAD + node("y", "Relu", "x:9"),
    HEAD + node("y", "Mystery", "x", **ALL_KINDS, _output_types="list { type: DT_FLOAT type: DT_INT64 }") + node("z", "Relu", "y") + node("u", "Neg", "y:1") + asked(CUSTOM),
    HEAD + node("y", "Mystery", "x", T=INT32) + node("z", "Neg", "y:2") + asked(CUSTOM),
    HEAD + node("y", "Mystery", "x") + asked(CUSTOM),
    HEAD + node("y", "", "x") + asked(CUSTOM),
    *(HALVES + node("a", op, "h", T="type: DT_HALF") + node("y", "Add", "a", "c", T="type: DT_HALF") + asked(bits) for op in ("Relu", "Exp", "Softmax") for bits in (0, NARROW)),
    HALVES + node("y", "Exp", "h", T="type: DT_HALF"),
    HALVES + node("y", "Tanh", "h", T="type: DT_HALF") + asked(cut(0, 7)),
    node("x", "Placeholder", dtype=FLOAT, _output_shapes="list { shape { dim { size: 2 } } }") + node("y", "Relu", "x", T=FLOAT),
    *(INNER + asked(cut(node_, how)) for node_, how in ((0, 0), (0, 1), (1, 0), (1, 2), (1, 3), (2, 0), (2, 1), (2, 4), (2, 5), (2, 6), (2, 7))),
    *(KNOWN + asked(cut(node_, how)) for node_, how in ((2, 0), (2, 1), (2, 7), (1, 0))),
    INNER + asked(output(2) | cut(1)),
    INNER + asked(output(0)),
    INNER + asked(output(3) | cut(2)),
    HEAD + node("y", "Relu", "x", T=FLOAT, banana="i: 5") + node("z", "Relu") + node("u", "Cast", "x", SrcT=FLOAT, DstT="type: 99"),
    HEAD + placeholder("s", "DT_INT32", 2) + node("y", "Tile", "x", "s") + node("z", "Sum", "x", "s", keep_dims="b: true") + node("w", "ArgMax", "x", "s") + node("u", "Transpose", "x", "s"),
    HEAD + node("n", "IdentityN", "x", "x", T="list { type: DT_FLOAT type: DT_FLOAT }") + node("y", "Relu", "n:1", T=FLOAT),
    HEAD + node("y", "Bucketize", "x", T=FLOAT, boundaries="list { f: 0 f: 1.5 }"),
    IMAGE + node("y", "AvgPool", "x", **POOL),
    *(IMAGE + node("y", "AvgPool", "x", **{**POOL, **change}) for change in CHANGED_POOLS),
    IMAGE + node("y", "AvgPool", "x", T=FLOAT),
    HEAD + node("c", "Const") + node("y", "Add", "x", "c"),
    HEAD + const("c", "DT_FLOAT", "tensor_content: 'abc'", 3) + node("y", "Add", "x", "c"),
    *(const("c", t, v, *([] if v.startswith("tensor_content") else [4])) + node("y", "Identity", "c") for t, v in TYPED),
    *(const("c", t, values, n) + node("y", "Identity", "c") for t, values in THREE.items() for n in (1, -1, 1 << 28, 1 << 40)),
    *(placeholder("x", t, 2) + node("y", "Identity", "x", T=f"type: {t}") for t, _ in TYPED[:16]),
    HEAD + node("y", "SpaceToBatchND", "x", "x", "x", T=FLOAT) + node("z", "Reshape", "x", T=FLOAT) + node("u", "Relu", "x", T="i: 1") + node("v", "Cast", "x", DstT="s: 'abc'"),
    # Fields that are skipped.
    "node { name: 'c' op: 'Const' device: 'd' attr { key: 'dtype' value { type: DT_FLOAT } } attr { key: 'value' value { tensor { version_number: 1 dtype: DT_FLOAT tensor_shape { } } } } }"
    "library { function { signature { name: 'f' summary: 's' input_arg { name: 'a' description: 's' } } attr { key: 'a' value { i: 1 } } control_ret { key: 'a' value: 'b' } }"
    " gradient { function_name: 'f' } } version: 1 versions { bad_consumers: 1 }",
    "node { name: 5 }",
    "node {",
]


def message(tag: int, payload: bytes) -> bytes:
    return bytes((tag << 3 | 2, len(payload))) + payload


def binary_const(tensor: bytes, *more: bytes) -> bytes:
    """A GraphDef of a constant that is read; the bytes of its TensorProto, further fields of the entry that holds it."""
    constant = message(1, b"c") + message(2, b"Const") + message(5, message(1, b"value") + message(2, message(8, tensor)) + b"".join(more))
    return message(1, constant) + message(1, message(1, b"y") + message(2, b"Identity") + message(3, b"c"))


# What has no text form: damage and unknown fields.
BINARIES = [message(1, b"abc")[:4], binary_const(b"\x08\x01\x12\x09"), binary_const(b"\x08\x01", message(9, b"unknown")), binary_const(b"\x08\x01") + message(15, b"unknown")]

# Texts beside the cases of operators and rewrites.
MODULES = [
    """%x = input "x" : string[2]
%c = const : string[2] = ["a", "b\\"c"]
%n = const : i32[2,2]
%b = const : i16[2] = 0x01000200
%one = const : u64[3] = 7
%y = custom(%x, %c) {custom_code="a\\"b", types=[2]} "named" @a/b+c
return %y "y"
""",
    *(f"%x = const : {t}[2] @a\nreturn %x\n" for t in ("f16", "f64", "i2", "i4", "c64", "resource")),
]

# .tflite files by the schema, beside those that were recorded and converted: y = w + x, with something added to a table.
PLAIN_TENSORS = [{"shape": [2, 3], "name": n, "buffer": b} for n, b in (("x", 0), ("w", 1), ("y", 0))]
PLAIN = {
    "version": 3,
    "operator_codes": [{"builtin_code": "ADD", "version": 1}, {"builtin_code": "CALL_ONCE"}, {"builtin_code": "CUSTOM", "custom_code": "Mystery"}, {"builtin_code": "WHILE"}],
    "subgraphs": [{"tensors": PLAIN_TENSORS, "inputs": [0], "outputs": [2], "name": "main",
                   "operators": [{"opcode_index": 0, "inputs": [1, 0], "outputs": [2], "builtin_options_type": "AddOptions", "builtin_options": {}}]}],
    "buffers": [{}, {"data": [1] * 24}, {"data": list(b"a note")}],
    "metadata": [{"name": "note", "buffer": 2}],
    "signature_defs": [{"signature_key": "serving_default", "subgraph_index": 0, "inputs": [{"name": "x", "tensor_index": 0}], "outputs": [{"name": "y", "tensor_index": 2}]}],
}


def with_operator(**fields) -> dict:
    return {"subgraphs": [{**PLAIN["subgraphs"][0], "operators": [{"inputs": [1, 0], "outputs": [2], **fields}]}]}


def with_tensors(**fields) -> dict:
    return {"subgraphs": [{**PLAIN["subgraphs"][0], "tensors": [{**t, **fields} for t in PLAIN_TENSORS]}]}


def calls_once(index: int) -> dict:
    return {"operators": [{"opcode_index": 1, "builtin_options_type": "CallOnceOptions", "builtin_options": {"init_subgraph_index": index}}]}


CHANGES = [
    {},
    {"buffers": [{}, {"offset": 0, "size": 24}, {}]},  # the offset becomes the file's end
    {"buffers": [{}, {"offset": 1 << 40, "size": 24}, {}]},
    with_operator(opcode_index=2, custom_options=[1, 2, 3], custom_options_format="FLEXBUFFERS"),
    with_operator(opcode_index=2, large_custom_options_offset=400, large_custom_options_size=4),
    {"operator_codes": [{"builtin_code": "ADD", "version": 99}]},
    {"operator_codes": [{"builtin_code": "ADD"}, {"builtin_code": "DILATE"}], **with_operator(opcode_index=1)},
    {"operator_codes": [{"builtin_code": "CUSTOM"}]},
    {"subgraphs": [{**PLAIN["subgraphs"][0], **calls_once(1)}, calls_once(1)]},
    {"subgraphs": [PLAIN["subgraphs"][0], calls_once(2), {"operators": []}]},
    with_operator(opcode_index=3, builtin_options_type="WhileOptions", builtin_options={"cond_subgraph_index": 0, "body_subgraph_index": 0}),
    {**with_tensors(type="INT8", quantization={"scale": [0.5], "zero_point": [3]}), "buffers": [{}, {"data": [1] * 6}, {}]},
    with_tensors(type="INT4", quantization={"scale": [0.5], "zero_point": [3]}),
    {**with_tensors(type="INT8", quantization={"scale": [0.5, 0.25], "zero_point": [0, 0], "quantized_dimension": 0}), "buffers": [{}, {"data": [1] * 6}, {}]},
    with_tensors(quantization={"min": [-1], "max": [1]}),
    with_tensors(quantization={"details_type": "CustomQuantization", "details": {}}),
    with_tensors(sparsity={"traversal_order": [0, 1]}),
    with_tensors(shape_signature=[-1, 3]),
    {**with_tensors(shape_signature=[-1, 3], buffer=0), "buffers": [{}]},
    with_tensors(type="STRING"),
    with_tensors(shape=[1 << 30, 1 << 30]),
    with_tensors(shape=[2, 4]),
    with_tensors(shape=[], has_rank=False),
    with_tensors(is_variable=True),
    {"signature_defs": [{"subgraph_index": 5, "inputs": [], "outputs": []}]},
    {"signature_defs": [{"subgraph_index": 0, "inputs": [{"name": "x", "tensor_index": 2}], "outputs": []}]},
    {"metadata": [{"name": "note", "buffer": 9}]},
    with_operator(opcode_index=9),
    {"subgraphs": [{**PLAIN["subgraphs"][0], "inputs": [7]}]},
    {"subgraphs": [{**PLAIN["subgraphs"][0], "operators": []}]},
]
