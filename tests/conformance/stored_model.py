"""What a .tflite file stores, by the schema alone: ranges, scales, constants; and whether that makes sense."""

import numpy as np
from tflite_files import enumeration

# Operators that give their operands' numbers: all are stored alike.
SAME = {
    "AVERAGE_POOL_2D", "BATCH_TO_SPACE_ND", "BROADCAST_TO", "CONCATENATION", "DEPTH_TO_SPACE", "DYNAMIC_UPDATE_SLICE", "EXPAND_DIMS", "GATHER",
    "GATHER_ND", "MAXIMUM", "MAX_POOL_2D", "MINIMUM", "MIRROR_PAD", "PACK", "PAD", "PADV2", "REDUCE_MAX", "REDUCE_MIN", "RESHAPE", "RESIZE_BILINEAR",
    "RESIZE_NEAREST_NEIGHBOR", "REVERSE_V2", "SELECT", "SELECT_V2", "SLICE", "SPACE_TO_BATCH_ND", "SPACE_TO_DEPTH", "SPLIT", "SPLIT_V", "SQUEEZE",
    "STRIDED_SLICE", "TILE", "TRANSPOSE", "UNPACK",
}  # fmt: skip
# Results that are stored in one way: scale in int8, zero point, scale in int16.
FIXED = {"SOFTMAX": (1 / 256, -128, 1 / 32768), "LOGISTIC": (1 / 256, -128, 1 / 32768), "TANH": (1 / 128, 0, 1 / 32768), "LOG_SOFTMAX": (16 / 256, 127, None),
         "L2_NORMALIZATION": (1 / 128, 0, None)}  # fmt: skip
# Operand of the weights, of the data and of the bias; axis of the weights' scales.
WEIGHTED = {"CONV_2D": (1, 0, 2, 0), "DEPTHWISE_CONV_2D": (1, 0, 2, 3), "FULLY_CONNECTED": (1, 0, 2, 0), "TRANSPOSE_CONV": (1, 2, 3, 0)}


def several(array):
    return [] if array is None else [float(x) for x in array]


class StoredTensor:
    def __init__(self, index, tensor, buffers, types):
        self.index, self.name, self.dtype = index, (tensor.name or b"").decode(errors="replace"), types[tensor.type]
        self.shape = [] if tensor.shape is None else [int(d) for d in tensor.shape]
        self.buffer, q = tensor.buffer, tensor.quantization
        data = buffers[tensor.buffer].data if tensor.buffer < len(buffers) else None
        self.data = None if data is None or len(data) == 0 else bytes(data)
        self.scale, self.zero = (several(q.scale), several(q.zeroPoint)) if q else ([], [])
        low, high = (several(q.min), several(q.max)) if q else ([], [])
        self.limits = (min(low), max(high)) if low and high else None

    def is_stored(self):
        return bool(self.scale) and self.dtype in ("INT8", "UINT8", "INT16")


