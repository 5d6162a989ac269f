#pragma once
// LOGISTIC and TANH on int16: one table of the logistic function, in steps of 1/24, read with interpolation.
#include "ops/quantized.h"

namespace toucanet {

/// Brings stored numbers to the table's steps, in fixed point.
struct SigmoidScale {
  int32_t multiplier = 0, shift = 0;
};
/// TN3011 where operand and result are not what LiteRT takes: no zero points, a result in 1/32768.
/// `finest`: powers of two from −12 up to this that are exact steps.
Expected<SigmoidScale> sigmoid_scale(EvalContext&, int32_t finest);

/// σ(x) in Q0.15.
int32_t stored_logistic(int32_t q, SigmoidScale);
/// tanh(x) in Q0.15.
int32_t stored_tanh(int32_t q, SigmoidScale);

}  // namespace toucanet
