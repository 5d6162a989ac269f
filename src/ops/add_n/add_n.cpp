#include "ops/add_n/add_n.h"

#include "ops/add/add.h"
#include "ops/elementwise.h"
#include "ops/identity/identity.h"

namespace toucanet {
namespace ops::add_n {
Status infer(InferContext& c) {
  if (c.inputs() == 0) return c.error("there are no operands");
  Shape s = c.shape(0);
  for (size_t i = 1; i < c.inputs(); ++i) {
    if (c.dtype(i) != c.dtype(0)) return c.error("the operands have the types {} and {}", name(c.dtype(0)), name(c.dtype(i)));
    const auto both = refine(s, c.shape(i));
    if (!both) return c.error("the operands have the shapes [{}] and [{}]", s.str(), c.shape(i).str());
    s = *both;
  }
  c.out(c.dtype(0), std::move(s));
  return ok();
}
Status eval(EvalContext& c) {
  for (size_t i = 1; i < c.inputs(); ++i)
    if (c.in(i).dims != c.in(0).dims) return c.error("the operands have different shapes");
  bool done = false;
  dispatch(c.in(0).dtype, [&]<class T>(T) {
    if constexpr (!std::is_same_v<T, bool>) {
      done = true;
      std::vector<const T*> x;
      for (size_t i = 0; i < c.inputs(); ++i) x.push_back(c.in<T>(i).data());
      // Element by element: y may lie where any operand lies.
      auto y = c.out<T>();
      for (size_t k = 0; k < y.size(); ++k) {
        T sum = x[0][k];
        for (size_t i = 1; i < x.size(); ++i) {
          if constexpr (std::is_integral_v<T>) sum = static_cast<T>(static_cast<uint64_t>(sum) + static_cast<uint64_t>(x[i][k]));
          else sum = sum + x[i][k];
        }
        y[k] = sum;
      }
    }
  });
  if (!done) return c.no_kernel(c.in(0).dtype);
  return ok();
}
Expected<std::vector<Value>> from_tf(TfNode& n) {
  n.ignore("N");
  n.ignore("shape");
  const auto in = n.all_inputs();
  if (in.empty()) n.refuse("there are no operands");
  if (n.failed()) return std::vector<Value>{};
  if (in.size() == 1) return std::vector<Value>{n.add<Identity>(in)};
  if (in.size() == 2 && same(n.type(in[0]).shape, n.type(in[1]).shape)) return std::vector<Value>{n.add<Add>(in)};
  return std::vector<Value>{n.add<AddN>(in)};
}
constexpr TfImport imports[] = {{"AddN", from_tf}, {"AccumulateNV2", from_tf}};
}  // namespace ops::add_n

constinit const OpDef AddN::def = {
    .name = "add_n",
    .summary = "sum of tensors of one shape",
    .traits = Elementwise,
    .inputs = "values...",
    .outputs = "y",
    .import_tf = ops::add_n::imports,
    .infer = ops::add_n::infer,
    .eval = ops::add_n::eval,
    .tflite = {.builtin = "ADD_N", .options = "AddNOptions", .types = {DType::F32, DType::I32}},
};

}  // namespace toucanet
