#include "ops/leaky_relu/leaky_relu.h"
#include "ops/maximum/maximum.h"
#include "ops/mul/mul.h"
#include "rewrites/constants.h"

namespace toucanet::rewrites {
namespace fuse_max_into_leaky_relu_ {
constexpr Var x{"x"}, alpha{"alpha"};
constexpr NodeVar<Mul> product{"product"};

Verdict when(const Match& m) {
  if (m.type(x).dtype != DType::F32) return m.reject("x is {}, not float32", name(m.type(x).dtype));
  if (m.attrs(product).fused_activation_function != Activation::None) return m.reject("the product has an activation");
  const auto a = uniform(m.constant(alpha));
  if (!a) return m.reject("the slope is {}, not one number", words(m.constant(alpha)));
  if (!(*a > 0 && *a < 1)) return m.reject("the slope {} is not between 0 and 1", *a);
  if (!same(m.shape(x), m.root_type().shape)) return m.reject("the slope broadcasts [{}] to [{}]", m.shape(x).str(), m.root_type().shape.str());
  return accept();
}
}  // namespace fuse_max_into_leaky_relu_

extern const Rewrite fuse_max_into_leaky_relu;
constinit const Rewrite fuse_max_into_leaky_relu = {
    .name = "fuse_max_into_leaky_relu",
    .summary = "maximum(α·x, x) becomes leaky_relu(x) for 0 < α < 1",
    .mathematics = "α·x > x exactly where x < 0",
    .stage = Stage::Lower,
    .pattern =
        [] {
          using namespace fuse_max_into_leaky_relu_;
          return op<Maximum>(x, product(x, constant(alpha)));
        },
    .when = fuse_max_into_leaky_relu_::when,
    .build =
        [](const Match& m, Patch& p) {
          using namespace fuse_max_into_leaky_relu_;
          return std::vector<Value>{p.add<LeakyRelu>({m[x]}, {.alpha = static_cast<float>(*uniform(m.constant(alpha)))})};
        },
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
