#pragma once
// The text form of modules: IR dump, test language and bug report in one. It round-trips.
//
//   graph main
//     %x = input "x" : f32[s0,3]
//     %w = const : f32[2,3] = [1, 2, 3, 4, 5, 6]
//     %y = fully_connected(%x, %w, _) {fused_activation_function=relu} : f32[s0,2] "dense" @dense/MatMul+dense/Relu
//     return %y "out"
//   signature "serving_default" graph0 inputs("x"=0) outputs("out"=0)
//
// A constant without values is filled with pseudo-random numbers that depend on its name alone.
#include "ir/graph.h"

namespace toucanet {

struct PrintOptions {
  bool origins = true;
  bool types = true;
  int64_t max_elements = -1;  ///< longer constants are printed as "…" (not readable again); -1: everything
};
std::string print(const Module&, const PrintOptions& = {});
/// One line, values by name.
std::string print_node(const Graph&, NodeId);
std::string print_nodes(const Graph&, const std::vector<NodeId>&);
std::string print_value(const Graph&, Value);

Expected<Module> parse_module(std::string_view text);

/// Checks structure, use-lists, arities, types against inference, effect tokens, outputs. All problems at once.
Status verify(const Module&);

}  // namespace toucanet
