#pragma once
// Conversion checks itself: the source under TensorFlow's semantics against the written file under TensorFlow Lite's.
#include <map>

#include "runtime/eval_context.h"

namespace toucanet {

struct VerifyOptions {
  int samples = 1;
  double seconds = 8;                    ///< budget; beyond it the rest is skipped and said
  int64_t max_macs = int64_t{20} << 30;  ///< of the source; beyond: skipped
  size_t max_bytes = size_t{6} << 30;    ///< of live tensors; beyond: skipped
  std::map<std::string, double> fixed;   ///< inputs held at a value (a keep probability at 1)
  std::map<std::string, Tensor> inputs;  ///< given data instead of random, by input name
  uint64_t seed = 7;
  Semantics source = Semantics::TensorFlow;  ///< under which the source is run
};

struct Verification {
  enum class Status : uint8_t { Skipped, Right, Wrong } status = Status::Skipped;
  double largest_difference = 0;
  double seconds = 0;
  int samples = 0;
  std::string reason;           ///< why it was skipped, what is wrong, or what is right in spite of a difference
  std::string tensor;           ///< the first diverging tensor, by its TensorFlow name
  std::string rewrite;          ///< the rewrite that made it
  std::string output;           ///< the output that differs
  bool kernels_differ = false;  ///< the source under TensorFlow Lite's semantics gives the file's numbers: not the conversion, the kernels differ
};

/// |d| ≤ 1e-4 + 1e-4·|reference| + 1e-6·max|finite reference|, NaN and infinities in the same places; integers equal.
/// Empty, or what differs. `largest` gets the largest difference of finite elements.
std::string compare(const Tensor& reference, const Tensor& got, double* largest);

/// TN6001, in the words of a status that is Wrong.
Diag numbers_differ(const Verification&);

/// `written` is the file read again; `module` the same with origins, to name the rewrite behind a difference.
Verification verify_numbers(const Module& source, const Module& written, const Module& module, const VerifyOptions&);

}  // namespace toucanet
