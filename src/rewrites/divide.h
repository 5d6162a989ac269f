#pragma once
// Division of i64, which TensorFlow Lite does not have.
#include "ops/add/add.h"
#include "ops/cast/cast.h"
#include "ops/div/div.h"
#include "ops/floor/floor.h"
#include "ops/mul/mul.h"
#include "ops/sub/sub.h"
#include "pipeline/rewrite.h"

namespace toucanet::rewrites {

/// n / y for i64 n that y divides. Each float32 division leaves at most 2⁻²² of the quotient: three leave nothing.
inline Value exact_quotient(Patch& p, Value n, Value y) {
  const auto to_float = [&](Value v) { return p.add<Cast>({v}, {.in_data_type = DType::I64, .out_data_type = DType::F32}); };
  const Value divisor = to_float(y);
  const auto near = [&](Value v) {
    const Value q = p.add<Add>({p.add<Div>({to_float(v), divisor}), p.scalar(0.5f)});
    return p.add<Cast>({p.add<Floor>({q})}, {.in_data_type = DType::F32, .out_data_type = DType::I64});
  };
  Value q = near(n);
  for (int i = 0; i < 2; ++i) q = p.add<Add>({q, near(p.add<Sub>({n, p.add<Mul>({q, y})}))});
  return q;
}

}  // namespace toucanet::rewrites
