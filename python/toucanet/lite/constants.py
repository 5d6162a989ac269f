"""tf.compat.v1.lite.constants (source: TensorFlow 2.15.1)."""
from ..dtypes import complex64 as COMPLEX64
from ..dtypes import float16 as FLOAT16
from ..dtypes import float32 as FLOAT
from ..dtypes import int8 as INT8
from ..dtypes import int16 as INT16
from ..dtypes import int32 as INT32
from ..dtypes import int64 as INT64
from ..dtypes import string as STRING
from ..dtypes import uint8 as QUANTIZED_UINT8

TENSORFLOW_GRAPHDEF = 1
TFLITE = 2
GRAPHVIZ_DOT = 3

__all__ = ["COMPLEX64", "FLOAT", "FLOAT16", "GRAPHVIZ_DOT", "INT16", "INT32", "INT64", "INT8", "QUANTIZED_UINT8", "STRING", "TENSORFLOW_GRAPHDEF", "TFLITE"]
