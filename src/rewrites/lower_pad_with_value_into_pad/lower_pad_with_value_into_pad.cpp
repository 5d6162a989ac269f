#include "ops/pad/pad.h"
#include "ops/pad_with_value/pad_with_value.h"
#include "rewrites/constants.h"

namespace toucanet::rewrites {
namespace lower_pad_with_value_into_pad_ {
constexpr Var x{"x"}, amounts{"amounts"}, value{"value"};

Verdict when(const Match& m) {
  if (!all_are(m.constant(value), 0)) return m.reject("the value is {}, not 0", words(m.constant(value)));
  return accept();
}
}  // namespace lower_pad_with_value_into_pad_

extern const Rewrite lower_pad_with_value_into_pad;
constinit const Rewrite lower_pad_with_value_into_pad = {
    .name = "lower_pad_with_value_into_pad",
    .summary = "padding with the value 0 becomes pad, which convolutions can take over",
    .stage = Stage::Lower,
    .pattern =
        [] {
          using namespace lower_pad_with_value_into_pad_;
          return op<PadWithValue>(x, amounts, constant(value));
        },
    .when = lower_pad_with_value_into_pad_::when,
    .build =
        [](const Match& m, Patch& p) {
          using namespace lower_pad_with_value_into_pad_;
          return std::vector<Value>{p.add<Pad>({m[x], m[amounts]})};
        },
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
