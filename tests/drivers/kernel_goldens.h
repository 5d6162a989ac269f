#pragma once
// Single-operator .tflite files with LiteRT's answers, recorded by tests/oracle/record_kernel_goldens.py, which says how.
#include <cstdint>
#include <string>
#include <vector>

#include "ir/tensor.h"

namespace toucanet {

struct KernelGolden {
  std::string op, name, types;
  std::string resolver;  ///< which of LiteRT's sets of kernels answered: ref, opt or xnn
  std::string model;     ///< the .tflite file
  std::string refusal;   ///< not empty: LiteRT does not run it, there are no outputs
  std::vector<Tensor> inputs, outputs;
  std::vector<double> bounds;  ///< per output: the largest difference of finite elements; 0 for integers
};

/// Every golden of tests/oracle/kernel_goldens, by operator; a file that cannot be read fails the test that asks.
std::vector<KernelGolden> load_kernel_goldens();

/// Empty, or how `got` differs: integers bit for bit, floats within the bound, NaN and infinities in the same places.
std::string differs_from_golden(const Tensor& want, const Tensor& got, double bound);

}  // namespace toucanet
