#include "import/tflite/check_model.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <set>

#include "export/options.h"
#include "export/runtime_versions.h"

namespace toucanet {

std::vector<int64_t> zero_points_of(const fb::QuantizationParameters& q) {
  std::vector<int64_t> zeros(q.zero_point() ? q.zero_point()->size() : 0);
  if (!zeros.empty()) std::memcpy(zeros.data(), q.zero_point()->Data(), zeros.size() * sizeof(int64_t));
  return zeros;
}

namespace {

using Index = flatbuffers::uoffset_t;

std::string where(uint32_t subgraph, size_t i, const fb::Tensor& t) {
  return fmt::format("subgraph {}, tensor {} '{}'", subgraph, i, t.name() ? t.name()->string_view() : "");
}

bool is_float(fb::TensorType t) {
  return t == fb::TensorType::FLOAT32 || t == fb::TensorType::FLOAT16 || t == fb::TensorType::FLOAT64 || t == fb::TensorType::BFLOAT16;
}

// The numbers that a type stores; zero points are among them.
std::pair<int64_t, int64_t> stored_range(fb::TensorType t) {
  switch (t) {
    case fb::TensorType::INT4: return {-8, 7};
    case fb::TensorType::INT8: return {-128, 127};
    case fb::TensorType::UINT8: return {0, 255};
    case fb::TensorType::INT16: return {-32768, 32767};
    default: return {INT32_MIN, INT32_MAX};
  }
}

void check_tensor(uint32_t subgraph, size_t i, const fb::Tensor& t, Diags& problems) {
  if (const std::string bad = bad_quantization(t, t.type()); !bad.empty()) problems.push_back(diag("TN1103", "{}: {}", where(subgraph, i, t), bad));
  if (t.external_buffer()) problems.push_back(diag("TN1106", "{}: data in another file are not supported", where(subgraph, i, t)));
  if (t.sparsity()) problems.push_back(diag("TN1106", "{}: sparse tensors are not supported", where(subgraph, i, t)));
  if (t.quantization() && t.quantization()->details_type() != fb::QuantizationDetails::NONE)
    problems.push_back(diag("TN1106", "{}: {} is not supported", where(subgraph, i, t), fb::EnumNameQuantizationDetails(t.quantization()->details_type())));
}

void check_inputs(uint32_t subgraph, const fb::SubGraph& s, Diags& problems) {
  std::set<int32_t> seen;
  if (s.inputs())
    for (int32_t i : *s.inputs())
      if (!seen.insert(i).second) problems.push_back(diag("TN1103", "subgraph {}: the input tensor {} is listed twice", subgraph, i));
}

int builtin_of(const fb::OperatorCode& c) { return std::max<int>(c.deprecated_builtin_code(), static_cast<int>(c.builtin_code())); }

std::string types_of(const fb::SubGraph& s, const fb::Operator& o) {
  std::string all;
  if (o.inputs())
    for (int32_t i : *o.inputs()) {
      const bool there = i >= 0 && s.tensors() && static_cast<size_t>(i) < s.tensors()->size();
      all += fmt::format("{}{}", all.empty() ? "" : ", ", there ? fb::EnumNameTensorType(s.tensors()->Get(static_cast<Index>(i))->type()) : "-");
    }
  return all;
}

// What runs an old version would not do what a newer one asks for.
void check_versions(const fb::Model& m, Diags& problems) {
  std::map<std::string, int> beyond;
  if (!m.operator_codes()) return;
  for (const auto* s : *m.subgraphs())
    if (s->operators())
      for (const auto* o : *s->operators()) {
        if (o->opcode_index() >= m.operator_codes()->size()) continue;
        const auto* code = m.operator_codes()->Get(o->opcode_index());
        const auto name = builtin_name(builtin_of(*code));
        const int latest = latest_version(name);
        if (latest && code->version() > latest) ++beyond[fmt::format("{} version {} on {} (known up to {})", name, code->version(), types_of(*s, *o), latest)];
      }
  if (beyond.empty()) return;
  Diag d = diag("TN1107", "the file asks for newer versions of operators than are known here");
  for (const auto& [what, n] : beyond) d.notes.push_back(fmt::format("{} × {}", n, what));
  problems.push_back(std::move(d));
}

// Subgraphs that one calls, those that exist.
std::vector<uint32_t> called_by(const fb::Model& m, uint32_t subgraph) {
  std::vector<uint32_t> all;
  const auto add = [&](int32_t i) {
    if (i >= 0 && static_cast<size_t>(i) < m.subgraphs()->size()) all.push_back(static_cast<uint32_t>(i));
  };
  const auto* s = m.subgraphs()->Get(subgraph);
  if (s->operators())
    for (const auto* o : *s->operators()) {
      if (const auto* a = o->builtin_options_as_IfOptions()) add(a->then_subgraph_index()), add(a->else_subgraph_index());
      else if (const auto* b = o->builtin_options_as_WhileOptions()) add(b->cond_subgraph_index()), add(b->body_subgraph_index());
      else if (const auto* c = o->builtin_options_as_CallOnceOptions()) add(c->init_subgraph_index());
    }
  return all;
}

// Depth first, without recursion of our own. Subgraphs in post-order; `cycle` gets one that reaches itself.
std::vector<uint32_t> post_order(const fb::Model& m, std::vector<uint32_t>& cycle) {
  enum : uint8_t { Fresh, Open, Done };
  std::vector<uint8_t> state(m.subgraphs()->size(), Fresh);
  std::vector<uint32_t> order;
  struct Frame {
    uint32_t subgraph;
    std::vector<uint32_t> calls;
  };
  std::vector<Frame> stack;
  for (uint32_t root = 0; root < state.size(); ++root) {
    if (state[root] != Fresh) continue;
    state[root] = Open;
    stack.push_back({root, called_by(m, root)});
    while (!stack.empty()) {
      if (stack.back().calls.empty()) {
        state[stack.back().subgraph] = Done;
        order.push_back(stack.back().subgraph);
        stack.pop_back();
        continue;
      }
      const uint32_t next = stack.back().calls.back();
      stack.back().calls.pop_back();
      if (state[next] == Open && cycle.empty()) {
        for (const Frame& f : stack)
          if (f.subgraph == next || !cycle.empty()) cycle.push_back(f.subgraph);
        cycle.push_back(next);
      }
      if (state[next] != Fresh) continue;
      state[next] = Open;
      stack.push_back({next, called_by(m, next)});
    }
  }
  return order;
}

}  // namespace

std::string bad_quantization(const fb::Tensor& t, fb::TensorType type) {
  const auto* q = t.quantization();
  if (!q || !q->scale() || !q->scale()->size()) return {};
  const size_t n = q->scale()->size();
  if (q->zero_point() && q->zero_point()->size() && q->zero_point()->size() != n) return fmt::format("{} scales, {} zero points", n, q->zero_point()->size());
  if (!is_float(type))
    for (float s : *q->scale())
      if (!std::isfinite(s) || s < 0) return fmt::format("the scale {}", s);
  const auto [low, high] = stored_range(type);
  for (int64_t z : zero_points_of(*q))
    if (z < low || z > high) return fmt::format("the zero point {} of {}", z, fb::EnumNameTensorType(type));
  if (n == 1) return {};
  const size_t rank = t.shape() ? t.shape()->size() : 0;
  const int32_t axis = q->quantized_dimension();
  if (axis < 0 || static_cast<size_t>(axis) >= rank) return fmt::format("{} scales along axis {} of {} dimensions", n, axis, rank);
  const bool open = t.shape_signature() && t.shape_signature()->size() == rank && t.shape_signature()->Get(static_cast<Index>(axis)) < 0;
  const int32_t d = t.shape()->Get(static_cast<Index>(axis));
  if (!open && static_cast<size_t>(d) != n) return fmt::format("{} scales along axis {}, which has {} elements", n, axis, d);
  return {};
}

Diags check_model(const fb::Model& m) {
  Diags problems;
  for (uint32_t g = 0; g < m.subgraphs()->size(); ++g) {
    const auto* s = m.subgraphs()->Get(g);
    if (s->tensors())
      for (Index i = 0; i < s->tensors()->size() && problems.size() < 50; ++i) check_tensor(g, i, *s->tensors()->Get(i), problems);
    check_inputs(g, *s, problems);
  }
  check_versions(m, problems);
  std::vector<uint32_t> cycle;
  post_order(m, cycle);
  if (!cycle.empty()) problems.push_back(diag("TN1105", "a subgraph calls itself: {}", fmt::join(cycle, " → ")));
  return problems;
}

std::vector<uint32_t> callees_first(const fb::Model& m) {
  std::vector<uint32_t> cycle;
  return post_order(m, cycle);
}

}  // namespace toucanet
