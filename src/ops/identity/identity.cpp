#include "ops/identity/identity.h"

#include "import/graphdef/tf_node.h"
#include "runtime/eval_context.h"

namespace toucanet {
namespace ops::identity {

Status infer(InferContext& c) {
  const Dims* ints = c.ints(0);
  c.out(TensorType{c.in(0)}, ints ? std::make_shared<const Dims>(*ints) : nullptr);
  return ok();
}
Status eval(EvalContext& c) {
  c.set(0, c.in(0));
  return ok();
}

Expected<std::vector<Value>> from_tf(TfNode& n) {
  if (n.op() == "PlaceholderWithDefault" || n.op() == "EnsureShape") n.ignore("shape");
  n.ignore("message");
  n.ignore("data");
  return std::vector<Value>{n.add<Identity>({n.in(0)})};
}
Expected<std::vector<Value>> from_identity_n(TfNode& n) {
  std::vector<Value> out;
  for (Value v : n.all_inputs()) out.push_back(n.add<Identity>({v}));
  n.ignore("T");
  return out;
}
// Nodes without results: assertions are not part of inference.
Expected<std::vector<Value>> from_nothing(TfNode&) { return std::vector<Value>{}; }
constexpr TfImport imports[] = {{"Assert", from_nothing, {}, Narrow::Same},     {"NoOp", from_nothing, {}, Narrow::Same},
                                {"Identity", from_tf, {}, Narrow::Same},        {"IdentityN", from_identity_n, {}, Narrow::Same},
                                {"Snapshot", from_tf, {}, Narrow::Same},        {"StopGradient", from_tf, {}, Narrow::Same},
                                {"PreventGradient", from_tf, {}, Narrow::Same}, {"CheckNumerics", from_tf, {}, Narrow::Same},
                                {"EnsureShape", from_tf, {}, Narrow::Same},     {"PlaceholderWithDefault", from_tf, {}, Narrow::Same}};
}  // namespace ops::identity

constinit const OpDef Identity::def = {
    .name = "identity",
    .summary = "the operand itself",
    .traits = Elementwise,
    .inputs = "x",
    .outputs = "y",
    .import_tf = ops::identity::imports,
    .infer = ops::identity::infer,
    .eval = ops::identity::eval,
    .legal_until = Stage::Clean,
};

}  // namespace toucanet
