// Inputs: what they are called, their types and shapes.
#include <algorithm>

#include "import/graphdef/importer.h"
#include "import/graphdef/tf_node.h"
#include "ops/cast/cast.h"

namespace toucanet {

Shape Importer::with_symbols(Shape s) {
  if (!s.ranked()) return s;
  Dims d = s.dims();
  for (auto& x : d)
    if (x.is_unknown()) x = Dim::symbol(fmt::format("s{}", symbols_++));
  return Shape(std::move(d));
}

Value Importer::add_border_input(const TensorType& t, const std::string& name, Ref r) {
  const auto origin = result_.module.origins->source(full_name(r), node(r).op);
  const DType compute = compute_type(t.dtype);
  Value v = graph().add_input(t, name, origin);
  if (compute == t.dtype) return v;
  narrowed_.insert(t.dtype);
  auto cast = graph().add<Cast>({v}, {.in_data_type = t.dtype, .out_data_type = compute}, {}, origin);
  return cast ? Value{*cast, 0} : poison;
}

TensorType Importer::input_type(Ref r, const InputSpec& spec) {
  const NodeDef& n = node(r);
  TensorType t{DType::F32, Shape::unranked(), nullptr};
  bool typed = false;
  if (is_placeholder(n.op) || n.op == "PlaceholderWithDefault") {
    if (const auto* a = n.attr("dtype")) {
      if (const auto d = dtype_from_tf(a->type())) t.dtype = *d, typed = true;
    }
    if (const auto* a = n.attr("shape")) {
      t.shape = a->shape();
      // Up to producer 21 a placeholder of unknown shape was written as a scalar.
      if (def_.producer <= 21 && t.shape.ranked() && t.shape.rank() == 0) t.shape = Shape::unranked();
    } else if (const auto* o = n.attr("_output_shapes")) {
      if (const auto shapes = o->list_shape(); !shapes.empty()) t.shape = shapes[0];
    }
  } else {
    if (const auto it = values_.find(r.key()); it != values_.end() && r.slot < it->second.size() && it->second[r.slot].node) {
      const TensorType& inferred = graph().type(it->second[r.slot]);
      t.dtype = inferred.dtype, typed = true;
      if (inferred.shape.ranked()) {
        Dims d = inferred.shape.dims();
        for (auto& x : d)
          if (!x.known()) x = Dim::unknown();
        t.shape = Shape(std::move(d));
      }
    }
    DType d = declared_type(r);
    if (d == DType::Token && !typed) d = type_of_readers(r);
    if (d != DType::Token) {
      if (!typed || (t.dtype == DType::F32 && compute_type(d) == DType::F32)) t.dtype = d, typed = true;
    }
  }
  if (spec.shape) {
    if (t.shape.ranked() && spec.shape->ranked() && !refine(t.shape, *spec.shape))
      problems_.push_back(diag("TN1012", "the input '{}' has the shape [{}], [{}] was given", spec.name, t.shape.str(), spec.shape->str()).at(spec.name));
    t.shape = *spec.shape;
  }
  if (spec.dtype) t.dtype = *spec.dtype, typed = true;
  if (!typed) {
    Diag d = diag("TN1013", "the type of the input '{}' cannot be inferred", spec.name);
    d.notes.emplace_back("give it with --input-types");
    problems_.push_back(std::move(d).at(spec.name));
  }
  t.shape = with_symbols(t.shape);
  return t;
}

// The TensorFlow type that a node declares for a result, Token if it declares none.
DType Importer::declared_type(Ref r) {
  const auto op = node(r).op;
  if (op == "ResizeBilinear" || op == "SparseMatMul") return DType::F32;
  const auto* list = node(r).attr("T");
  if (op == "IdentityN" && list && list->kind() == AttrView::Kind::List) {
    const auto types = list->list_type();
    const auto d = r.slot < types.size() ? dtype_from_tf(types[r.slot]) : std::nullopt;
    return d ? *d : DType::Token;
  }
  const auto* statistics = r.slot && op.starts_with("FusedBatchNorm") ? node(r).attr("U") : nullptr;
  if (const auto* t = op == "Range" ? node(r).attr("Tidx") : statistics)
    if (const auto d = dtype_from_tf(t->type())) return *d;
  for (std::string_view key : {"DstT", "dtype", "out_type", "output_type", "Tout", "T", "Tparams"}) {
    const auto* a = node(r).attr(key);
    if (a && a->kind() == AttrView::Kind::Type)
      if (const auto d = dtype_from_tf(a->type())) return *d;
  }
  return DType::Token;
}

// The type T of a top-level node that reads the tensor first; Token if nobody tells.
DType Importer::type_of_readers(Ref r) {
  for (uint32_t i = 0; i < def_.nodes.size(); ++i) {
    const auto& n = def_.nodes[i];
    if (n.inputs.empty()) continue;
    const auto source = scopes_.resolve(0, n.inputs[0]);
    if (!source || source->key() != r.key() || source->slot != r.slot) continue;
    if (const auto* a = n.attr("T"); a && a->kind() == AttrView::Kind::Type)
      if (const auto t = dtype_from_tf(a->type())) return *t;
  }
  return DType::Token;
}

void Importer::make_inputs() {
  // Shapes and types of inner tensors come from what lies before them, looked at once and thrown away.
  std::vector<Ref> inner;
  for (size_t i = 0; i < cut_refs_.size(); ++i)
    if (const auto op = node(cut_refs_[i]).op; !is_placeholder(op) && op != "PlaceholderWithDefault") inner.push_back(cut_refs_[i]);
  std::vector<TensorType> types;
  if (!inner.empty()) {
    const Diags before = problems_;
    const auto notices = result_.notices;
    const auto cuts = std::move(cuts_);
    cuts_.clear();
    probing_ = true;
    for (Ref r : reach(inner)) import_node(r);
    probing_ = false;
    cuts_ = cuts;
    problems_ = before;
    result_.notices = notices;
    unsupported_.clear();
    rounding_.clear();
  }
  for (size_t i = 0; i < cut_refs_.size(); ++i) types.push_back(input_type(cut_refs_[i], options_.inputs[i]));
  if (!inner.empty()) {
    values_.clear();
    symbols_ = 0;
    result_.module.graphs.clear();
    result_.module.add_graph("main");
    result_.module.origins = std::make_shared<Origins>();
    narrowed_.clear();
    for (auto& t : types)
      if (t.shape.ranked()) {
        Dims d = t.shape.dims();
        for (auto& x : d)
          if (!x.known()) x = Dim::unknown();
        t.shape = with_symbols(Shape(std::move(d)));
      }
  }
  for (size_t i = 0; i < cut_refs_.size(); ++i) {
    std::string name = options_.inputs[i].name;
    if (name.ends_with(":0")) name.resize(name.size() - 2);
    auto& slots = values_[cut_refs_[i].key()];
    slots.resize(std::max<size_t>(slots.size(), cut_refs_[i].slot + 1), poison);
    slots[cut_refs_[i].slot] = add_border_input(types[i], name, cut_refs_[i]);
  }
}

}  // namespace toucanet
