#pragma once
// Which kernel ran each operator, how long, and what kept it from being faster.
#include "runtime/model_runner.h"

namespace toucanet {

struct ProfileRow {
  std::string op;                         ///< "CONV_2D"
  std::string tensor;                     ///< the first result's name
  std::string node;                       ///< of the user's model, where it is known
  std::string kernel;                     ///< "conv_2d_f32.avx512", "softmax.plain"
  double microseconds = 0;                ///< median
  int64_t operations = 0;                 ///< 2 · multiply-accumulates; 0: not counted
  std::string peak_family = {};           ///< "float32", "int8": the peak that `share` is of; empty: none
  double share = 0;                       ///< of the measured peak, 0 to 1
  std::vector<std::string> why_not = {};  ///< faster
};

struct Peaks {
  double f32 = 0, i8 = 0;  ///< operations a second of one thread, measured on data in the nearest cache
};
/// Takes about 20 ms.
Peaks measure_peaks();

/// Runs the allocated, filled model `runs` times.
Expected<std::vector<ProfileRow>> profile(ModelRunner&, int runs, const Peaks&);

}  // namespace toucanet
