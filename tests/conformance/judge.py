"""Are these outputs the expected ones?"""

import numpy as np

# Floats: |difference| <= ABSOLUTE + RELATIVE * |expected| + OF_LARGEST * largest finite |expected|.
ABSOLUTE, RELATIVE, OF_LARGEST = 1e-4, 1e-4, 1e-6
# A float16 carries 11 bits: where TensorFlow rounds to one, its last place is 2^-10 of the value.
RELATIVE_HALF = 2.0**-10


def kind(dtype):
    return {"f": "float", "b": "bool"}.get(np.dtype(dtype).kind, "integer")


def compare(expected, got, dtype):
    """(reason, largest difference); an empty reason means right. `dtype` is the type TensorFlow gives."""
    if kind(got.dtype) != kind(dtype):
        return f"type {got.dtype} instead of {dtype}", None
    if got.shape != expected.shape:
        return f"shape {list(got.shape)} instead of {list(expected.shape)}", None
    if not expected.size:
        return "", 0.0
    if kind(dtype) != "float":
        wrong = got.astype(expected.dtype) != expected
        difference = float(np.max(np.abs(got.astype(float) - expected.astype(float))))
        return (f"{int(wrong.sum())} of {wrong.size} values differ" if wrong.any() else ""), difference

    expected, got = expected.astype(np.float64), got.astype(np.float64)
    finite = np.isfinite(expected)
    for name, test in (("NaN", np.isnan), ("+Inf", np.isposinf), ("-Inf", np.isneginf)):
        if not np.array_equal(test(expected), test(got)):
            return f"{name} in other places", None
    if not finite.any():
        return "", 0.0
    reference, difference = np.abs(expected[finite]), np.abs(got[finite] - expected[finite])
    relative = RELATIVE_HALF if np.dtype(dtype).itemsize == 2 else RELATIVE
    wrong = difference > ABSOLUTE + relative * reference + OF_LARGEST * reference.max()
    largest = float(difference.max())
    text = f"{int(wrong.sum())} of {wrong.size} values differ, by {largest:.3g} at most"
    return (text if wrong.any() else ""), largest


def compare_all(expected, got, types, names):
    """(reason, largest difference) over all outputs."""
    largest = 0.0
    for reference, value, dtype, name in zip(expected, got, types, names):
        reason, difference = compare(reference, value, dtype)
        if reason:
            return f"{name}: {reason}", difference
        largest = max(largest, difference)
    return "", largest
