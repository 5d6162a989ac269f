#pragma once
// A use of an operator as its plain evaluation sees it, for a kernel that asks for the same parameters.
#include "runtime/execute.h"
#include "runtime/kernel.h"

namespace toucanet {

/// Operands have data where they are constant, results have none.
class UseContext {
  Module module_;
  PlainExecutor executor_{module_, {.semantics = Semantics::TfLite}};
  EvalContext context_;

  static std::vector<Tensor> results(const KernelUse& u) {
    std::vector<Tensor> all;
    for (const Tensor* t : u.out) all.push_back(*t);
    return all;
  }

 public:
  explicit UseContext(const KernelUse& u) : context_(*u.node.op, u.node.attrs, {u.in.begin(), u.in.end()}, results(u), Semantics::TfLite, executor_) {}
  EvalContext& operator*() { return context_; }
};

}  // namespace toucanet
