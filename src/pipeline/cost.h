#pragma once
#include "ir/graph.h"

namespace toucanet {

struct Cost {
  int operators = 0;
  std::map<std::string, int> counts;
  size_t parameters = 0, parameter_bytes = 0;
  int64_t macs = 0;      ///< multiply-accumulates of one run
  bool complete = true;  ///< false where an unknown dimension was counted as 1
};
Cost cost_of(const Module&);

}  // namespace toucanet
