#include "import/tflite/read_subgraph.h"

#include <algorithm>

#include "export/options.h"
#include "import/tflite/check_model.h"
#include "ir/booleans.h"
#include "ir/limits.h"
#include "ops/custom/custom.h"
#include "ops/effect_start/effect_start.h"

namespace toucanet {
namespace {

std::string text(const flatbuffers::String* s) { return s ? s->str() : std::string{}; }

class SubgraphReader {
  ReadContext& c_;
  const uint32_t index_;
  const fb::SubGraph& sub_;
  Graph& g_;
  std::vector<std::optional<TensorType>> types_;
  std::vector<Value> values_;  // of the tensors; absent: not computed yet
  Value token_;                // of the last effect
  std::string where_;          // the operator that is being read

 public:
  SubgraphReader(ReadContext& c, uint32_t index)
      : c_(c), index_(index), sub_(*c.model.subgraphs()->Get(index)), g_(c.module.graphs[index]), types_(sub_.tensors() ? sub_.tensors()->size() : 0) {
    values_.resize(types_.size());
  }

  bool run() { return tensors() && inputs() && operators() && outputs(); }

  void list(TfliteTensors::Subgraph& to) const {
    for (size_t i = 0; i < types_.size(); ++i) to.tensors.push_back(listed(i));
    if (sub_.operators())
      for (const auto* o : *sub_.operators()) {
        auto& row = to.operators.emplace_back();
        const auto* code = c_.model.operator_codes()->Get(o->opcode_index());
        row.name = is_custom(*code) ? code->custom_code()->str() : std::string(builtin_name(builtin_of(*code)));
        if (o->inputs()) row.inputs.assign(o->inputs()->begin(), o->inputs()->end());
        if (o->outputs()) row.outputs.assign(o->outputs()->begin(), o->outputs()->end());
      }
    if (sub_.inputs()) to.inputs.assign(sub_.inputs()->begin(), sub_.inputs()->end());
    if (sub_.outputs()) to.outputs.assign(sub_.outputs()->begin(), sub_.outputs()->end());
  }

 private:
  const fb::Tensor& tensor(size_t i) const { return *sub_.tensors()->Get(static_cast<flatbuffers::uoffset_t>(i)); }
  std::string name_of(size_t i) const { return text(tensor(i).name()); }
  bool exists(int32_t i) const { return i >= 0 && static_cast<size_t>(i) < values_.size(); }
  /// The first tensor of an operator's list, if there is one.
  std::optional<size_t> first_of(const flatbuffers::Vector<int32_t>* list) const {
    return list && list->size() && exists(list->Get(0)) ? std::optional(static_cast<size_t>(list->Get(0))) : std::nullopt;
  }
  static int builtin_of(const fb::OperatorCode& code) { return std::max<int>(code.deprecated_builtin_code(), static_cast<int>(code.builtin_code())); }
  static bool is_custom(const fb::OperatorCode& code) { return builtin_of(code) == static_cast<int>(fb::BuiltinOperator::CUSTOM); }

  TfliteTensor listed(size_t i) const {
    const fb::Tensor& t = tensor(i);
    TfliteTensor row{.name = name_of(i), .dtype = types_[i]->dtype, .quant = types_[i]->quant, .variable = t.is_variable(), .value = values_[i]};
    if (t.shape()) row.shape.assign(t.shape()->begin(), t.shape()->end());
    for (int64_t& d : row.shape) d = d < 0 ? 1 : d;
    if (t.shape_signature()) row.shape_signature.assign(t.shape_signature()->begin(), t.shape_signature()->end());
    return row;
  }

  // Types, and constants.
  bool tensors() {
    const size_t before = c_.problems.size();
    for (size_t i = 0; i < types_.size(); ++i) {
      const std::string where = fmt::format("subgraph {}, tensor {} '{}'", index_, i, name_of(i));
      types_[i] = type_of(tensor(i), where);
      if (!types_[i]) continue;
      if (const auto data = c_.data_of(tensor(i).buffer(), where)) constant(i, *data, where);
    }
    return c_.problems.size() == before;
  }

