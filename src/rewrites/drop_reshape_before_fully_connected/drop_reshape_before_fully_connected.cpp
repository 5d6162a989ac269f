#include "ops/fully_connected/fully_connected.h"
#include "ops/reshape/reshape.h"
#include "rewrites/constants.h"

namespace toucanet::rewrites {
namespace drop_reshape_before_fully_connected_ {
constexpr Var x{"x"}, shape{"shape"}, w{"w"}, b{"b"};
constexpr NodeVar<FullyConnected> layer{"layer"};

Verdict when(const Match& m) {
  const Shape &s = m.shape(x), &f = m.shape(w);
  if (m.attrs(layer).keep_num_dims) return m.reject("the layer keeps the dimensions of its operand");
  if (!s.ranked() || s.rank() < 2 || !f.ranked() || !same(s[s.rank() - 1], f[1]))
    return m.reject("the rows of [{}] are not those of the filter [{}]", s.str(), f.str());
  return accept();
}

std::vector<Value> build(const Match& m, Patch& p) {
  std::vector<Value> in = m.node(layer).inputs;
  in[0] = m[x];
  return {p.copy(m.node(layer), std::move(in))};
}
}  // namespace drop_reshape_before_fully_connected_

extern const Rewrite drop_reshape_before_fully_connected;
constinit const Rewrite drop_reshape_before_fully_connected = {
    .name = "drop_reshape_before_fully_connected",
    .summary = "a reshape to rows before fully_connected goes: the layer reads its operand as rows anyway",
    .mathematics = "rows are as long as the filter's, whatever axes stand before them",
    .toco = "ResolveTensorFlowMatMul",
    .stage = Stage::Fuse,
    .pattern =
        [] {
          using namespace drop_reshape_before_fully_connected_;
          return layer(op<Reshape>(x, shape), w, optional(b));
        },
    .when = drop_reshape_before_fully_connected_::when,
    .build = drop_reshape_before_fully_connected_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
