"""The version TensorFlow Lite's tools give an operator: a lower one loads, a higher one may not."""

INT8_2_INT16_3 = {
    'AVERAGE_POOL_2D', 'MAX_POOL_2D', 'CONCATENATION', 'LOGISTIC', 'TANH', 'SOFTMAX', 'MEAN', 'REDUCE_MAX', 'REDUCE_MIN', 'RELU',
    'RELU6', 'RSQRT', 'ABS', 'MIRROR_PAD', 'PACK', 'BATCH_MATMUL', 'LESS', 'GREATER_EQUAL', 'TOPK_V2',
}
INT8_2_INT16_4 = {'GATHER', 'SPLIT', 'UNPACK', 'MAXIMUM', 'MINIMUM', 'MUL', 'RESIZE_BILINEAR', 'RESIZE_NEAREST_NEIGHBOR',
                  'SPACE_TO_BATCH_ND', 'BATCH_TO_SPACE_ND', 'SLICE', 'NOT_EQUAL'}
INT8_2 = {'ARG_MAX', 'ARG_MIN', 'GREATER', 'LESS_EQUAL', 'EQUAL', 'SUM', 'SQUARED_DIFFERENCE', 'L2_NORMALIZATION', 'LOG_SOFTMAX',
          'SPLIT_V', 'DEPTH_TO_SPACE', 'SPACE_TO_DEPTH', 'GELU', 'DEQUANTIZE', 'TRANSPOSE', 'PAD', 'PADV2', 'STRIDED_SLICE',
          'ADD', 'SUB', 'EXP', 'LOG', 'SQRT', 'REDUCE_PROD', 'TRANSPOSE_CONV'}


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
    if hybrid and per_channel:
        return 12
    if x.dtype == 'int16':
        return 7 if w.dtype == 'int16' else 11 if bias_type else 1
    if len(b.inputs) == 2:
        return 6
    if b.values.get('keep_num_dims'):
        return 5
    return 4 if x.dtype == 'int8' else (9 if b.values.get('asymmetric_quantize_inputs') else 3) if hybrid else 1


def of(b):
    dtypes = [t.dtype for t in b.inputs if t is not None]
    if b.op in ('CONV_2D', 'DEPTHWISE_CONV_2D', 'FULLY_CONNECTED'):
        return affine(b)
    if b.op == 'TRANSPOSE_CONV':
        return 4 if b.values.get('fused_activation_function') else 3 if len(b.inputs) == 4 else 2 if 'int8' in dtypes else 1
    if b.op == 'BATCH_MATMUL' and dtypes == ['float32', 'int8'] and b.values.get('asymmetric_quantize_inputs'):
        return 4
    if b.op in ('ADD', 'SUB') and dtypes[0] in ('int64', 'int16'):
        return 4 if dtypes[0] == 'int64' else 3 if b.op == 'ADD' else 5
    if b.op == 'BROADCAST_TO':
        return 3 if dtypes[0] in ('int8', 'int16') else 2
    if b.op == 'MUL' and dtypes[0] == 'int64':
        return 5
    main = dtypes[1] if b.op == 'SPLIT' else dtypes[0] if dtypes else ''
    if main == 'int8' and b.op in INT8_2_INT16_3 | INT8_2_INT16_4 | INT8_2:
        return 2
    if main == 'int16':
        return 3 if b.op in INT8_2_INT16_3 else 4 if b.op in INT8_2_INT16_4 else 2 if b.op in ('LEAKY_RELU', 'EXP', 'LOG') else 1
    return 1
