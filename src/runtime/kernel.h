#pragma once
// A kernel: a faster way to run some uses of an operator. It is chosen once, when a plan is made; what it needs is
// proved and packed then, so that running cannot fail.
#include <memory>
#include <string>

#include "ir/graph.h"
#include "runtime/threads.h"

namespace toucanet {

/// One use of an operator, with every type and shape known. Data is there only where constant(i).
struct KernelUse {
  const Node& node;
  std::span<const Tensor* const> in;  ///< nullptr: absent
  std::span<Tensor* const> out;
  const std::vector<bool>& constants;
  Rounding rounding = Rounding::Reference;

  bool has(size_t i) const { return i < in.size() && in[i]; }
  bool constant(size_t i) const { return has(i) && constants[i]; }
  template <class Op>
  const typename Op::Attrs& attrs() const {
    return node.attrs.as<typename Op::Attrs>();
  }
};

/// What a kernel prepared for one use: packed weights, multipliers, sizes.
struct KernelState {
  virtual ~KernelState() = default;
};

struct KernelPlan : KernelUse {
  size_t threads = 1;
  size_t scratch = 0;                         ///< bytes wanted for each thread, 64-byte aligned
  size_t shared = 0;                          ///< bytes wanted by all threads together, 64-byte aligned
  std::vector<size_t> packed = {};            ///< operands whose data is not read when running
  std::string_view isa = "scalar";            ///< of the machine code chosen
  std::vector<std::string> passed_over = {};  ///< why not a faster one
};

struct KernelRun {
  std::span<const Tensor* const> in;
  std::span<Tensor* const> out;
  std::byte* memory = nullptr;  ///< what all threads share, then the scratch of each
  size_t shared_bytes = 0, scratch_bytes = 0;
  Threads& threads;

  template <class T>
  const T* input(size_t i) const {
    return reinterpret_cast<const T*>(in[i]->raw());
  }
  template <class T>
  T* output(size_t i = 0) const {
    return reinterpret_cast<T*>(out[i]->raw_mutable());
  }
  std::byte* shared() const { return memory; }
  std::byte* scratch(size_t thread) const { return memory + shared_bytes + thread * scratch_bytes; }
};

struct Kernel {
  std::string_view name;  ///< "conv_2d_f32"
  /// Empty, or the precondition that fails, with its value.
  std::string (*refuses)(const KernelUse&);
  std::unique_ptr<KernelState> (*plan)(KernelPlan&) = nullptr;
  void (*run)(const KernelState*, KernelRun&) noexcept;
  uint32_t in_place = 0;  ///< bit i: the first result may lie where operand i lies
};

}  // namespace toucanet