  std::optional<TensorType> type_of(const fb::Tensor& t, const std::string& where) {
    const auto dtype = dtype_of_tensor_type(static_cast<int>(t.type()));
    if (!dtype) return c_.problem(where, "unknown element type {}", static_cast<int>(t.type())), std::nullopt;
    Dims dims;
    if (t.shape())
      for (size_t i = 0; i < t.shape()->size(); ++i) {
        const auto k = static_cast<flatbuffers::uoffset_t>(i);
        const int32_t d = t.shape()->Get(k);
        const bool open = t.shape_signature() && t.shape_signature()->size() == t.shape()->size() && t.shape_signature()->Get(k) < 0;
        if (d < 0 && !open) return c_.problem(where, "negative dimension {}", d), std::nullopt;
        dims.push_back(open ? Dim::unknown() : Dim(d));
      }
    // Without has_rank an empty shape may be a scalar or anything; data tells.
    const bool open_rank = dims.empty() && !t.has_rank() && t.buffer() == 0;
    return TensorType{*dtype, open_rank ? Shape::unranked() : Shape(std::move(dims)), quant_of(t.quantization(), *dtype)};
  }

  // Floats may carry the range that a calibration found, without a scale.
  static std::shared_ptr<const Quant> quant_of(const fb::QuantizationParameters* q, DType dtype) {
    if (!q || !((q->scale() && q->scale()->size()) || (dtype == DType::F32 && q->min() && q->min()->size()))) return nullptr;
    auto quant = std::make_shared<Quant>();
    if (q->scale()) quant->scale.assign(q->scale()->begin(), q->scale()->end());
    quant->zero_point = zero_points_of(*q);
    quant->zero_point.resize(quant->scale.size());
    quant->axis = q->quantized_dimension();
    if (q->min()) quant->min.assign(q->min()->begin(), q->min()->end());
    if (q->max()) quant->max.assign(q->max()->begin(), q->max()->end());
    return quant;
  }

  void constant(size_t i, std::string_view data, const std::string& where) {
    const TensorType& t = *types_[i];
    if (!t.shape.is_static()) return c_.problem(where, "a constant with an unknown dimension");
    const auto elements = limits::product(t.shape.to_vector());
    if (!elements) return c_.problem(where, "a constant has the shape [{}], which is too large", t.shape.str());
    const uint64_t size = static_cast<uint64_t>(*elements) * byte_size(t.dtype);
    if (byte_size(t.dtype) && size != data.size())
      return c_.problem(where, "[{}] of {} needs {} bytes, the buffer has {}", t.shape.str(), name(t.dtype), size, data.size());
    Tensor c = with_valid_booleans(Tensor::view(t.dtype, t.shape.to_vector(), c_.owner, data.data(), data.size()));
    c.quant = t.quant;
    if (c.dtype == DType::String && static_cast<int64_t>(c.string_values().size()) != *elements)
      return c_.problem(where, "its buffer does not hold {} elements of {}", *elements, name(c.dtype));
    values_[i] = g_.add_constant(std::move(c), name_of(i), c_.module.origins->source(name_of(i)));
  }

  // A tensor without elements needs no buffer; absent if it has elements.
  Value empty_constant(size_t i) {
    const auto& t = types_[i];
    if (!t || !t->shape.is_static() || limits::product(t->shape.to_vector()) != 0) return {};
    return g_.add_constant(Tensor::zeros(t->dtype, t->shape.to_vector()), name_of(i));
  }
  // Of a tensor that is read; absent: nobody has computed it.
  Value read(size_t i) {
    if (!values_[i]) values_[i] = empty_constant(i);
    return values_[i];
  }

  bool inputs() {
    if (!sub_.inputs()) return true;
    for (int32_t i : *sub_.inputs()) {
      if (!exists(i)) return c_.problem(fmt::format("subgraph {}", index_), "input {} does not exist", i), false;
      const auto k = static_cast<size_t>(i);
      values_[k] = g_.add_input(*types_[k], name_of(k), c_.module.origins->source(name_of(k)));
    }
    return true;
  }

