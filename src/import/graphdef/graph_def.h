#pragma once
// A GraphDef as views into its bytes: nothing is copied, attributes are decoded when they are asked for.
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "diag/diag.h"
#include "ir/tensor.h"

namespace toucanet {

/// tensorflow.DataType → DType (reference types as their values); nullopt if it has none.
std::optional<DType> dtype_from_tf(int data_type);

/// tensorflow.AttrValue, undecoded.
struct AttrView {
  std::string_view bytes;
  enum class Kind : uint8_t { None, List = 1, S, I, F, B, Type, Shape, Tensor, Placeholder, Func };
  Kind kind() const;
  std::string_view s() const;
  int64_t i() const;
  float f() const;
  bool b() const;
  int type() const;
  toucanet::Shape shape() const;    ///< -1 becomes unknown
  std::string_view tensor() const;  ///< TensorProto
  std::string_view func() const;    ///< name of the function
  std::vector<int64_t> list_i() const;
  std::vector<float> list_f() const;
  std::vector<int> list_type() const;
  std::vector<std::string_view> list_s() const;
  std::vector<toucanet::Shape> list_shape() const;
};

struct NodeDef {
  std::string_view name, op;
  std::vector<std::string_view> inputs;
  std::vector<std::pair<std::string_view, AttrView>> attrs;
  const AttrView* attr(std::string_view key) const;
};

struct FunctionDef {
  struct Arg {
    std::string_view name, number_attr, type_list_attr;
  };
  std::string_view name;
  std::vector<Arg> inputs, outputs;
  std::vector<NodeDef> nodes;
  std::vector<std::pair<std::string_view, std::string_view>> rets;  ///< output argument → "node:out:k" or argument
};

struct GraphDef {
  std::shared_ptr<const void> owner;  ///< keeps the bytes alive
  std::vector<NodeDef> nodes;
  std::vector<FunctionDef> functions;
  int producer = 0;
};

/// Reads a binary or text GraphDef, told apart by content.
Expected<GraphDef> read_graph_def(std::shared_ptr<const void> owner, std::string_view bytes);
Expected<GraphDef> read_graph_def_file(const std::string& path);
/// Turns a text GraphDef into a binary one; a Diag with line and column if it does not parse.
Expected<std::string> text_to_binary(std::string_view text);

/// Decodes a TensorProto in any of its encodings; tensor_content stays where it is.
Expected<Tensor> read_tensor(std::string_view tensor_proto, std::shared_ptr<const void> owner);

}  // namespace toucanet
