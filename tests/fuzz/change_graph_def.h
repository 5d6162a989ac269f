#pragma once
// Changes of a GraphDef that leave it a message: operators, edges, attributes, constants, functions.
#include <cmath>
#include <cstring>
#include <random>

#include "import/graphdef/graph_def.h"
#include "ir/op_def.h"
#include "tensorflow.pb.h"

namespace toucanet {

/// The message of a binary or text GraphDef; false if it is neither.
inline bool parse_message(std::string_view bytes, tf::GraphDef& g) {
  if (g.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return true;
  const auto binary = text_to_binary(bytes);
  return binary && g.ParseFromString(*binary);
}

class GraphChanges {
  tf::GraphDef& g_;
  std::mt19937 random_;
  using Nodes = google::protobuf::RepeatedPtrField<tf::NodeDef>;

  int pick(int n) { return static_cast<int>(random_() % static_cast<unsigned>(std::max(1, n))); }
  template <class T>
  T one_of(std::initializer_list<T> values) {
    return values.begin()[pick(static_cast<int>(values.size()))];
  }
  int64_t small() { return static_cast<int64_t>(random_() % 11) - 3; }
  int64_t size() { return pick(8) ? static_cast<int64_t>(random_() % 9) - 1 : one_of<int64_t>({100, 1000, 1 << 20, INT32_MAX, INT64_MAX, INT64_MIN}); }
  tf::FunctionDef* function() { return g_.library().function_size() ? g_.mutable_library()->mutable_function(pick(g_.library().function_size())) : nullptr; }

  std::string any_op() {
    const auto ops = importable_tf_ops();
    switch (pick(12)) {
      case 0:
        return one_of<const char*>({"Switch", "Merge", "Placeholder", "PlaceholderWithDefault", "Const", "Enter", "NextIteration", "Exit", "PartitionedCall",
                                    "NoOp", "Custom", "VariableV2"});
      case 1:
        if (const auto* f = function()) return f->signature().name();
        [[fallthrough]];
      default: return std::string(ops[random_() % ops.size()]);
    }
  }

  std::string edge(const Nodes& nodes) {
    const std::string name = nodes[pick(nodes.size())].name();
    switch (pick(10)) {
      case 0: return fmt::format("{}:{}", name, one_of({1, 2, 3, 7, 65535, 65536}));
      case 1: return "^" + name;
      case 2: return fmt::format("{}:{}:{}", name, one_of<const char*>({"output", "values", "y", "r"}), pick(3));
      default: return name;
    }
  }

  void change(tf::TensorProto& t) {
    switch (pick(6)) {
      case 0: {
        std::string bytes = t.tensor_content();
        if (bytes.size() < 4) break;
        const auto word = static_cast<int32_t>(small());
        std::memcpy(bytes.data() + random_() % (bytes.size() / 4) * 4, &word, 4);
        t.set_tensor_content(bytes);
        return;
      }
      case 1: {
        std::string bytes = t.tensor_content();
        bytes.resize(bytes.empty() ? 0 : random_() % bytes.size());
        t.set_tensor_content(bytes);
        return;
      }
      case 2:
        if (!t.int_val_size()) break;
        t.set_int_val(pick(t.int_val_size()), static_cast<int>(small()));
        return;
      case 3: return t.set_dtype(static_cast<tf::DataType>(1 + pick(30)));
      case 4: return t.add_int_val(static_cast<int>(small()));
      default: break;
    }
    auto& shape = *t.mutable_tensor_shape();
    if (!shape.dim_size() || pick(4) == 0) shape.add_dim();
    shape.mutable_dim(pick(shape.dim_size()))->set_size(size());
  }

  void change(tf::AttrValue& a) {
    switch (a.value_case()) {
      case tf::AttrValue::kI: return a.set_i(small());
      case tf::AttrValue::kF: return a.set_f(one_of({0.0f, 1.0f, -1.0f, 1e-30f, 1e30f, NAN, INFINITY}));
      case tf::AttrValue::kB: return a.set_b(!a.b());
      case tf::AttrValue::kS: return a.set_s(one_of<const char*>({"", "SAME", "VALID", "EXPLICIT", "NHWC", "NCHW", "REFLECT", "SYMMETRIC", "int32"}));
      case tf::AttrValue::kType: return a.set_type(static_cast<tf::DataType>(1 + pick(23)));
      case tf::AttrValue::kShape: {
        auto& s = *a.mutable_shape();
        if (pick(8) == 0) return s.set_unknown_rank(!s.unknown_rank());
        if (!s.dim_size() || pick(8) == 0) s.add_dim();
        return s.mutable_dim(pick(s.dim_size()))->set_size(size());
      }
      case tf::AttrValue::kTensor: return change(*a.mutable_tensor());
      case tf::AttrValue::kList: {
        auto& l = *a.mutable_list();
        if (pick(8) == 0) return l.Clear();
        if (pick(6) == 0) return l.add_i(small());
        if (pick(4) == 0) {
          if (l.i_size()) l.mutable_i()->RemoveLast();
          if (l.f_size()) l.mutable_f()->RemoveLast();
          if (l.type_size()) l.mutable_type()->RemoveLast();
          if (l.shape_size()) l.mutable_shape()->RemoveLast();
          return;
        }
        if (l.i_size()) return l.set_i(pick(l.i_size()), size());
        if (l.f_size()) return l.set_f(pick(l.f_size()), static_cast<float>(small()));
        if (l.type_size()) return l.set_type(pick(l.type_size()), static_cast<tf::DataType>(1 + pick(23)));
        if (l.shape_size()) l.mutable_shape(pick(l.shape_size()))->add_dim()->set_size(size());
        return;
      }
      default: return a.set_i(small());
    }
  }

  void change(tf::FunctionDef& f) {
    auto& s = *f.mutable_signature();
    switch (pick(6)) {
      case 0: return void(s.add_output_arg()->set_name(one_of<const char*>({"r", "r2", "i"})));
      case 1: return s.output_arg_size() ? s.mutable_output_arg()->RemoveLast() : void();
      case 2: return s.input_arg_size() ? s.mutable_input_arg()->RemoveLast() : void();
      case 3: return f.mutable_ret()->clear();
      case 4: return s.set_name(g_.library().function(pick(g_.library().function_size())).signature().name());
      default:
        if (f.node_def_size()) (*f.mutable_ret())[s.output_arg_size() ? s.output_arg(pick(s.output_arg_size())).name() : "r"] = edge(f.node_def());
    }
  }

 public:
  GraphChanges(tf::GraphDef& g, unsigned seed) : g_(g), random_(seed) {}

  void operator()() {
    auto* f = pick(3) ? nullptr : function();
    if (f && pick(3) == 0) return change(*f);
    auto& nodes = f ? *f->mutable_node_def() : *g_.mutable_node();
    if (nodes.empty()) return;
    auto& n = *nodes.Mutable(pick(nodes.size()));
    switch (pick(10)) {
      case 0: return n.set_op(any_op());
      case 1: return n.input_size() ? n.set_input(pick(n.input_size()), edge(nodes)) : n.add_input(edge(nodes));
      case 2: return n.add_input(edge(nodes));
      case 3: {  // another node behind this one
        const tf::NodeDef like = nodes[pick(nodes.size())];
        auto& m = *nodes.Add();
        m.set_name(fmt::format("f{}", random_() % 100000));
        m.set_op(any_op());
        for (int i = 0, k = 1 + pick(3); i < k; ++i) m.add_input(edge(nodes));
        *m.mutable_attr() = like.attr();
        return;
      }
      case 4:
      case 5:
        if (!n.attr_size()) return;
        return change(std::next(n.mutable_attr()->begin(), pick(n.attr_size()))->second);
      case 6:
        if (!n.attr_size()) return;
        if (pick(2)) n.mutable_attr()->erase(n.attr().begin()->first);
        else n.mutable_attr()->begin()->second = n.attr().at(std::next(n.attr().begin(), pick(n.attr_size()))->first);
        return;
      case 7: return n.set_name(nodes[pick(nodes.size())].name());
      case 8: return g_.mutable_versions()->set_min_consumer(static_cast<int>(random_() & 0xffffff));
      default:
        if (n.input_size()) n.mutable_input()->RemoveLast();
    }
  }
};

}  // namespace toucanet
