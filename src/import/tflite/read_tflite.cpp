#include "import/tflite/read_tflite.h"

#include <algorithm>

#include "export/options.h"
#include "import/file.h"
#include "import/tflite/check_model.h"
#include "ir/limits.h"
#include "ops/custom/custom.h"
#include "ops/effect_start/effect_start.h"
#include "tflite_generated.h"

namespace toucanet {
namespace {

class Reader {
  std::shared_ptr<const void> owner_;
  std::string_view bytes_;
  const fb::Model& model_;
  Module module_;
  Diags problems_;
  std::map<std::string, int> unknown_;
  TfliteTensors* tensors_;

 public:
  Reader(std::shared_ptr<const void> o, std::string_view b, TfliteTensors* t) : owner_(std::move(o)), bytes_(b), model_(*fb::GetModel(b.data())), tensors_(t) {}

  Expected<Module> run() {
    if (model_.version() != 3) return diag("TN1101", "schema version {} is not supported, only 3 is", model_.version());
    if (!model_.subgraphs() || model_.subgraphs()->size() == 0) return diag("TN1103", "the model has no subgraph");
    if (problems_ = check_model(model_); !problems_.empty()) return std::move(problems_);
    if (model_.description()) module_.description = model_.description()->str();
    for (size_t i = 0; i < model_.subgraphs()->size(); ++i) {
      const auto* s = model_.subgraphs()->Get(static_cast<flatbuffers::uoffset_t>(i));
      module_.add_graph(s->name() ? s->name()->str() : i ? fmt::format("graph{}", i) : "main");
    }
    if (tensors_) tensors_->subgraphs.resize(model_.subgraphs()->size());
    // Callees first: their types are asked for by IF and WHILE.
    for (uint32_t i : callees_first(model_)) graph(i);
    if (!unknown_.empty()) {
      Diag d =
          diag("TN1102", "{} operator{} of the file {} not known here", unknown_.size(), unknown_.size() == 1 ? "" : "s", unknown_.size() == 1 ? "is" : "are");
      for (const auto& [n, k] : unknown_) d.notes.push_back(fmt::format("{} {}", n, k));
      problems_.insert(problems_.begin(), std::move(d));
    }
    if (!problems_.empty()) return std::move(problems_);
    signatures();
    metadata();
    if (!problems_.empty()) return std::move(problems_);
    return std::move(module_);
  }

 private:
  template <class... A>
  void problem(std::string where, fmt::format_string<A...> f, A&&... a) {
    if (problems_.size() < 50) problems_.push_back(diag("TN1103", "{}: {}", where, fmt::format(f, std::forward<A>(a)...)));
  }

  std::optional<TensorType> type_of(const fb::Tensor& t, const std::string& where) {
    const auto dtype = dtype_of_tensor_type(static_cast<int>(t.type()));
    if (!dtype) return problem(where, "unknown element type {}", static_cast<int>(t.type())), std::nullopt;
    TensorType type{*dtype, {}, nullptr};
    Dims dims;
    if (t.shape())
      for (size_t i = 0; i < t.shape()->size(); ++i) {
        const auto k = static_cast<flatbuffers::uoffset_t>(i);
        const int32_t d = t.shape()->Get(k);
        const bool open = t.shape_signature() && t.shape_signature()->size() == t.shape()->size() && t.shape_signature()->Get(k) < 0;
        if (d < 0 && !open) return problem(where, "negative dimension {}", d), std::nullopt;
        dims.push_back(open ? Dim::unknown() : Dim(d));
      }
    // Without has_rank an empty shape may be a scalar or anything; data tells.
    const bool open_rank = dims.empty() && !t.has_rank() && t.buffer() == 0;
    type.shape = open_rank ? Shape::unranked() : Shape(std::move(dims));
    // Floats may carry the range that a calibration found, without a scale.
    const auto* q = t.quantization();
    if (q && ((q->scale() && q->scale()->size()) || (*dtype == DType::F32 && q->min() && q->min()->size()))) {
      auto quant = std::make_shared<Quant>();
      if (q->scale()) quant->scale.assign(q->scale()->begin(), q->scale()->end());
      quant->zero_point = zero_points_of(*q);
      quant->zero_point.resize(quant->scale.size());
      quant->axis = q->quantized_dimension();
      if (q->min()) quant->min.assign(q->min()->begin(), q->min()->end());
      if (q->max()) quant->max.assign(q->max()->begin(), q->max()->end());
      type.quant = std::move(quant);
    }
    return type;
  }

