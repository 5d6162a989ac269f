#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/text_format.h>

#include "import/graphdef/graph_def.h"
#include "tensorflow.pb.h"

namespace toucanet {
namespace {
struct Errors : google::protobuf::io::ErrorCollector {
  Diags found;
  void AddError(int line, google::protobuf::io::ColumnNumber column, const std::string& message) override {
    if (found.size() < 20) found.push_back(diag("TN1003", "line {}, column {}: {}", line + 1, column + 1, message));
  }
};
}  // namespace

Expected<std::string> text_to_binary(std::string_view text) {
  tf::GraphDef graph;
  Errors errors;
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&errors);
  if (!parser.ParseFromString(std::string(text), &graph)) {
    if (errors.found.empty()) errors.found.push_back(diag("TN1003", "the text is not a GraphDef"));
    return std::move(errors.found);
  }
  return graph.SerializeAsString();
}

}  // namespace toucanet
