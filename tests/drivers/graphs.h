#pragma once
// GraphDefs for tests, built node by node.
#include <gtest/gtest.h>

#include "pipeline/convert.h"
#include "tensorflow.pb.h"

namespace toucanet {

class GraphMaker {
  tf::GraphDef def_;

 public:
  tf::GraphDef& def() { return def_; }
  tf::NodeDef& node(const std::string& name, const std::string& op, const std::vector<std::string>& inputs = {}) {
    return fill(*def_.add_node(), name, op, inputs);
  }
  static tf::NodeDef& fill(tf::NodeDef& n, const std::string& name, const std::string& op, const std::vector<std::string>& inputs = {}) {
    n.set_name(name);
    n.set_op(op);
    for (const auto& i : inputs) n.add_input(i);
    return n;
  }
  tf::NodeDef& placeholder(const std::string& name, const std::vector<int64_t>& dims, tf::DataType t = tf::DT_FLOAT) {
    auto& n = node(name, "Placeholder");
    (*n.mutable_attr())["dtype"].set_type(t);
    auto& shape = *(*n.mutable_attr())["shape"].mutable_shape();
    for (int64_t d : dims) shape.add_dim()->set_size(d);
    return n;
  }
  tf::TensorProto& constant(const std::string& name, const std::vector<int64_t>& dims, tf::DataType t = tf::DT_FLOAT) {
    auto& n = node(name, "Const");
    (*n.mutable_attr())["dtype"].set_type(t);
    auto& p = *(*n.mutable_attr())["value"].mutable_tensor();
    p.set_dtype(t);
    p.mutable_tensor_shape();
    for (int64_t d : dims) p.mutable_tensor_shape()->add_dim()->set_size(d);
    return p;
  }
  static void ints(tf::NodeDef& n, const std::string& key, const std::vector<int64_t>& values) {
    auto& list = *(*n.mutable_attr())[key].mutable_list();
    for (int64_t v : values) list.add_i(v);
  }
  /// x → Conv2D → Relu "out", with every attribute.
  static GraphMaker small() {
    GraphMaker g;
    g.placeholder("x", {1, 4, 4, 2});
    g.constant("w", {2, 2, 2, 3}).add_float_val(0.5f);
    auto& conv = g.node("net/conv", "Conv2D", {"x", "w"});
    ints(conv, "strides", {1, 1, 1, 1});
    (*conv.mutable_attr())["padding"].set_s("SAME");
    (*conv.mutable_attr())["T"].set_type(tf::DT_FLOAT);
    g.node("out", "Relu", {"net/conv"});
    return g;
  }
};

inline Expected<Converted> convert_bytes(const std::string& bytes, const ConvertOptions& o = {}) {
  auto owner = std::make_shared<const std::string>(bytes);
  auto g = read_graph_def(owner, *owner);
  if (!g) return std::move(g.error());
  return convert(*g, o);
}
inline Expected<Converted> convert_graph(const tf::GraphDef& def, const ConvertOptions& o = {}) { return convert_bytes(def.SerializeAsString(), o); }

}  // namespace toucanet