class StoredModel:
    def __init__(self, path):
        from ai_edge_litert import schema_py_generated as schema

        with open(path, "rb") as f:
            model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(f.read(), 0))
        builtins, types = enumeration(schema.BuiltinOperator), enumeration(schema.TensorType)
        codes = [builtins.get(max(c.builtinCode, c.deprecatedBuiltinCode), "?") for c in model.operatorCodes or []]
        self.tensors = [[StoredTensor(i, t, model.buffers, types) for i, t in enumerate(g.tensors or [])] for g in model.subgraphs or []]
        self.inputs = [[int(i) for i in g.inputs] if g.inputs is not None else [] for g in model.subgraphs or []]
        self.outputs = [[int(i) for i in g.outputs] if g.outputs is not None else [] for g in model.subgraphs or []]
        self.ops = []  # (graph, operator, operands, results); None: absent
        for k, g in enumerate(model.subgraphs or []):
            for op in g.operators or []:
                operands = [self.tensors[k][i] if i >= 0 else None for i in (op.inputs if op.inputs is not None else [])]
                results = [self.tensors[k][i] for i in (op.outputs if op.outputs is not None else []) if i >= 0]
                self.ops.append((k, codes[op.opcodeIndex], operands, results))
        self.graph_of = {(s.signatureKey or b"").decode(): s.subgraphIndex for s in model.signatureDefs or []}

    def operators(self):
        return {op for _, op, _, _ in self.ops}

    def limits(self, signature, name):
        graph = self.graph_of.get(signature, 0)
        return next((t.limits for t in self.tensors[graph] if t.name == name and t.limits), None)

    def has_ranges(self):
        """Of every float that is no constant."""
        return all(t.limits for graph in self.tensors for t in graph if t.dtype == "FLOAT32" and t.data is None)

    def unsound(self, floats, mode):
        """Empty, or what no quantiser may write: operators whose stored operands do not go together."""
        for graph, op, operands, results in self.ops:
            where = f"{op} '{results[0].name if results else ''}'"
            there = [t for t in operands if t]
            if op == "CUSTOM":
                if any(t.is_stored() for t in there + results):
                    return f"{where}: a custom operator takes floats"
                continue
            if op in ("QUANTIZE", "DEQUANTIZE") or not any(t.is_stored() for t in results) and op not in WEIGHTED:
                continue
            integers = any(t.is_stored() for t in results)
            if integers and any(t.dtype == "FLOAT32" for t in there + results):
                return f"{where}: integers and floats together"
            for reason in (self.same(op, there, results), self.fixed(op, results), self.weights(op, operands, results)):
                if reason:
                    return f"{where}: {reason}"
        return self.shared_weights(floats, mode)

    @staticmethod
    def same(op, operands, results):
        alike = [t for t in operands + results if t.is_stored()]
        # TensorFlow 1's uint8 kernel rescales.
        if op in SAME and len({(t.dtype, tuple(t.scale), tuple(t.zero)) for t in alike}) > 1:
            return "different scales: " + ", ".join(f"'{t.name}' {t.scale[0]:.6g}" for t in alike)
        return ""

    @staticmethod
    def fixed(op, results):
        if op not in FIXED:
            return ""
        scale, zero, wide = FIXED[op]
        t = results[0]
        if t.dtype == "INT16":
            scale, zero = wide, 0
        elif t.dtype == "UINT8":
            zero += 128
        return "" if scale is None or (t.scale[0] == np.float32(scale) and t.zero[0] == zero) else f"the scale {t.scale[0]}, the zero point {t.zero[0]}"

    @staticmethod
    def weights(op, operands, results):
        if op not in WEIGHTED or not results[0].is_stored():
            return ""
        at, data, bias, axis = WEIGHTED[op]
        w, x = operands[at], operands[data]
        legacy = x.dtype == "UINT8"
        if w.dtype != ("UINT8" if legacy else "INT8") or (not legacy and any(w.zero)):
            return f"weights of {w.dtype} with the zero points {w.zero[:3]}"
        if w.data is not None and not legacy:
            q = np.frombuffer(w.data, np.int8).reshape(w.shape)
            if (q == -128).any():
                return "weights of -128"
            if len(w.scale) not in (1, w.shape[axis]):
                return f"{len(w.scale)} scales of weights"
        if len(operands) <= bias or operands[bias] is None:
            return ""
        b = operands[bias]
        if b.dtype != ("INT64" if x.dtype == "INT16" else "INT32"):
            return f"a bias of {b.dtype}"
        product = x.scale[0] * np.asarray(w.scale)
        return "" if len(b.scale) == len(product) and np.allclose(b.scale, product, rtol=1e-5, atol=0) else "the bias has not the product of the scales"

    def shared_weights(self, floats, mode):
        """Weights that several operators read are stored once."""
        def buffers(model):
            halves = {id(results[0]): operands[0] for _, op, operands, results in model.ops if op == "DEQUANTIZE"}
            weights = [operands[WEIGHTED[op][0]] for _, op, operands, _ in model.ops if op in WEIGHTED]
            return {w.buffer for w in (halves.get(id(w), w) for w in weights) if w.data is not None}
        if len(buffers(self)) > len(buffers(floats)):
            return f"{len(buffers(self))} buffers of weights, the float model has {len(buffers(floats))}"
        return ""
