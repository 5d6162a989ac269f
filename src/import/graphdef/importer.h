#pragma once
// A GraphDef on its way to a module: inputs and outputs, then node after node.
#include <unordered_map>

#include "import/graphdef/import_graph_def.h"
#include "import/graphdef/scopes.h"

namespace toucanet {

// Values that stand for no tensor.
inline constexpr Value poison{NodeId{}, 1};  // came from a node with a problem, already reported
inline constexpr Value dead{NodeId{}, 2};    // the side of a Switch that is never taken

struct Unsupported {
  std::vector<std::string> nodes;
  /// "MatMul 2: 'a/MatMul', and 1 more"
  std::string words(const std::string& op) const;
};

class Importer {
  const GraphDef& def_;
  const ImportOptions& options_;
  Imported result_;
  Diags problems_;
  Scopes scopes_;
  std::unordered_map<uint64_t, std::vector<Value>> values_;    // node → its results
  std::map<std::string, Unsupported> unsupported_, rounding_;  // rounding_: on the way, to a narrow float
  std::map<std::pair<uint64_t, uint32_t>, size_t> cuts_;       // tensor → input
  std::vector<Ref> cut_refs_;
  std::set<DType> narrowed_;
  std::unordered_map<std::string_view, uint32_t> results_read_;  // node → how many of its results are read
  int symbols_ = 0;
  bool chosen_ = false;   // a conditional was found to take one branch always
  bool probing_ = false;  // looking at what lies before inner inputs
  int64_t spelled_out_ = 0;

 public:
  Importer(const GraphDef& d, const ImportOptions& o) : def_(d), options_(o), scopes_(d, problems_) {}
  Expected<Imported> run();

 private:
  Graph& graph() { return result_.module.main(); }
  const NodeDef& node(Ref r) const { return scopes_.node(r); }
  std::string full_name(Ref r) const { return scopes_.full_name(r); }
  void notice(std::string code, std::string what) { result_.notices.push_back({std::move(code), std::move(what)}); }

  std::optional<Ref> find_tensor(std::string_view name, std::string_view role);
  void find_inputs_and_outputs(std::vector<Ref>& outputs, std::vector<std::string>& names);
  std::vector<Ref> reach(const std::vector<Ref>& roots, bool controls = false) {
    return scopes_.reach(
        roots,
        [this](Ref r) {
          return cuts_.count({r.key(), r.slot}) > 0;
        },
        controls);
  }
  void count_control_flow(const std::vector<Ref>& outputs);
  void make_inputs();
  TensorType input_type(Ref, const InputSpec&);
  Shape with_symbols(Shape);
  Value add_border_input(const TensorType&, const std::string& name, Ref);
  std::vector<Ref> import_needed(std::vector<Ref>& outputs, const std::vector<std::string>& names);
  void import_node(Ref);
  void import_const(Ref);
  void import_placeholder(Ref);
  struct Operands {
    std::vector<Value> values;
    bool bad = false, dead = false;  // one of them is
  };
  Operands operands_of(Ref);
  std::vector<Value> import_by_rule(Ref, const TfImport&, const std::vector<Value>& in, OriginId);
  void name_results(Ref, std::vector<Value>&, uint32_t first_new, OriginId);
  void round_results(Ref, Narrow, std::vector<Value>& out);
  void missing_result(Ref, std::string_view as, const std::string& reader);
  bool choose_branch(Ref, Value condition);
  std::optional<std::vector<Value>> control_flow(Ref, const std::vector<Value>& in);
  std::vector<Value> custom(Ref, std::vector<Value> in);
  Value value_of(Ref);
  Diag rounding_problem() const;
  void report_pruned(const std::vector<Ref>& needed);
  DType declared_type(Ref);
  DType type_of_readers(Ref);
};

inline bool is_placeholder(std::string_view op) { return op == "Placeholder" || op == "PlaceholderV2" || op == "LegacyFedInput"; }

}  // namespace toucanet
