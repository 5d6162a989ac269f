#include "ops/identity/identity.h"
#include "pipeline/rewrite.h"

namespace toucanet::rewrites {
namespace drop_identity_ {
constexpr Var x{"x"};
}

extern const Rewrite drop_identity;
constinit const Rewrite drop_identity = {
    .name = "drop_identity",
    .summary = "identity(x) becomes x",
    .toco = "RemoveTensorFlowIdentity",
    .stage = Stage::Clean,
    .pattern = [] { return op<Identity>(drop_identity_::x); },
    .build = [](const Match& m, Patch&) { return std::vector<Value>{m[drop_identity_::x]}; },
};
}  // namespace toucanet::rewrites
