#include <cmath>

#include "ops/bucketize/bucketize.h"
#include "ops/cast/cast.h"
#include "ops/expand_dims/expand_dims.h"
#include "ops/less/less.h"
#include "ops/sub/sub.h"
#include "ops/sum/sum.h"
#include "pipeline/rewrite.h"

namespace toucanet::rewrites {
namespace lower_bucketize_ {
constexpr Var x{"x"};
constexpr NodeVar<Bucketize> root{"root"};

Verdict when(const Match& m) {
  if (!m.shape(x).ranked()) return m.reject("the rank of x is not known");
  return accept();
}

// An integer lies below a boundary if it lies below the next integer; nothing lies below −2^63, all below 2^63.
template <class T>
T next_integer(float boundary) {
  const double b = std::ceil(static_cast<double>(boundary)), most = std::ldexp(1.0, sizeof(T) * 8 - 1);
  return b <= -most ? std::numeric_limits<T>::min() : b >= most ? std::numeric_limits<T>::max() : static_cast<T>(b);
}

std::vector<Value> build(const Match& m, Patch& p) {
  const auto& boundaries = m.attrs(root).boundaries;
  const DType t = m.type(x).dtype;
  Tensor row = Tensor::zeros(t, {static_cast<int64_t>(boundaries.size())});
  dispatch(t, [&]<class T>(T) {
    if constexpr (!std::is_same_v<T, bool>)
      for (size_t i = 0; i < boundaries.size(); ++i) {
        if constexpr (std::is_floating_point_v<T>) row.as_mutable<T>()[i] = static_cast<T>(boundaries[i]);
        else row.as_mutable<T>()[i] = next_integer<T>(boundaries[i]);
      }
  });
  const Value last = p.constant(Tensor::scalar_i32(-1));
  const Value below = p.add<Less>({p.add<ExpandDims>({m[x], last}), p.constant(std::move(row))});
  const Value count = p.add<Sum>({p.add<Cast>({below}, {.in_data_type = DType::Bool, .out_data_type = DType::I32}), p.ints({-1})});
  return {p.add<Sub>({p.constant(Tensor::scalar_i32(static_cast<int32_t>(boundaries.size()))), count})};
}
}  // namespace lower_bucketize_

extern const Rewrite lower_bucketize;
constinit const Rewrite lower_bucketize = {
    .name = "lower_bucketize",
    .summary = "buckets are counted by comparisons with all boundaries",
    .mathematics = "the number of boundaries − the number of those above x (NaN is below none)",
    .stage = Stage::Lower,
    .pattern =
        [] {
          using namespace lower_bucketize_;
          return root(x);
        },
    .when = lower_bucketize_::when,
    .build = lower_bucketize_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
