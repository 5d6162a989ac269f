"""tf.compat.v1.lite: the converter with TensorFlow 1's signatures."""
from typing import Any

from ....errors import ConverterError
from ....lite import constants, later
from ....lite.options import OpsSet, Optimize, RepresentativeDataset, TargetSpec
from ....lite.v1 import TFLiteConverter, TocoConverter, toco_convert

__all__ = ["ConverterError", "OpsSet", "Optimize", "RepresentativeDataset", "TFLiteConverter", "TargetSpec", "TocoConverter", "constants", "toco_convert"]


def __getattr__(name: str) -> Any:
    return later.refuse(__name__, name)
