#include "ops/transpose/transpose.h"
#include "rewrites/constants.h"

namespace toucanet::rewrites {
namespace merge_transposes_ {
constexpr Var x{"x"}, p1{"p1"}, p2{"p2"};
constexpr NodeVar<Transpose> first{"first"}, second{"second"};

std::vector<Value> build(const Match& m, Patch& p) {
  const auto a = integers(m.constant(p1)), b = integers(m.constant(p2));
  std::vector<int64_t> both;
  for (int64_t i : b) both.push_back(a[static_cast<size_t>(i)]);
  return {p.add<Transpose>({m[x], p.ints(both)})};
}
}  // namespace merge_transposes_

extern const Rewrite merge_transposes;
constinit const Rewrite merge_transposes = {
    .name = "merge_transposes",
    .summary = "a transpose of a transpose becomes one transpose",
    .mathematics = "axis i of the result is axis p₁[p₂[i]] of x",
    .toco = "RemoveSuccessiveTranspose",
    .stage = Stage::Fuse,
    .pattern =
        [] {
          using namespace merge_transposes_;
          return second(first(x, constant(p1)), constant(p2));
        },
    .when =
        [](const Match& m) {
          using namespace merge_transposes_;
          for (const Tensor* t : {m.constant(p1), m.constant(p2)})
            for (int64_t i : integers(t))
              if (i < 0) return m.reject("a permutation holds {}", i);
          return accept();
        },
    .build = merge_transposes_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