  // A buffer's bytes lie in the flatbuffer or, at an offset from the file's start, behind it. nullopt: none.
  std::optional<std::string_view> data_of(uint32_t buffer, const std::string& where) {
    if (buffer == 0) return std::nullopt;
    if (!model_.buffers() || buffer >= model_.buffers()->size()) return problem(where, "buffer {} does not exist", buffer), std::nullopt;
    const auto* b = model_.buffers()->Get(buffer);
    if (b->data() && b->data()->size()) return std::string_view(reinterpret_cast<const char*>(b->data()->data()), b->data()->size());
    if (b->offset() <= 1) return std::nullopt;
    if (b->offset() > bytes_.size() || b->size() > bytes_.size() - b->offset())
      return problem(where, "its data, {} bytes from {}, lie beyond the file's {}", b->size(), b->offset(), bytes_.size()), std::nullopt;
    if (!b->size()) return std::nullopt;
    return bytes_.substr(b->offset(), b->size());
  }

  void graph(uint32_t index) {
    const auto* s = model_.subgraphs()->Get(index);
    Graph& g = module_.graphs[index];
    const size_t n = s->tensors() ? s->tensors()->size() : 0;
    std::vector<Value> values(n);
    std::vector<std::optional<TensorType>> types(n);
    const auto where = [&](size_t i) {
      const auto* t = s->tensors()->Get(static_cast<flatbuffers::uoffset_t>(i));
      return fmt::format("subgraph {}, tensor {} '{}'", index, i, t->name() ? t->name()->str() : "");
    };
    const auto name_of = [&](size_t i) {
      const auto* t = s->tensors()->Get(static_cast<flatbuffers::uoffset_t>(i));
      return t->name() ? t->name()->str() : std::string{};
    };
    const size_t before = problems_.size();
    for (size_t i = 0; i < n; ++i) {
      const auto* t = s->tensors()->Get(static_cast<flatbuffers::uoffset_t>(i));
      types[i] = type_of(*t, where(i));
      if (!types[i]) continue;
      if (const auto data = data_of(t->buffer(), where(i))) {
        if (!types[i]->shape.is_static()) {
          problem(where(i), "a constant with an unknown dimension");
          continue;
        }
        const auto elements = limits::product(types[i]->shape.to_vector());
        const size_t size = byte_size(types[i]->dtype);
        if (!elements) {
          problem(where(i), "a constant has the shape [{}], which is too large", types[i]->shape.str());
          continue;
        }
        if (size && static_cast<uint64_t>(*elements) * size != data->size()) {
          problem(where(i), "[{}] of {} needs {} bytes, the buffer has {}", types[i]->shape.str(), name(types[i]->dtype),
                  static_cast<uint64_t>(*elements) * size, data->size());
          continue;
        }
        Tensor c = Tensor::view(types[i]->dtype, types[i]->shape.to_vector(), owner_, data->data(), data->size());
        c.quant = types[i]->quant;
        if (c.dtype == DType::String && static_cast<int64_t>(c.string_values().size()) != *elements) {
          problem(where(i), "its buffer does not hold {} elements of {}", *elements, name(c.dtype));
          continue;
        }
        values[i] = g.add_constant(std::move(c), name_of(i), module_.origins->source(name_of(i)));
      }
    }
    if (problems_.size() > before) return;
    const auto tensor = [&](int32_t i) -> bool { return i >= 0 && static_cast<size_t>(i) < n; };
    if (s->inputs())
      for (int32_t i : *s->inputs()) {
        if (!tensor(i)) {
          problem(fmt::format("subgraph {}", index), "input {} does not exist", i);
          return;
        }
        const auto k = static_cast<size_t>(i);
        values[k] = g.add_input(*types[k], name_of(k), module_.origins->source(name_of(k)));
      }
    Value token;
    if (s->operators())
      for (size_t k = 0; k < s->operators()->size(); ++k)
        if (!node(g, *s, *s->operators()->Get(static_cast<flatbuffers::uoffset_t>(k)), fmt::format("subgraph {}, operator {}", index, k), values, types,
                  name_of, token))
          return;
    if (s->outputs())
      for (int32_t i : *s->outputs()) {
        if (tensor(i) && !values[static_cast<size_t>(i)])
          values[static_cast<size_t>(i)] = empty_constant(g, types[static_cast<size_t>(i)], name_of(static_cast<size_t>(i)));
        if (!tensor(i) || !values[static_cast<size_t>(i)]) {
          problem(fmt::format("subgraph {}", index), "output {} is not computed", i);
          return;
        }
        g.add_output(values[static_cast<size_t>(i)], name_of(static_cast<size_t>(i)));
      }
    if (tensors_) list_tensors(*s, types, values, tensors_->subgraphs[index]);
  }

