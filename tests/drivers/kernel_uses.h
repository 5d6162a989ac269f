#pragma once
// Graphs of one operator that kernels take, for shapes around the widths of vectors.
#include <cstdint>
#include <string>
#include <vector>

namespace toucanet {

/// A graph of one operator, and how far a float result may lie from plain evaluation.
struct OneOperator {
  std::string text;
  uint32_t ulps = 0;   ///< units in the last place
  float distance = 0;  ///< or absolute
};

// Of floats that may be anything, NaN and infinities among them.
std::vector<OneOperator> unary_floats();
std::vector<OneOperator> binaries();
std::vector<OneOperator> quantizations();
std::vector<OneOperator> chains();
// Of ordinary numbers.
std::vector<OneOperator> tables();
std::vector<OneOperator> windows();
std::vector<OneOperator> movements();
std::vector<OneOperator> images();
std::vector<OneOperator> products();
std::vector<OneOperator> matmuls();
std::vector<OneOperator> softmaxes();

}  // namespace toucanet
