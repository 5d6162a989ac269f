"""What convolutions and matrix products share: scales that use the output's range, weights and biases in every type."""

import numpy as np

from kernel_grid.core import ACTIVATIONS

OUTPUT_SCALES = {'int8': (0.012, 0.09), 'uint8': (0.012, 0.09), 'int16': (0.0001, 0.0004)}


class Affine:
    """Draws the parameters of y = w·x + b for one type.

    `depth` is the number of products a result adds, `channels` the number of weight scales at most. `large_multiplier`
    makes s_x·s_w/s_y exceed 1; then operands are small, so that not all saturates.
    """

    def __init__(self, b, types, depth, channels, per_channel=False, zero='some', large_multiplier=False):
        self.b, self.types, self.depth = b, types, depth
        b.depth, self.small = depth, large_multiplier
        self.quantized = types in OUTPUT_SCALES
        self.weight_type = 'float32' if types == 'float32' else 'uint8' if types == 'uint8' else 'int8'
        if not self.quantized:
            self.weight_scale = self.draw(channels if per_channel else 1, 0.01)
            return
        low, high = OUTPUT_SCALES[types]
        self.output_scale = b.scale(low, high)
        self.input_scale = b.scale(low / 2, high / 2)
        gain = 0.6 if large_multiplier else 90 * np.sqrt(depth)
        self.weight_scale = self.draw(channels if per_channel else 1, self.output_scale / (self.input_scale * gain))
        self.input_zero, self.output_zero = b.zero(types, zero), b.zero(types, {'low': 'high', 'high': 'low'}.get(zero, zero))
        self.weight_zero = b.zero('uint8', zero) if types == 'uint8' else 0

    def draw(self, count, middle):
        return np.asarray(middle * np.exp(self.b.rng.uniform(-0.7, 0.7, count)), np.float32)

    def x(self, shape):
        if not self.quantized:
            return self.b.x('float32', shape)
        bounds = dict(low=self.input_zero - 5, high=self.input_zero + 5) if self.small else {}
        limits = np.iinfo(self.types)
        bounds = {k: int(np.clip(v, limits.min, limits.max)) for k, v in bounds.items()}
        return self.b.x(self.types, shape, self.input_scale, self.input_zero, **bounds)

    def w(self, shape, axis=0, constant=True):
        """The weights; their first and last elements are the type's ends."""
        if self.weight_type == 'float32':
            return self.b.c('float32', self.b.floats(shape))
        low, high = (0, 255) if self.weight_type == 'uint8' else (-127, 127)
        if self.small:
            low, high = max(low, getattr(self, 'weight_zero', 0) - 2), min(high, getattr(self, 'weight_zero', 0) + 2)
        data = self.b.integers(shape, self.weight_type, low, high)
        data.flat[0], data.flat[-1] = low, high
        zero = getattr(self, 'weight_zero', 0)
        return self.b.c(self.weight_type, data, self.weight_scale, zero, axis)

    def bias(self, channels, dtype='int32'):
        if not self.quantized:
            return self.b.c('float32', self.b.floats(channels))
        spread = 3 if self.small else {'int16': 2.0e6}.get(self.types, 8000) * np.sqrt(self.depth)
        data = np.rint(self.b.rng.normal(size=channels) * spread)
        return self.b.c(dtype, data, np.float32(self.input_scale) * self.weight_scale)

    def y(self):
        if not self.quantized:
            return self.b.y('float32')
        return self.b.y(self.types, self.output_scale, self.output_zero)


def activation(index, types):
    """Goes round the fused activations."""
    return ACTIVATIONS[['none', 'relu', 'relu6', 'none', 'relu_n1_to_1'][index % 5]]
