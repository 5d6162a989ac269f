"""The version TensorFlow Lite's tools give an operator: a lower one loads, a higher one may not."""

# By the type of the operand that counts; others are version 1.
BY_TYPE = {
    'ABS': {'int8': 2, 'int16': 3, 'int32': 5}, 'ADD': {'int8': 2, 'int16': 3, 'int64': 4}, 'ARG_MAX': {'int8': 2, 'bool': 3},
    'ARG_MIN': {'int8': 2, 'bool': 3}, 'AVERAGE_POOL_2D': {'int8': 2, 'int16': 3}, 'BATCH_MATMUL': {'int8': 2, 'int16': 3},
    'BATCH_TO_SPACE_ND': {'int8': 2, 'int16': 4}, 'BROADCAST_TO': {'int8': 3, 'int16': 3, '': 2},
    'CONCATENATION': {'int8': 2, 'int16': 3}, 'DEPTH_TO_SPACE': {'int8': 2}, 'DEQUANTIZE': {'int8': 2, 'int16': 3, 'float16': 3},
    'DYNAMIC_UPDATE_SLICE': {'int16': 4}, 'EQUAL': {'int8': 2, 'int16': 5}, 'EXP': {'int8': 2, 'int16': 2},
    'FILL': {'int8': 3, 'int16': 3, 'bool': 2}, 'FLOOR_DIV': {'float32': 2, 'int8': 3, 'int16': 3},
    'FLOOR_MOD': {'int8': 2, 'int16': 2}, 'GATHER': {'int8': 2, 'bool': 3, 'int16': 4}, 'GATHER_ND': {'int16': 3, 'bool': 5},
    'GELU': {'int8': 2, 'uint8': 2}, 'GREATER': {'int8': 2}, 'GREATER_EQUAL': {'int8': 2, 'int16': 3},
    'L2_NORMALIZATION': {'int8': 2}, 'LEAKY_RELU': {'int16': 2}, 'LESS': {'int8': 2, 'int16': 3}, 'LESS_EQUAL': {'int8': 2},
    'LOG': {'int8': 2, 'int16': 2}, 'LOGISTIC': {'int8': 2, 'int16': 3}, 'LOG_SOFTMAX': {'int8': 2}, 'MAXIMUM': {'int8': 2, 'int16': 4},
    'MAX_POOL_2D': {'int8': 2, 'int16': 3}, 'MEAN': {'int8': 2, 'int16': 3}, 'MINIMUM': {'int8': 2, 'int16': 4},
    'MIRROR_PAD': {'int8': 2, 'int16': 3}, 'MUL': {'int8': 2, 'int16': 4, 'int64': 5}, 'NOT_EQUAL': {'int8': 2, 'int16': 4},
    'PACK': {'int8': 2, 'int16': 3}, 'PAD': {'int8': 2, 'int16': 3, 'bool': 5}, 'PADV2': {'int8': 2, 'int16': 3, 'bool': 5},
    'RANGE': {'int64': 2}, 'REDUCE_MAX': {'int8': 2, 'int16': 3}, 'REDUCE_MIN': {'int8': 2, 'int16': 3},
    'REDUCE_PROD': {'int8': 2, 'int16': 2}, 'RELU': {'int8': 2, 'uint8': 2, 'int16': 3}, 'RELU6': {'int8': 2, 'int16': 3},
    'RESIZE_BILINEAR': {'int8': 2, 'int16': 4}, 'RESIZE_NEAREST_NEIGHBOR': {'int8': 2, 'int16': 4},
    'REVERSE_V2': {'bool': 2, 'int8': 3}, 'RSQRT': {'int8': 2, 'int16': 3}, 'SIGN': {'int32': 2}, 'SLICE': {'int8': 2, 'int16': 4},
    'SOFTMAX': {'int8': 2, 'int16': 3}, 'SPACE_TO_BATCH_ND': {'int8': 2, 'int16': 4}, 'SPACE_TO_DEPTH': {'int8': 2},
    'SPARSE_TO_DENSE': {'int64': 2, 'int8': 3, 'uint8': 3}, 'SPLIT': {'int8': 2, 'int32': 3, 'int16': 4}, 'SPLIT_V': {'int8': 2},
    'SQRT': {'int8': 2, 'int16': 2}, 'SQUARED_DIFFERENCE': {'int8': 2}, 'STRIDED_SLICE': {'int8': 2, 'bool': 3},
    'SUB': {'int8': 2, 'int64': 4, 'int16': 5}, 'SUM': {'int8': 2}, 'TANH': {'int8': 2, 'int16': 3}, 'TILE': {'int8': 3},
    'TOPK_V2': {'int8': 2, 'int16': 3}, 'TRANSPOSE': {'int8': 2, 'bool': 3, 'int16': 5}, 'UNPACK': {'int8': 2, 'uint8': 2, 'bool': 3, 'int16': 4},
    'WHERE': {'bool': 1, '': 2},
}
# From this rank on at least this version.
BY_RANK = {'PAD': (5, 4), 'PADV2': (5, 4), 'SLICE': (5, 5), 'STRIDED_SLICE': (5, 4), 'SUB': (5, 3), 'DIV': (5, 2), 'MAXIMUM': (5, 3),
           'MINIMUM': (5, 3), 'SELECT': (5, 3)}