  bool outputs() {
    if (!sub_.outputs()) return true;
    for (int32_t i : *sub_.outputs()) {
      if (!exists(i) || !read(static_cast<size_t>(i))) return c_.problem(fmt::format("subgraph {}", index_), "output {} is not computed", i), false;
      g_.add_output(values_[static_cast<size_t>(i)], name_of(static_cast<size_t>(i)));
    }
    return true;
  }

  bool operators() {
    if (!sub_.operators()) return true;
    for (flatbuffers::uoffset_t k = 0; k < sub_.operators()->size(); ++k) {
      where_ = fmt::format("subgraph {}, operator {}", index_, k);
      if (!node(*sub_.operators()->Get(k))) return false;
    }
    return true;
  }

  template <class... A>
  bool fail(fmt::format_string<A...> f, A&&... a) {
    c_.problem(where_, f, std::forward<A>(a)...);
    return false;
  }

  bool node(const fb::Operator& o) {
    if (!c_.model.operator_codes() || o.opcode_index() >= c_.model.operator_codes()->size()) return fail("operator code {} does not exist", o.opcode_index());
    const fb::OperatorCode& code = *c_.model.operator_codes()->Get(o.opcode_index());
    if (is_custom(code) && text(code.custom_code()).empty()) return fail("a custom operator has no name");
    const auto builtin = builtin_name(builtin_of(code));
    const OpDef* op = is_custom(code) ? &Custom::def : find_builtin(builtin);
    if (!op) {
      ++c_.unknown[builtin.empty() ? fmt::format("builtin {}", builtin_of(code)) : std::string(builtin)];
      stand_in(o);
      return true;
    }
    std::vector<Value> in;
    if (!operands(o, *op, in)) return false;
    auto attrs = op->attrs->make();
    const auto fields = op->attrs->fields(attrs.get());
    if (is_custom(code) ? !custom(o, code, *static_cast<Custom::Attrs*>(attrs.get())) : !options(o, *op, fields, in)) return false;
    take_types(o, fields);
    const auto first = first_of(o.outputs());
    auto id = g_.add(*op, fields.empty() ? Attrs{} : Attrs(*op->attrs, std::move(attrs)), std::move(in), {},
                     c_.module.origins->source(first ? name_of(*first) : std::string{}, builtin));
    if (!id) {
      for (const Diag& d : id.error()) c_.problem(where_, "{}", d.what);
      return false;
    }
    return results(o, *op, *id);
  }

  // So that what reads an unknown operator's results can be looked at.
  void stand_in(const fb::Operator& o) {
    if (!o.outputs()) return;
    for (int32_t i : *o.outputs())
      if (exists(i) && types_[static_cast<size_t>(i)]) values_[static_cast<size_t>(i)] = g_.add_input(*types_[static_cast<size_t>(i)], {});
  }

  bool operands(const fb::Operator& o, const OpDef& op, std::vector<Value>& in) {
    if (o.inputs())
      for (int32_t i : *o.inputs()) {
        if (i == -1) {
          in.push_back({});
          continue;
        }
        if (!exists(i)) return fail("operand tensor {} does not exist", i);
        in.push_back(read(static_cast<size_t>(i)));
        if (!in.back()) return fail("operand tensor {} '{}' is read before it is computed", i, name_of(static_cast<size_t>(i)));
      }
    if (!op.is(Effect)) return true;
    if (!token_) {
      auto start = g_.add<EffectStart>({});
      if (!start) return false;
      token_ = {*start, 0};
    }
    in.push_back(token_);
    return true;
  }

  bool custom(const fb::Operator& o, const fb::OperatorCode& code, Custom::Attrs& a) {
    a.custom_code = text(code.custom_code());
    if (o.large_custom_options_offset() > 1) return fail("custom options outside the flatbuffer are not supported");
    if (o.custom_options()) a.custom_options.data.assign(o.custom_options()->begin(), o.custom_options()->end());
    if (o.outputs())
      for (int32_t i : *o.outputs())
        if (exists(i) && types_[static_cast<size_t>(i)]) a.types.push_back(static_cast<int64_t>(types_[static_cast<size_t>(i)]->dtype));
    return true;
  }

