#include "ops/range/range.h"

#include <cmath>
#include "import/graphdef/tf_node.h"
#include "ops/add/add.h"
#include "ops/div/div.h"
#include "ops/mul/mul.h"
#include "ops/shapes.h"
#include "ops/sub/sub.h"

namespace toucanet {
namespace ops::range {
// Number of elements, as TensorFlow counts; nothing if the bounds do not fit delta.
template <class T>
std::optional<int64_t> count(T start, T limit, T delta) {
  if (!(delta > 0 ? start <= limit : delta < 0 && start >= limit)) return std::nullopt;
  if constexpr (std::is_floating_point_v<T>) {
    const T n = std::ceil(std::abs((limit - start) / delta));
    return n < T(1LL << 40) ? std::optional<int64_t>(static_cast<int64_t>(n)) : std::nullopt;
  } else {
    const auto distance = delta > 0 ? static_cast<uint64_t>(limit) - static_cast<uint64_t>(start) : static_cast<uint64_t>(start) - static_cast<uint64_t>(limit);
    const auto step = delta > 0 ? static_cast<uint64_t>(delta) : 0 - static_cast<uint64_t>(delta);
    const uint64_t n = distance / step + (distance % step != 0);
    return n < (uint64_t{1} << 40) ? std::optional<int64_t>(static_cast<int64_t>(n)) : std::nullopt;
  }
}
Status infer(InferContext& c) {
  for (size_t i = 0; i < 3; ++i) {
    if (c.shape(i).ranked() && c.shape(i).rank() != 0) return c.error("operand {} [{}] is no scalar", i, c.shape(i).str());
    if (c.dtype(i) != c.dtype(0)) return c.error("the operands have the types {} and {}", name(c.dtype(0)), name(c.dtype(i)));
  }
  const DType t = c.dtype(0);
  if (t == DType::F32 && c.constant(0) && c.constant(1) && c.constant(2)) {
    const auto n = count(c.constant(0)->as<float>()[0], c.constant(1)->as<float>()[0], c.constant(2)->as<float>()[0]);
    if (!n) return c.error("{} is not reached from {} by {}", c.constant(1)->number(0), c.constant(0)->number(0), c.constant(2)->number(0));
    return c.out(t, Shape{Dim(*n)}), ok();
  }
  const auto start = known_ints(c, 0), limit = known_ints(c, 1), delta = known_ints(c, 2);
  if (is_int(t) && start && limit && delta && start->size() == 1 && limit->size() == 1 && delta->size() == 1) {
    const int64_t from = start->at(0), by = delta->at(0);
    const auto n = count(from, limit->at(0), by);
    if (!n) return c.error("{} is not reached from {} by {}", limit->at(0), from, by);
    if (*n > 64) return c.out(t, Shape{Dim(*n)}), ok();
    Dims ints;
    for (int64_t i = 0; i < *n; ++i) ints.push_back(static_cast<int64_t>(static_cast<uint64_t>(from) + static_cast<uint64_t>(i) * static_cast<uint64_t>(by)));
    return c.out(t, Shape{Dim(*n)}, std::move(ints)), ok();
  }
  if (c.ints(0) && c.ints(1) && c.ints(0)->size() == 1 && c.ints(1)->size() == 1 && delta && delta->size() == 1 && delta->at(0) > 0)
    return c.out(t, Shape{ceil_div((*c.ints(1))[0] - (*c.ints(0))[0], delta->at(0))}), ok();
  c.out(t, Shape{Dim::unknown()});
  return ok();
}
Status eval(EvalContext& c) {
  bool done = false;
  Status allocated = ok();
  dispatch(c.in(0).dtype, [&]<class T>(T) {
    if constexpr (!std::is_same_v<T, bool>) {
      done = true;
      const T start = c.in<T>(0)[0], delta = c.in<T>(2)[0];
      if (const auto n = count(start, c.in<T>(1)[0], delta)) allocated = c.allocate(0, {*n});
      else return void(done = false);
      if (!allocated) return;
      auto y = c.out<T>();
      for (size_t i = 0; i < y.size(); ++i) {
        if constexpr (std::is_floating_point_v<T>) y[i] = start + static_cast<T>(i) * delta;
        else y[i] = static_cast<T>(static_cast<uint64_t>(start) + i * static_cast<uint64_t>(delta));
      }
    }
  });
  CHECK_OK(std::move(allocated));
  if (!done) return c.error("there is no such range of {}", name(c.in(0).dtype));
  return ok();
}
int version(const OpView& v) { return v.type(0) == DType::I64 ? 2 : 1; }
// start + i·(stop − start)/(num − 1)
Expected<std::vector<Value>> from_linspace(TfNode& n) {
  const Value start = n.in(0), stop = n.in(1);
  const auto num = n.const_ints(2, "num");
  if (!n.failed() && (num.size() != 1 || num[0] < 1 || num[0] > (1 << 24))) n.refuse("num must be a scalar above 0");
  if (n.failed()) return std::vector<Value>{};
  Tensor steps = Tensor::zeros(DType::F32, {num[0]});
  for (int64_t i = 0; i < num[0]; ++i) steps.as_mutable<float>()[static_cast<size_t>(i)] = static_cast<float>(i);
  const Value step = n.add<Div>({n.add<Sub>({stop, start}), n.constant(Tensor::scalar(static_cast<float>(std::max<int64_t>(num[0] - 1, 1))))});
  return std::vector<Value>{n.add<Add>({n.add<Mul>({n.constant(std::move(steps)), step}), start})};
}
constexpr TfImport imports[] = {{"Range", import_plain<Range>}, {"LinSpace", from_linspace}};
constexpr Truth truth[] = {{{DType::I64}, "optimized", "the reference resolver stops at version 1, int64 is version 2"}};
}  // namespace ops::range

constinit const OpDef Range::def = {
    .name = "range",
    .summary = "numbers from start to limit by delta",
    .traits = Wide,
    .inputs = "start, limit, delta",
    .outputs = "y",
    .import_tf = ops::range::imports,
    .infer = ops::range::infer,
    .eval = ops::range::eval,
    .tflite = {.builtin = "RANGE", .options = "RangeOptions", .types = {DType::F32, DType::I32, DType::I64}, .version = ops::range::version},
    .truth = ops::range::truth,
};

}  // namespace toucanet
