#include "ops/add/add.h"
#include "ops/div/div.h"
#include "ops/maximum/maximum.h"
#include "ops/minimum/minimum.h"
#include "ops/mul/mul.h"
#include "ops/sub/sub.h"
#include "ops/tile/tile.h"
#include "rewrites/constants.h"

namespace toucanet::rewrites {
namespace drop_tile_before_arithmetic_ {
constexpr AnyVar left{"left"}, right{"right"};
constexpr NodeVar<Tile> tile{"tile"};
constexpr Var x{"x"}, multiples{"multiples"}, y{"y"};

Verdict when(const Match& m) {
  const Shape &s = m.shape(x), &t = m.shape(tile), &o = m.shape(y), &z = m.root_type().shape;
  if (!s.ranked() || !o.ranked() || !z.ranked() || !t.ranked()) return m.reject("the ranks are not known");
  if (z.rank() > 4) return m.reject("the result has {} dimensions, broadcasting takes 4", z.rank());
  if (z.rank() != o.rank() && z.rank() != s.rank()) return m.reject("[{}] and [{}] make [{}]", s.str(), o.str(), z.str());
  for (size_t i = 0; i < t.rank(); ++i) {
    if (same(s[i], t[i])) continue;
    if (!s[i].is(1)) return m.reject("axis {} of [{}] is repeated to {}", i, s.str(), t[i].str());
    const size_t behind = t.rank() - i;
    if (o.rank() < behind || !same(o[o.rank() - behind], t[i])) return m.reject("[{}] alone does not make axis {} of [{}]", o.str(), i, t.str());
  }
  return accept();
}

std::vector<Value> build(const Match& m, Patch& p) {
  std::vector<Value> in{m[x], m[y]};
  if (m[right]) std::swap(in[0], in[1]);
  return {p.copy(m.root_node(), std::move(in))};
}
}  // namespace drop_tile_before_arithmetic_

extern const Rewrite drop_tile_before_arithmetic;
constinit const Rewrite drop_tile_before_arithmetic = {
    .name = "drop_tile_before_arithmetic",
    .summary = "a tile that only repeats axes of size 1 as often as the other operand has elements goes",
    .mathematics = "arithmetic broadcasts axes of size 1 itself",
    .toco = "FuseBroadcastIntoFollowingBinary (which took any concatenation of equal operands)",
    .stage = Stage::Fuse,
    .pattern =
        [] {
          using namespace drop_tile_before_arithmetic_;
          return one_of(any_of<Add, Sub, Mul, Div, Maximum, Minimum>(left, tile(x, multiples).used_once(), y),
                        any_of<Sub, Div>(right, y, tile(x, multiples).used_once()));
        },
    .when = drop_tile_before_arithmetic_::when,
    .build = drop_tile_before_arithmetic_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