  bool options(const fb::Operator& o, const OpDef& op, const std::vector<FieldRef>& fields, std::vector<Value>& in) {
    if (op.tflite.options.empty()) return true;
    const auto want = options_type(op.tflite.options);
    const void* table = want.second_union ? o.builtin_options_2() : o.builtin_options();
    if (!table || (want.second_union ? static_cast<int>(o.builtin_options_2_type()) : static_cast<int>(o.builtin_options_type())) != want.type) return true;
    const auto& stored = *static_cast<const flatbuffers::Table*>(table);
    if (auto r = read_options(stored, op.tflite.options, fields); !r) return fail("{}", r.error()[0].what);
    if (auto r = add_last_operand(op, stored, in); !r) return fail("{}", r.error()[0].what);
    return true;
  }

  // An operand for which an option may stand, where the file leaves it out.
  Status add_last_operand(const OpDef& op, const flatbuffers::Table& options, std::vector<Value>& in) {
    if (op.tflite.last_operand.empty() || in.size() + 1 != op.min_inputs()) return ok();
    std::vector<int64_t> values;
    CHECK_OK(read_options(options, op.tflite.options, {{op.tflite.last_operand, kind_of<std::vector<int64_t>>(), {}, &values}}));
    Tensor operand = Tensor::zeros(DType::I32, {static_cast<int64_t>(values.size())});
    std::transform(values.begin(), values.end(), operand.as_mutable<int32_t>().begin(), [](int64_t v) { return static_cast<int32_t>(v); });
    in.push_back(g_.add_constant(std::move(operand), std::string(op.tflite.last_operand)));
    return ok();
  }

  // Operators whose operands do not tell the result's type carry it as an attribute. LiteRT's CAST goes by its tensors.
  void take_types(const fb::Operator& o, const std::vector<FieldRef>& fields) {
    const auto type_of_first = [&](const auto* list) -> const TensorType* {
      const auto i = first_of(list);
      return i && types_[*i] ? &*types_[*i] : nullptr;
    };
    const TensorType *x = type_of_first(o.inputs()), *y = type_of_first(o.outputs());
    for (const auto& f : fields) {
      if (y && (f.name == "result_dtype" || f.name == "out_data_type")) *static_cast<DType*>(f.p) = y->dtype;
      if (x && f.name == "in_data_type") *static_cast<DType*>(f.p) = x->dtype;
      if (y && f.name == "result_type") *static_cast<std::string*>(f.p) = TensorType{y->dtype, y->shape, nullptr}.str();
    }
  }

  bool results(const fb::Operator& o, const OpDef& op, NodeId id) {
    const size_t results = g_[id].outputs.size() - (op.is(Effect) ? 1 : 0);
    const size_t listed = o.outputs() ? o.outputs()->size() : 0;
    if (listed > results) return fail("{} has {} results, the file lists {}", op.name, results, listed);
    for (uint32_t k = 0; k < listed; ++k) {
      const int32_t i = o.outputs()->Get(k);
      if (i == -1) continue;
      if (!exists(i)) return fail("result tensor {} does not exist", i);
      const auto t = static_cast<size_t>(i);
      if (values_[t]) return fail("result tensor {} '{}' is computed twice", i, name_of(t));
      Result& r = g_.result({id, k});
      if (!may_be_called(op, r.type.dtype, t)) return fail("{} gives {}, tensor {} is {}", op.name, name(r.type.dtype), i, name(types_[t]->dtype));
      // Inference knows better than the file, whose shapes may be those of one run.
      r.type.quant = types_[t]->quant;
      r.name = name_of(t);
      values_[t] = {id, k};
    }
    if (op.is(Effect)) token_ = {id, static_cast<uint32_t>(results)};
    return true;
  }

  // An elementwise result has the operands' type; where the file calls it another, LiteRT overrules the file.
  bool may_be_called(const OpDef& op, DType computed, size_t t) const {
    return computed == types_[t]->dtype || (op.is(Elementwise) && bad_quantization(tensor(t), static_cast<fb::TensorType>(tensor_type(computed))).empty());
  }
};

}  // namespace

void read_subgraph(ReadContext& c, uint32_t index, TfliteTensors::Subgraph* listed) {
  SubgraphReader reader(c, index);
  if (reader.run() && listed) reader.list(*listed);
}

}  // namespace toucanet