DECIDING = {'SPLIT': 1, 'FILL': 1, 'SPARSE_TO_DENSE': 2}


def affine(b):
    x, w = b.inputs[0], b.inputs[1]
    bias_type = b.values.get('quantized_bias_type', 0)
    hybrid = x.dtype == 'float32' and w.dtype == 'int8'
    per_channel = w.scale is not None and w.scale.size > 1
    if b.op == 'CONV_2D':
        if x.dtype == 'int16' and bias_type:
            return 8
        if x.shape[3] != w.shape[3]:
            return 6
        return 3 if x.dtype == 'int8' else (5 if per_channel else 2) if hybrid else 1
    if b.op == 'DEPTHWISE_CONV_2D':
        if hybrid:
            return 6 if per_channel else 4
        dilated = b.values.get('dilation_w_factor', 1) != 1 or b.values.get('dilation_h_factor', 1) != 1
        return 3 if x.dtype == 'int8' else 2 if dilated else 1
    return fully_connected(b, x, w, bias_type, hybrid, per_channel)


def fully_connected(b, x, w, bias_type, hybrid, per_channel):
    if hybrid and per_channel:
        return 12
    if x.dtype == 'int16':
        return 11 if bias_type else 1
    if len(b.inputs) == 2:
        return 6
    if b.values.get('keep_num_dims'):
        return 5
    return 4 if x.dtype == 'int8' else (9 if b.values.get('asymmetric_quantize_inputs') else 3) if hybrid else 1


def by_options(b):
    """What options alone ask for."""
    if b.op in ('RESIZE_BILINEAR', 'RESIZE_NEAREST_NEIGHBOR'):
        corners = b.values.get('align_corners') and b.op == 'RESIZE_NEAREST_NEIGHBOR'
        return 3 if b.values.get('half_pixel_centers') or corners else 1
    if b.op == 'STRIDED_SLICE':
        return 8 if b.values.get('offset') else 6 if b.values.get('ellipsis_mask') or b.values.get('new_axis_mask') else 1
    if b.op == 'GATHER':
        return 6 if b.inputs[1].dtype == 'int16' else 5 if b.values.get('batch_dims') else 1
    if b.op == 'MUL' and b.outputs[0].scale is not None and b.inputs[0].dtype != 'int16':
        return 3 if b.inputs[0].scale[0] * b.inputs[1].scale[0] >= b.outputs[0].scale[0] else 1
    if b.op == 'QUANTIZE':
        return 2 if b.outputs[0].dtype == 'int16' else 1
    if b.op == 'DEQUANTIZE':
        return 5 if b.inputs[0].scale is not None and b.inputs[0].scale.size > 1 and b.inputs[0].dtype == 'int8' else 1
    if b.op == 'EMBEDDING_LOOKUP':
        return 4 if b.inputs[1].scale is not None and b.inputs[1].scale.size > 1 else 1
    if b.op == 'DYNAMIC_UPDATE_SLICE':
        return 2 if b.inputs[2].dtype == 'int64' else 1
    return 1


def of(b):
    if b.op in ('CONV_2D', 'DEPTHWISE_CONV_2D', 'FULLY_CONNECTED'):
        return affine(b)
    if b.op == 'TRANSPOSE_CONV':
        weights = 2 if b.inputs[1].dtype == 'int8' else 1
        return 4 if b.values.get('fused_activation_function') else 3 if len(b.inputs) == 4 else weights
    if b.op == 'BATCH_MATMUL' and b.inputs[0].dtype != b.inputs[1].dtype:
        return 4 if b.values.get('asymmetric_quantize_inputs') else 1
    if not b.inputs:
        return 1
    main = b.inputs[DECIDING.get(b.op, 0)]
    table = BY_TYPE.get(b.op, {})
    version = max(table.get(main.dtype, table.get('', 1)), by_options(b))
    ranks = [len(t.shape) for t in b.inputs if t is not None]
    if b.op == 'TRANSPOSE':
        return max(version, {5: 4, 6: 6}.get(ranks[0], 1))
    if b.op in ('SPACE_TO_BATCH_ND', 'BATCH_TO_SPACE_ND') and ranks[0] != 4:
        return max(version, 3)
    rank, least = BY_RANK.get(b.op, (99, 1))
    return max(version, least) if max(ranks) >= rank else version