  std::string operator_name(const fb::Operator& o) const {
    const auto* code = model_.operator_codes()->Get(o.opcode_index());
    const int builtin = std::max<int>(code->deprecated_builtin_code(), static_cast<int>(code->builtin_code()));
    return builtin == static_cast<int>(fb::BuiltinOperator::CUSTOM) ? code->custom_code()->str() : std::string(builtin_name(builtin));
  }

  void list_tensors(const fb::SubGraph& s, const std::vector<std::optional<TensorType>>& types, const std::vector<Value>& values,
                    TfliteTensors::Subgraph& to) const {
    for (size_t i = 0; i < types.size(); ++i) {
      const auto* t = s.tensors()->Get(static_cast<flatbuffers::uoffset_t>(i));
      TfliteTensor& row = to.tensors.emplace_back();
      if (t->name()) row.name = t->name()->str();
      row.dtype = types[i]->dtype;
      if (t->shape()) row.shape.assign(t->shape()->begin(), t->shape()->end());
      for (int64_t& d : row.shape) d = d < 0 ? 1 : d;
      if (t->shape_signature()) row.shape_signature.assign(t->shape_signature()->begin(), t->shape_signature()->end());
      row.quant = types[i]->quant;
      row.variable = t->is_variable();
      row.value = values[i];
    }
    if (s.operators())
      for (const auto* o : *s.operators()) {
        auto& row = to.operators.emplace_back();
        row.name = operator_name(*o);
        if (o->inputs()) row.inputs.assign(o->inputs()->begin(), o->inputs()->end());
        if (o->outputs()) row.outputs.assign(o->outputs()->begin(), o->outputs()->end());
      }
    if (s.inputs())
      for (int32_t i : *s.inputs()) to.inputs.push_back(static_cast<uint32_t>(i));
    if (s.outputs())
      for (int32_t i : *s.outputs()) to.outputs.push_back(static_cast<uint32_t>(i));
  }

  // A tensor without elements needs no buffer; absent if it has elements.
  static Value empty_constant(Graph& g, const std::optional<TensorType>& t, const std::string& name) {
    if (!t || !t->shape.is_static() || limits::product(t->shape.to_vector()) != 0) return {};
    return g.add_constant(Tensor::zeros(t->dtype, t->shape.to_vector()), name);
  }

  // An operand for which an option may stand, where the file leaves it out.
  static Status add_last_operand(Graph& g, const OpDef& op, const flatbuffers::Table& options, std::vector<Value>& in) {
    if (op.tflite.last_operand.empty() || in.size() + 1 != op.min_inputs()) return ok();
    std::vector<int64_t> values;
    CHECK_OK(read_options(options, op.tflite.options, {{op.tflite.last_operand, kind_of<std::vector<int64_t>>(), {}, &values}}));
    Tensor operand = Tensor::zeros(DType::I32, {static_cast<int64_t>(values.size())});
    std::transform(values.begin(), values.end(), operand.as_mutable<int32_t>().begin(), [](int64_t v) { return static_cast<int32_t>(v); });
    in.push_back(g.add_constant(std::move(operand), std::string(op.tflite.last_operand)));
    return ok();
  }

