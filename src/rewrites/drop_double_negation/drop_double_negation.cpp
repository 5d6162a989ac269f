#include "ops/logical_not/logical_not.h"
#include "ops/neg/neg.h"
#include "pipeline/rewrite.h"

namespace toucanet::rewrites {
namespace drop_double_negation_ {
constexpr Var x{"x"};

Verdict when(const Match& m) { return m.root_type().quant || m.type(x).quant ? m.reject("the value is quantised") : accept(); }
}  // namespace drop_double_negation_

extern const Rewrite drop_double_negation;
constinit const Rewrite drop_double_negation = {
    .name = "drop_double_negation",
    .summary = "neg(neg(x)) and logical_not(logical_not(x)) become x",
    .mathematics = "−(−x) = x, for the least integer too; ¬¬x = x",
    .stage = Stage::Clean,
    .pattern =
        [] {
          using namespace drop_double_negation_;
          return one_of(op<Neg>(op<Neg>(x)), op<LogicalNot>(op<LogicalNot>(x)));
        },
    .when = drop_double_negation_::when,
    .build = [](const Match& m, Patch&) { return std::vector<Value>{m[drop_double_negation_::x]}; },
};
}  // namespace toucanet::rewrites
