// Attributes and operands that no sane graph has, derived from the cases beside the operators: a problem is told or a
// value computed that inference agrees with; nothing crashes. Run it under ASan.
#include "export/write_tflite.h"
#include "import/tflite/read_tflite.h"
#include "ir/text.h"
#include "op_cases.h"
#include "passes/legalize.h"
#include "rebuild.h"
#include "runtime/execute.h"

namespace toucanet {
namespace {

using Mutate = std::function<void(Variant&, Attrs&, std::vector<Value>&)>;
struct Abuse {
  std::string what;
  Mutate mutate;
};

const int64_t extremes[] = {INT64_MIN, int64_t{INT32_MIN}, -2, -1, 0, 1, 2, 7, 1 << 20, INT32_MAX, INT64_MAX};
const float odd_floats[] = {0, -1, 1e-45f, 3.4e38f, std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()};

// Every other value worth trying for a field.
void set_odd(const FieldRef& f, const std::function<void(const std::function<void(void*)>&)>& add) {
  const auto each = [&]<class T, class Values>(T, const Values& values) {
    for (const auto& v : values) add([v](void* p) { *static_cast<T*>(p) = static_cast<T>(v); });
  };
  switch (f.kind) {
    case FieldKind::Bool: return each(bool{}, std::vector<int>{0, 1});
    case FieldKind::I8: return each(int8_t{}, std::vector<int>{-128, -1, 0, 127});
    case FieldKind::I32: return each(int32_t{}, extremes);
    case FieldKind::I64: return each(int64_t{}, extremes);
    case FieldKind::F32: return each(float{}, odd_floats);
    case FieldKind::DType:
      for (size_t t = 0; t < dtype_count; ++t) add([t](void* p) { *static_cast<DType*>(p) = static_cast<DType>(t); });
      return;
    case FieldKind::Enum:
      for (size_t e = 0; e < f.enum_names.size(); ++e) add([e](void* p) { *static_cast<int8_t*>(p) = static_cast<int8_t>(e); });
      return;
    case FieldKind::Graph:
      for (const int32_t g : {-1, 0, 1, 2, 77}) add([g](void* p) { static_cast<GraphRef*>(p)->index = g; });
      return;
    case FieldKind::String:
      for (const std::string s : {"", "x", "f32[-5]", "f32[*]", "token[]"}) add([s](void* p) { *static_cast<std::string*>(p) = s; });
      return;
    case FieldKind::Floats: return add([](void* p) { static_cast<std::vector<float>*>(p)->clear(); });
    case FieldKind::Bytes: return add([](void* p) { static_cast<Bytes*>(p)->data.assign(3, 255); });
    case FieldKind::Ints: break;
  }
  using Ints = std::vector<int64_t>;
  add([](void* p) { static_cast<Ints*>(p)->clear(); });
  add([](void* p) { static_cast<Ints*>(p)->resize(70, 1); });
  for (size_t i = 0; i < static_cast<const Ints*>(f.p)->size(); ++i)
    for (int64_t x : extremes) add([i, x](void* p) { (*static_cast<Ints*>(p))[i] = x; });
}

std::vector<Abuse> odd_attributes(const Node& n) {
  std::vector<Abuse> out;
  const auto defaults = n.op->attrs->make();
  const auto fields = n.attrs.empty() ? n.op->attrs->fields(defaults.get()) : n.attrs.fields();
  for (size_t i = 0; i < fields.size(); ++i)
    set_odd(fields[i], [&](const std::function<void(void*)>& set) {
      out.push_back({fmt::format("attribute {}", fields[i].name), [set, i, ops = n.op->attrs](Variant&, Attrs& a, std::vector<Value>&) {
                       const auto copy = a.empty() ? ops->make() : ops->clone(a.raw());
                       set(ops->fields(copy.get())[i].p);
                       a = Attrs(*ops, copy);
                     }});
    });
  return out;
}

// Zeros of any type; strings are empty.
Tensor zeros(DType t, std::vector<int64_t> dims) {
  if (t == DType::String) return Tensor::strings(dims, std::vector<std::string>(static_cast<size_t>(Shape::of(dims).elements().value())));
  return Tensor::zeros(t, std::move(dims));
}

// Other tensors in the place of t.
std::vector<std::pair<std::string, Tensor>> odd_tensors(const Tensor& t) {
  std::vector<std::pair<std::string, Tensor>> out;
  const auto shaped = [&](std::string_view what, std::vector<int64_t> dims) { out.emplace_back(what, zeros(t.dtype, std::move(dims))); };
  shaped("a scalar", {});
  shaped("an empty vector", {0});
  shaped("one element in 9 dimensions", std::vector<int64_t>(9, 1));
  auto dims = t.dims;
  dims.insert(dims.begin(), 1);
  shaped("one more dimension", dims);
  for (size_t i = 0; i < t.rank(); ++i)
    for (const int64_t d : {int64_t{0}, int64_t{1}, t.dims[i] + 1}) {
      dims = t.dims, dims[i] = d;
      shaped(fmt::format("dimension {} is {}", i, d), dims);
    }
  for (const DType d : {DType::F32, DType::F64, DType::F16, DType::BF16, DType::I8, DType::I16, DType::I32, DType::I64, DType::U8, DType::U32, DType::Bool,
                        DType::String, DType::C64})
    if (d != t.dtype) out.emplace_back(fmt::format("elements of type {}", name(d)), zeros(d, t.dims));
  if (t.dtype != DType::I32 && t.dtype != DType::I64) return out;
  for (int64_t x : extremes) {
    if (t.dtype == DType::I32 && static_cast<int32_t>(x) != x) continue;
    for (int64_t i = -1; i < std::min<int64_t>(t.elements(), 6); ++i) {
      Tensor odd = t.copy();
      for (int64_t k = 0; k < t.elements(); ++k)
        if (i < 0 || k == i)
          t.dtype == DType::I32 ? void(odd.as_mutable<int32_t>()[static_cast<size_t>(k)] = static_cast<int32_t>(x))
                                : void(odd.as_mutable<int64_t>()[static_cast<size_t>(k)] = x);
      out.emplace_back(fmt::format("element {} is {}", i, x), std::move(odd));
    }
  }
  return out;
}

std::vector<Abuse> odd_operands(const Graph& g, const Node& n) {
  std::vector<Abuse> out;
  for (size_t i = 0; i < n.inputs.size(); ++i) {
    out.push_back({fmt::format("only {} operands", i), [i](Variant&, Attrs&, std::vector<Value>& in) { in.resize(i); }});
    out.push_back({fmt::format("no operand {}", i), [i](Variant&, Attrs&, std::vector<Value>& in) { in[i] = Value{}; }});
    out.push_back(
        {fmt::format("operand {} twice", i), [i](Variant&, Attrs&, std::vector<Value>& in) { in.insert(in.begin() + static_cast<std::ptrdiff_t>(i), in[i]); }});
    const Tensor* t = g.constant(n.inputs[i]);
    if (!t) continue;
    for (auto& [what, odd] : odd_tensors(*t)) {
      const Tensor tensor = odd;
      out.push_back({fmt::format("operand {}: {}, constant", i, what),
                     [i, tensor](Variant& v, Attrs&, std::vector<Value>& in) { in[i] = v.module.main().add_constant(tensor, "odd"); }});
      out.push_back({fmt::format("operand {}: {}, input", i, what),
                     [i, tensor](Variant& v, Attrs&, std::vector<Value>& in) { in[i] = as_input(v, tensor, Shape::unranked()); }});
    }
  }
  return out;
}

void expect_told(const Diags& problems) {
  ASSERT_FALSE(problems.empty());
  for (const Diag& d : problems) {
    EXPECT_TRUE(d.code.starts_with("TN") && !d.code.starts_with("TN9")) << d.str();
    EXPECT_FALSE(d.what.empty());
  }
}

// What a graph with a strange node may do: be refused, fail to run, or give what inference announced.
void survives(Variant& v) {
  const Graph& g = v.module.main();
  for (const Semantics s : {Semantics::TensorFlow, Semantics::TfLite}) {
    ExecuteOptions options{.semantics = s, .memory_limit = size_t{1} << 24};
    int steps = 0;
    options.keep_going = [&] { return ++steps < 1000; };  // loops need not end
    options.observe = [&](Value x, const Tensor& t) {
      EXPECT_TRUE(g.type(x).dtype == t.dtype && refine(g.type(x).shape, Shape::of(t.dims)))
          << print_node(g, x.node) << "\n  gives " << t.type().str() << ", inferred " << g.type(x).str();
    };
    if (const auto out = execute(v.module, 0, v.inputs, options); !out) expect_told(out.error());
  }
  (void)print(v.module);
  if (const auto legal = legalize(v.module); !legal) return expect_told(legal.error());
  auto bytes = write_tflite(v.module);
  if (!bytes) return expect_told(bytes.error());
  const auto owner = std::make_shared<const std::string>(std::move(*bytes));
  const auto back = read_tflite(owner, *owner);
  if (!back) expect_told(back.error());
}

class OperatorAbuse : public testing::TestWithParam<OperatorCase> {};

TEST_P(OperatorAbuse, EndsInAProblemOrAValue) {
  const auto m = parse_module(GetParam().graph);
  if (!m) return expect_told(m.error());
  const Graph& g = m->main();
  for (NodeId id : g.topological()) {
    if (g[id].op->name != GetParam().op || g[id].is<Input>() || g[id].is<Const>()) continue;
    auto abuses = odd_attributes(g[id]);
    for (auto& a : odd_operands(g, g[id])) abuses.push_back(std::move(a));
    for (const Abuse& a : abuses) {
      SCOPED_TRACE(a.what);
      Changes changes;
      changes.node = [&](Variant& v, NodeId old, Attrs& attrs, std::vector<Value>& inputs) {
        if (old == id) a.mutate(v, attrs, inputs);
      };
      auto v = rebuild(*m, changes);
      if (v) survives(*v);
      else expect_told(v.error());
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Ops, OperatorAbuse, testing::ValuesIn(load_operator_cases()), name_of_case);

}  // namespace
}  // namespace toucanet
