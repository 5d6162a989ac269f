#include <algorithm>

#include "pipeline/rewrite.h"

namespace toucanet {

Value Patch::add(const OpDef& op, std::vector<Value> inputs, Attrs attrs) {
  if (!problems_.empty()) return {};
  auto id = g_.add(op, std::move(attrs), std::move(inputs), {}, origin_);
  if (!id) {
    problems_ = std::move(id.error());
    return {};
  }
  fresh_.push_back(*id);
  return {*id, 0};
}
Value Patch::constant(Tensor t) {
  const Value v = g_.add_constant(std::move(t), {}, origin_);
  fresh_.push_back(v.node);
  return v;
}
Value Patch::ints(const std::vector<int64_t>& v) { return constant(Tensor::vector_i32(std::vector<int32_t>(v.begin(), v.end()))); }

void Patch::rollback() {
  for (auto it = fresh_.rbegin(); it != fresh_.rend(); ++it) g_.erase(*it);
  fresh_.clear();
}

Status Patch::commit(std::vector<NodeId>& touched) {
  if (problems_.empty())
    for (const auto& [old, now] : swaps_) {
      const TensorType &a = g_.type(old), &b = g_.type(now);
      if (a.dtype != b.dtype || !refine(a.shape, b.shape))
        problems_.push_back(diag("TN9002", "'{}' would change a value from {} to {}", rewrite_, a.str(), b.str()).at(g_.result(old).name));
    }
  if (!problems_.empty()) {
    rollback();
    return std::move(problems_);
  }
  Origins& origins = *g_.module().origins;
  for (const auto& [old, now] : swaps_) {
    Result &a = g_.result(old), &b = g_.result(now);
    // Readers that the value has already, perhaps many, learn nothing new unless its type does.
    Shape shape = *refine(a.type.shape, b.type.shape);
    const bool learns = !(shape == b.type.shape) || (!b.ints && a.ints);
    b.type.shape = std::move(shape);
    if (!b.ints && a.ints) b.ints = a.ints;
    if (learns)
      for (const Use& u : b.uses)
        if (u.node) touched.push_back(u.node);
    for (const Use& u : a.uses)
      if (u.node) touched.push_back(u.node);
    const bool fresh = std::find(fresh_.begin(), fresh_.end(), now.node) != fresh_.end();
    if (fresh && b.name.empty()) b.name = a.name;
    // The value that stays keeps its own name, last; what it replaced is remembered.
    if (!fresh) b.origin = origins.merge(origin_, b.origin, rewrite_);
    g_.replace_uses(old, now);
    touched.push_back(now.node);
  }
  // Whoever shares an operand with the patch may be its only reader now.
  for (NodeId f : fresh_) {
    if (std::find(touched.begin(), touched.end(), f) == touched.end()) touched.push_back(f);
    for (Value v : g_[f].inputs)
      if (v && !g_[v].is<Const>()) touched.push_back(v.node);
  }
  return ok();
}

}  // namespace toucanet
