"""How two results are compared."""

import numpy as np

ABSOLUTE, RELATIVE, OF_LARGEST = 1e-4, 1e-4, 1e-6
LARGEST = float(np.finfo(np.float32).max)


def difference(got, want, rule='values'):
    """('' if right, else what is wrong; the largest difference)."""
    got, want = np.asarray(got), np.asarray(want)
    if got.shape != want.shape:
        return f'shape {list(got.shape)} instead of {list(want.shape)}', None
    if got.dtype != want.dtype:
        return f'{got.dtype} instead of {want.dtype}', None
    if rule == 'shape' or want.size == 0:
        return '', 0.0
    if want.dtype.kind not in 'fc':
        largest = float(np.max(np.abs(got.astype(np.float64) - want.astype(np.float64))))
        wrong = int(np.count_nonzero(got != want))
        return (f'{wrong} of {want.size} elements differ' if wrong else ''), largest
    if want.dtype.kind == 'c':
        got, want = (np.stack([a.real, a.imag]) for a in (got, want))
    half = want.dtype == np.float16
    got, want = got.astype(np.float64), want.astype(np.float64)
    finite = np.isfinite(want)
    # LiteRT's plain kernels clamp results to the largest float where TensorFlow has infinity.
    same = np.where(np.isnan(want), np.isnan(got), (got == want) | (np.isinf(want) & (np.abs(got) == LARGEST) & (got * want > 0)))
    if not np.all(same[~finite]) or not np.all(np.isfinite(got[finite])):
        return 'NaN or infinity in other places', None
    if not finite.any():
        return '', 0.0
    got, want = got[finite], want[finite]
    gap = np.abs(got - want)
    scale = 10 if half else 1
    allowed = scale * (ABSOLUTE + RELATIVE * np.abs(want)) + OF_LARGEST * np.max(np.abs(want))
    largest = float(np.max(gap))
    wrong = int(np.count_nonzero(gap > allowed))
    return (f'{wrong} of {want.size} elements differ' if wrong else ''), largest