  template <class NameOf>
  bool node(Graph& g, const fb::SubGraph& sub, const fb::Operator& o, const std::string& where, std::vector<Value>& values,
            const std::vector<std::optional<TensorType>>& types, const NameOf& name_of, Value& token) {
    if (!model_.operator_codes() || o.opcode_index() >= model_.operator_codes()->size())
      return problem(where, "operator code {} does not exist", o.opcode_index()), false;
    const auto* code = model_.operator_codes()->Get(o.opcode_index());
    const int builtin = std::max<int>(code->deprecated_builtin_code(), static_cast<int>(code->builtin_code()));
    const bool custom = builtin == static_cast<int>(fb::BuiltinOperator::CUSTOM);
    if (custom && (!code->custom_code() || code->custom_code()->size() == 0)) return problem(where, "a custom operator has no name"), false;
    const auto builtin_text = builtin_name(builtin);
    const OpDef* op = custom ? &Custom::def : find_builtin(builtin_text);
    if (!op) {
      ++unknown_[builtin_text.empty() ? fmt::format("builtin {}", builtin) : std::string(builtin_text)];
      if (o.outputs())
        for (int32_t i : *o.outputs())  // stand-ins, so that the rest can be looked at
          if (i >= 0 && static_cast<size_t>(i) < values.size() && types[static_cast<size_t>(i)])
            values[static_cast<size_t>(i)] = g.add_input(*types[static_cast<size_t>(i)], {});
      return true;
    }
    std::vector<Value> in;
    if (o.inputs())
      for (int32_t i : *o.inputs()) {
        if (i == -1) {
          in.push_back({});
          continue;
        }
        if (i < 0 || static_cast<size_t>(i) >= values.size()) return problem(where, "operand tensor {} does not exist", i), false;
        if (!values[static_cast<size_t>(i)]) {
          values[static_cast<size_t>(i)] = empty_constant(g, types[static_cast<size_t>(i)], name_of(static_cast<size_t>(i)));
          if (!values[static_cast<size_t>(i)])
            return problem(where, "operand tensor {} '{}' is read before it is computed", i, name_of(static_cast<size_t>(i))), false;
        }
        in.push_back(values[static_cast<size_t>(i)]);
      }
    if (op->is(Effect)) {
      if (!token) {
        auto start = g.add<EffectStart>({});
        if (!start) return false;
        token = {*start, 0};
      }
      in.push_back(token);
    }
    auto p = op->attrs->make();
    auto fields = op->attrs->fields(p.get());
    if (custom) {
      static_cast<Custom::Attrs*>(p.get())->custom_code = code->custom_code() ? code->custom_code()->str() : "";
      if (o.large_custom_options_offset() > 1) return problem(where, "custom options outside the flatbuffer are not supported"), false;
      if (o.custom_options()) static_cast<Custom::Attrs*>(p.get())->custom_options.data.assign(o.custom_options()->begin(), o.custom_options()->end());
      if (o.outputs())
        for (int32_t i : *o.outputs())
          if (i >= 0 && static_cast<size_t>(i) < types.size() && types[static_cast<size_t>(i)])
            static_cast<Custom::Attrs*>(p.get())->types.push_back(static_cast<int64_t>(types[static_cast<size_t>(i)]->dtype));
    } else if (!op->tflite.options.empty()) {
      const auto want = options_type(op->tflite.options);
      const bool there = want.second_union ? static_cast<int>(o.builtin_options_2_type()) == want.type && o.builtin_options_2()
                                           : static_cast<int>(o.builtin_options_type()) == want.type && o.builtin_options();
      if (there) {
        const auto* table = static_cast<const flatbuffers::Table*>(want.second_union ? o.builtin_options_2() : o.builtin_options());
        if (auto r = read_options(*table, op->tflite.options, fields); !r) return problem(where, "{}", r.error()[0].what), false;
        if (auto r = add_last_operand(g, *op, *table, in); !r) return problem(where, "{}", r.error()[0].what), false;
      }
    }
    // Operators whose operands do not tell the result's type carry it as an attribute. LiteRT's CAST goes by its tensors.
    const auto tensor_of = [&](const auto* list) -> const TensorType* {
      if (!list || !list->size() || list->Get(0) < 0 || static_cast<size_t>(list->Get(0)) >= types.size()) return nullptr;
      const auto& type = types[static_cast<size_t>(list->Get(0))];
      return type ? &*type : nullptr;
    };
    const TensorType *x = tensor_of(o.inputs()), *y = tensor_of(o.outputs());
    for (const auto& f : fields) {
      if (y && (f.name == "result_dtype" || f.name == "out_data_type")) *static_cast<DType*>(f.p) = y->dtype;
      if (x && f.name == "in_data_type") *static_cast<DType*>(f.p) = x->dtype;
      if (y && f.name == "result_type") *static_cast<std::string*>(f.p) = TensorType{y->dtype, y->shape, nullptr}.str();
    }
    const std::string first = o.outputs() && o.outputs()->size() && o.outputs()->Get(0) >= 0 && static_cast<size_t>(o.outputs()->Get(0)) < values.size()
                                  ? name_of(static_cast<size_t>(o.outputs()->Get(0)))
                                  : std::string{};
    auto id = g.add(*op, fields.empty() ? Attrs{} : Attrs(*op->attrs, std::move(p)), std::move(in), {}, module_.origins->source(first, builtin_text));
    if (!id) {
      for (Diag& d : id.error()) problem(where, "{}", d.what);
      return false;
    }
    const size_t results = g[*id].outputs.size() - (op->is(Effect) ? 1 : 0);
    const size_t listed = o.outputs() ? o.outputs()->size() : 0;
    if (listed > results) return problem(where, "{} has {} results, the file lists {}", op->name, results, listed), false;
    for (uint32_t k = 0; k < listed; ++k) {
      const int32_t i = o.outputs()->Get(k);
      if (i == -1) continue;
      if (i < 0 || static_cast<size_t>(i) >= values.size()) return problem(where, "result tensor {} does not exist", i), false;
      const auto t = static_cast<size_t>(i);
      if (values[t]) return problem(where, "result tensor {} '{}' is computed twice", i, name_of(t)), false;
      Result& r = g.result({*id, k});
      // An elementwise result has the operands' type; where the file calls it another, LiteRT overrules the file.
      const auto as_computed = [&] { return static_cast<fb::TensorType>(tensor_type(r.type.dtype)); };
      if (r.type.dtype != types[t]->dtype &&
          !(op->is(Elementwise) && bad_quantization(*sub.tensors()->Get(static_cast<flatbuffers::uoffset_t>(t)), as_computed()).empty()))
        return problem(where, "{} gives {}, tensor {} is {}", op->name, name(r.type.dtype), i, name(types[t]->dtype)), false;
      // Inference knows better than the file, whose shapes may be those of one run.
      r.type.quant = types[t]->quant;
      r.name = name_of(t);
      values[t] = {*id, k};
    }
    if (op->is(Effect)) token = {*id, static_cast<uint32_t>(results)};
    return true;
  }

