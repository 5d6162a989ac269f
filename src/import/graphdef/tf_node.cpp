#include "import/graphdef/tf_node.h"

#include "ops/cast/cast.h"
#include "runtime/execute.h"

namespace toucanet {

Value TfNode::in(size_t i) {
  if (i < inputs_.size()) return inputs_[i];
  refuse("operand {} is missing, there are {}", i, inputs_.size());
  return {};
}

const TensorType& TfNode::type(Value v) const {
  static const TensorType absent{DType::Token, Shape::unranked(), nullptr};
  return v ? graph_.type(v) : absent;
}

std::shared_ptr<const Tensor> TfNode::constant(size_t i) { return i < inputs_.size() ? constant_value(graph_, inputs_[i]) : nullptr; }

std::vector<int64_t> TfNode::const_ints(size_t i, std::string_view what) {
  std::vector<int64_t> out;
  const auto t = constant(i);
  if (!t || !is_int(t->dtype)) {
    refuse("{} (operand {}) must be constant", what, i);
    return out;
  }
  for (int64_t k = 0, n = t->elements(); k < n; ++k) out.push_back(t->integer(k));
  return out;
}

const AttrView* TfNode::find(std::string_view key, AttrView::Kind kind) {
  const AttrView* a = def_.attr(key);
  if (!a) return nullptr;
  read_.insert(key);
  const auto k = a->kind();
  if (k == kind) return a;
  if (k == AttrView::Kind::None) return a;  // the default value of its kind
  refuse("the attribute '{}' is of the wrong kind", key);
  return nullptr;
}
bool TfNode::flag(std::string_view key, bool d) {
  const auto* a = find(key, AttrView::Kind::B);
  return a ? a->b() : d;
}
int64_t TfNode::integer(std::string_view key, int64_t d) {
  const auto* a = find(key, AttrView::Kind::I);
  return a ? a->i() : d;
}
float TfNode::number(std::string_view key, float d) {
  const auto* a = find(key, AttrView::Kind::F);
  return a ? a->f() : d;
}
std::string_view TfNode::string(std::string_view key, std::string_view d) {
  const auto* a = find(key, AttrView::Kind::S);
  return a ? a->s() : d;
}
std::vector<int64_t> TfNode::ints(std::string_view key, std::vector<int64_t> d) {
  const auto* a = find(key, AttrView::Kind::List);
  return a ? a->list_i() : std::move(d);
}
std::vector<float> TfNode::floats(std::string_view key) {
  const auto* a = find(key, AttrView::Kind::List);
  return a ? a->list_f() : std::vector<float>{};
}
DType TfNode::dtype(std::string_view key, DType d) {
  const auto* a = find(key, AttrView::Kind::Type);
  if (!a) return d;
  const auto t = dtype_from_tf(a->type());
  if (!t) {
    refuse("the attribute '{}' is the unknown data type {}", key, a->type());
    return d;
  }
  return *t;
}

std::pair<int64_t, int64_t> TfNode::spatial(std::string_view key, std::vector<int64_t> d) {
  const auto v = ints(key, std::move(d));
  if (v.size() != 4 || v[0] != 1 || v[3] != 1) {
    refuse("{} must be [1, height, width, 1]", key);
    return {1, 1};
  }
  if (v[1] < 1 || v[2] < 1 || v[1] > (1 << 24) || v[2] > (1 << 24)) {
    refuse("{} must be positive, is [{}, {}]", key, v[1], v[2]);
    return {1, 1};
  }
  return {v[1], v[2]};
}

void TfNode::nhwc() {
  const auto f = string("data_format", "NHWC");
  if (f != "NHWC") refuse("data_format {} (channels first) is not supported; only NHWC is", f);
}

Value TfNode::add(const OpDef& op, std::vector<Value> ins, Attrs attrs, uint32_t slot) {
  if (failed()) return {};
  auto id = graph_.add(op, std::move(attrs), std::move(ins), {}, origin_);
  if (!id) {
    for (Diag& d : id.error()) problems_.push_back(std::move(d).at(name_));
    return {};
  }
  return {*id, slot};
}

Value TfNode::constant(Tensor t) { return graph_.add_constant(std::move(t), {}, origin_); }
Value TfNode::ints_constant(const std::vector<int64_t>& v) { return constant(Tensor::vector_i32(std::vector<int32_t>(v.begin(), v.end()))); }
Value TfNode::as_i32(Value v) {
  if (!v || type(v).dtype == DType::I32) return v;
  return add<Cast>({v}, {.in_data_type = graph_.type(v).dtype, .out_data_type = DType::I32});
}

std::vector<std::string_view> TfNode::unread() const {
  std::vector<std::string_view> out;
  for (const auto& [key, value] : def_.attrs) {
    if (key.starts_with("_") || read_.count(key)) continue;
    if (value.kind() == AttrView::Kind::Type || value.kind() == AttrView::Kind::None) continue;  // types follow from operands
    out.push_back(key);
  }
  return out;
}

}  // namespace toucanet