  void signatures() {
    if (!model_.signature_defs()) return;
    for (const auto* s : *model_.signature_defs()) {
      Signature sig;
      sig.key = s->signature_key() ? s->signature_key()->str() : "";
      sig.graph = s->subgraph_index();
      if (sig.graph >= module_.graphs.size()) {
        problem("signature " + sig.key, "subgraph {} does not exist", sig.graph);
        return;
      }
      const auto* sub = model_.subgraphs()->Get(sig.graph);
      const auto collect = [&](const auto* maps, const auto* list, auto& into) {
        if (!maps) return;
        for (const auto* m : *maps) {
          const int32_t tensor = static_cast<int32_t>(m->tensor_index());
          uint32_t at = 0;
          bool found = false;
          if (list)
            for (; at < list->size(); ++at)
              if (list->Get(at) == tensor) {
                found = true;
                break;
              }
          if (found) into.push_back({m->name() ? m->name()->str() : "", at});
          else problem("signature " + sig.key, "tensor {} is neither an input nor an output", tensor);
        }
      };
      collect(s->inputs(), sub->inputs(), sig.inputs);
      collect(s->outputs(), sub->outputs(), sig.outputs);
      module_.signatures.push_back(std::move(sig));
    }
  }

  void metadata() {
    if (!model_.metadata()) return;
    for (const auto* m : *model_.metadata()) {
      if (!m->name() || !model_.buffers() || m->buffer() >= model_.buffers()->size()) {
        problem("metadata", "buffer {} does not exist", m->buffer());
        return;
      }
      Bytes b;
      if (const auto d = data_of(m->buffer(), "metadata")) b.data.assign(d->begin(), d->end());
      module_.metadata.emplace_back(m->name()->str(), std::move(b));
    }
  }
};

}  // namespace

bool is_tflite(std::string_view b) { return b.size() >= 8 && b.substr(4, 4) == fb::ModelIdentifier(); }

Expected<Module> read_tflite(std::shared_ptr<const void> owner, std::string_view bytes, TfliteTensors* tensors) {
  if (!is_tflite(bytes)) return diag("TN1101", "not a .tflite file: the identifier TFL3 is missing");
  // The flatbuffer itself lies within 2 GB; what buffers keep outside is checked where it is read.
  const size_t flatbuffer = std::min<size_t>(bytes.size(), FLATBUFFERS_MAX_BUFFER_SIZE - 1);
  flatbuffers::Verifier verifier(reinterpret_cast<const uint8_t*>(bytes.data()), flatbuffer, 64, 10'000'000);
  if (!fb::VerifyModelBuffer(verifier)) return diag("TN1101", "the .tflite file is damaged: its flatbuffer is not consistent");
  return Reader(std::move(owner), bytes, tensors).run();
}

Expected<Module> read_tflite_file(const std::string& path) {
  TRY(auto file, map_file(path));
  return read_tflite(file, file->bytes());
}

}  // namespace toucanet
