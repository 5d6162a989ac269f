#include "runtime/graph_runner.h"

#include <sys/mman.h>
#include <unistd.h>

#include <chrono>

#include "ir/limits.h"
#include "runtime/arena.h"

namespace toucanet {

struct GraphRunner::Planning {
  std::vector<std::shared_ptr<const Dims>> ints;  // partially known elements, by slot
  std::vector<uint32_t> alias;                    // slot whose memory this one takes, or itself
  std::vector<uint32_t> last_use;                 // step, by slot
  std::map<uint32_t, size_t> packed;              // constant slots: how many readers have a packed copy
};

GraphRunner::GraphRunner(const Module& m, uint32_t graph, PlainExecutor& e, RunnerOptions o)
    : module_(m), graph_(m.graphs[graph]), index_(graph), executor_(e), options_(o), order_(graph_.topological()) {
  first_slot_.resize(graph_.arena_size());
  uint32_t n = 0;
  for (size_t i = 0; i < first_slot_.size(); ++i) {
    first_slot_[i] = n;
    n += static_cast<uint32_t>(graph_[NodeId{static_cast<uint32_t>(i)}].outputs.size());
  }
  slots_.resize(n);
  kinds_.resize(n, Absent);
  for (Value v : graph_.inputs) {
    std::vector<int64_t> dims;
    for (const Dim& d : graph_.type(v).shape.dims()) dims.push_back(d.known() ? d.value() : 1);
    input_dims_.push_back(std::move(dims));
  }
}

void GraphRunner::set_input_dims(size_t input, std::vector<int64_t> dims) {
  if (input_dims_[input] == dims) return;
  input_dims_[input] = std::move(dims);
  planned_ = false;
}

// Types of a node's results from those of its operands; results that follow from constants alone become constants.
Status GraphRunner::infer_node(NodeId id, Planning& p) {
  const Node& n = graph_[id];
  std::vector<TensorType> types(n.inputs.size());
  std::vector<InferContext::In> views(n.inputs.size());
  std::vector<const Tensor*> operands(n.inputs.size());
  bool constant = !n.inputs.empty() && !n.op->is(Effect) && !n.op->is(Random) && !n.op->is(Keep);
  for (size_t i = 0; i < n.inputs.size(); ++i) {
    const Value v = n.inputs[i];
    if (!v) continue;
    const uint32_t s = slot(v);
    types[i] = kinds_[s] == Owned ? graph_.type(v) : slots_[s].type();
    if (kinds_[s] == Owned && !slots_[s].dims.empty()) types[i].shape = Shape::of(slots_[s].dims);
    views[i] = {&types[i], p.ints[s].get(), kinds_[s] == Constant ? &slots_[s] : nullptr};
    operands[i] = &slots_[s];
    constant = constant && kinds_[s] == Constant;
  }
  if (constant) {
    TRY(auto values, executor_.run_node(n, std::move(operands)));
    for (uint32_t k = 0; k < values.size(); ++k) {
      const uint32_t s = slot({id, k});
      p.ints[s] = small_ints(values[k]);
      slots_[s] = values[k].aligned();
      prepared_bytes_ += values[k].bytes();
      if (prepared_bytes_ > options_.arena_limit)
        return diag("TN3009", "the constants that '{}' computes need {} bytes, the limit is {}", graph_.name, prepared_bytes_, options_.arena_limit);
      kinds_[s] = Constant;
    }
    return ok();
  }
  InferContext infer(*n.op, n.attrs, std::move(views), &module_);
  CHECK_OK(run_infer(infer));
  for (uint32_t k = 0; k < infer.results().size(); ++k) {
    const auto& r = infer.results()[k];
    const uint32_t s = slot({id, k});
    p.ints[s] = r.ints;
    Tensor& t = slots_[s];
    t = Tensor{};
    t.dtype = r.type.dtype;
    kinds_[s] = Owned;
    if (r.type.shape.is_static() && byte_size(t.dtype)) {
      const auto dims = r.type.shape.to_vector();
      if (!limits::product(dims)) return diag("TN3004", "{}: a result has the shape [{}]", n.op->name, r.type.shape.str());
      t = Tensor::borrow(t.dtype, dims, nullptr);
      kinds_[s] = Static;
    }
    t.quant = n.outputs[k].type.quant;
  }
  return ok();
}

void GraphRunner::choose_kernel(Step& step, Planning& p) {
  const Node& n = graph_[step.node];
  if (options_.resolver == Resolver::Plain || step.dynamic) return;
  if (executor_.options().semantics == Semantics::TensorFlow && n.op->eval_tflite) return;  // kernels compute as TensorFlow Lite does
  std::vector<bool> constants;
  for (Value v : n.inputs) constants.push_back(v && kinds_[slot(v)] == Constant);
  const KernelUse use{n, step.in, step.out, constants, executor_.options().rounding};
  for (const Kernel* k : n.op->kernels) {
    if (std::string why = k->refuses(use); !why.empty()) {
      step.passed_over.push_back(fmt::format("{}: {}", k->name, why));
      continue;
    }
    step.kernel = k;
    step.passed_over.clear();  // what others need is of no interest
    if (k->plan) {
      KernelPlan plan{use};
      plan.threads = threads_->count();
      step.state = k->plan(plan);
      step.isa = plan.isa;
      step.scratch_bytes = (plan.scratch + 63) / 64 * 64;
      step.shared_bytes = (plan.shared + 63) / 64 * 64;
      step.passed_over = std::move(plan.passed_over);
      for (size_t i : plan.packed)
        if (i < n.inputs.size() && n.inputs[i]) ++p.packed[slot(n.inputs[i])], prepared_bytes_ += step.in[i]->bytes();
    }
    return;
  }
}

// Lifetimes, sharing of memory between an operand and a result, offsets, and where each tensor lies.
Status GraphRunner::place(Planning& p) {
  const uint32_t end = static_cast<uint32_t>(steps_.size());
  std::vector<uint32_t> first(slots_.size(), end);
  p.last_use.assign(slots_.size(), 0);
  p.alias.resize(slots_.size());
  for (uint32_t s = 0; s < slots_.size(); ++s) p.alias[s] = s;
  const auto live = [&](Value v, uint32_t step) {
    if (!v) return;
    first[slot(v)] = std::min(first[slot(v)], step);
    p.last_use[slot(v)] = std::max(p.last_use[slot(v)], step);
  };
  for (Value v : graph_.inputs) live(v, 0), live(v, end);
  for (const auto& o : graph_.outputs()) live(o.value, end);
  for (uint32_t i = 0; i < end; ++i) {
    const Node& n = graph_[steps_[i].node];
    for (Value v : n.inputs) live(v, i);
    for (uint32_t k = 0; k < n.outputs.size(); ++k) live({steps_[i].node, k}, i);
  }
  if (options_.preserve_all_tensors)
    for (uint32_t s = 0; s < slots_.size(); ++s) first[s] = 0, p.last_use[s] = end;
  else
    for (uint32_t i = 0; i < end; ++i) {
      const Step& step = steps_[i];
      const Node& n = graph_[step.node];
      if (step.dynamic || n.outputs.empty()) continue;
      const uint32_t result = slot({step.node, 0});
      const bool elementwise = !step.kernel && n.op->is(Elementwise);
      for (size_t k = 0; k < n.inputs.size(); ++k) {
        if (!n.inputs[k] || !(elementwise || (step.kernel && (step.kernel->in_place >> k & 1u)))) continue;
        const uint32_t operand = slot(n.inputs[k]);
        const uint32_t root = p.alias[operand];
        if (kinds_[operand] != Static || kinds_[result] != Static || p.last_use[root] != i || slots_[operand].bytes() != slots_[result].bytes()) continue;
        if (elementwise && (slots_[operand].dims != slots_[result].dims || byte_size(slots_[operand].dtype) != byte_size(slots_[result].dtype))) continue;
        if (std::count(n.inputs.begin(), n.inputs.end(), n.inputs[k]) != 1) continue;
        p.alias[result] = root;
        p.last_use[root] = std::max(p.last_use[root], p.last_use[result]);
        break;
      }
    }
  std::vector<Lifetime> lifetimes;
  std::vector<uint32_t> block(slots_.size(), UINT32_MAX);
  for (uint32_t s = 0; s < slots_.size(); ++s)
    if (kinds_[s] == Static && p.alias[s] == s && first[s] <= p.last_use[s]) {
      block[s] = static_cast<uint32_t>(lifetimes.size());
      lifetimes.push_back({slots_[s].bytes(), first[s], p.last_use[s]});
    }
  const size_t scratch_from = lifetimes.size();
  for (uint32_t i = 0; i < end; ++i) lifetimes.push_back({steps_[i].shared_bytes + steps_[i].scratch_bytes * threads_->count(), i, i, true});
  const Arena arena = plan_arena(lifetimes);
  if (arena.bytes + prepared_bytes_ > options_.arena_limit)
    return diag("TN3009", "the tensors of '{}' need {} bytes, the limit is {}", graph_.name, arena.bytes + prepared_bytes_, options_.arena_limit);
  arena_bytes_ = arena.tensor_bytes;
  memory_.reset(static_cast<std::byte*>(std::aligned_alloc(64, std::max<size_t>(1, (arena.bytes + 63) / 64) * 64)), [](std::byte* q) { std::free(q); });
  if (!memory_) return diag("TN3009", "the tensors of '{}' need {} bytes, which the system does not give", graph_.name, arena.bytes);
  for (uint32_t s = 0; s < slots_.size(); ++s)
    if (const uint32_t b = block[p.alias[s]]; kinds_[s] == Static && b != UINT32_MAX) slots_[s].bind(memory_.get() + arena.offsets[b]);
  for (uint32_t i = 0; i < end; ++i) steps_[i].scratch = memory_.get() + arena.offsets[scratch_from + i];
  return ok();
}

Status GraphRunner::plan(Threads& threads) {
  threads_ = &threads;
  planned_ = false;
  steps_.clear();
  prepared_bytes_ = 0;
  Planning p;
  p.ints.resize(slots_.size());
  for (size_t i = 0; i < graph_.inputs.size(); ++i) {
    const Value v = graph_.inputs[i];
    const TensorType& t = graph_.type(v);
    if (!limits::product(input_dims_[i])) return diag("TN3004", "input '{}' is too large", graph_.result(v).name);
    Tensor& x = slots_[slot(v)];
    const bool sized = byte_size(t.dtype) != 0;
    if (sized) x = Tensor::borrow(t.dtype, input_dims_[i], nullptr);
    else x.dtype = t.dtype, x.dims = input_dims_[i];
    x.quant = t.quant;
    kinds_[slot(v)] = sized ? Static : Owned;
  }
  Diags problems;
  for (NodeId id : order_) {
    const Node& n = graph_[id];
    if (n.is<Input>()) continue;
    if (n.is<Const>()) {
      Tensor& x = slots_[slot({id, 0})];
      x = n.constant->aligned();
      x.quant = n.outputs[0].type.quant;
      kinds_[slot({id, 0})] = Constant;
      p.ints[slot({id, 0})] = small_ints(x);
      continue;
    }
    if (auto s = infer_node(id, p); !s) {
      for (Diag& d : s.error())
        if (d.node.empty()) d.node = std::string(module_.origins->last(n.outputs.empty() ? OriginId{} : n.outputs[0].origin));
      return s;
    }
    if (!n.outputs.empty() && kinds_[slot({id, 0})] == Constant) continue;
    Step step;
    step.node = id;
    for (Value v : n.inputs) {
      step.in.push_back(v ? &slots_[slot(v)] : nullptr);
      step.dynamic = step.dynamic || (v && kinds_[slot(v)] == Owned);
    }
    for (uint32_t k = 0; k < n.outputs.size(); ++k) {
      step.out.push_back(&slots_[slot({id, k})]);
      step.dynamic = step.dynamic || kinds_[slot({id, k})] == Owned;
    }
    choose_kernel(step, p);
    steps_.push_back(std::move(step));
  }
  CHECK_OK(place(p));
  for (Step& step : steps_) {
    if (step.dynamic || step.kernel) continue;
    const Node& n = graph_[step.node];
    std::vector<Tensor> out;
    for (const Tensor* t : step.out) out.push_back(*t);
    step.context.emplace(*n.op, n.attrs, step.in, std::move(out), executor_.options().semantics, executor_);
  }
  release_packed(p);
  planned_ = true;
  return ok();
}

// Constants of which every reader has a packed copy are given up: a file's pages can be read again, folded ones computed again.
void GraphRunner::release_packed(const Planning& p) {
  if (options_.preserve_all_tensors) return;
  const auto page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
  for (NodeId id : order_) {
    const Node& n = graph_[id];
    for (uint32_t k = 0; k < n.outputs.size(); ++k) {
      const Value v{id, k};
      const auto found = p.packed.find(slot(v));
      if (found == p.packed.end() || found->second != n.outputs[k].uses.size()) continue;
      Tensor& t = slots_[slot(v)];
      if (!n.is<Const>()) {
        t = Tensor::borrow(t.dtype, t.dims, nullptr);
      } else if (options_.constants_are_mapped) {
        const auto from = (reinterpret_cast<uintptr_t>(t.raw()) + page - 1) / page * page,
                   to = (reinterpret_cast<uintptr_t>(t.raw()) + t.bytes()) / page * page;
        if (from < to) madvise(reinterpret_cast<void*>(from), to - from, MADV_DONTNEED);
      }
    }
  }
}

Status GraphRunner::run_dynamic(Step& step) {
  std::vector<const Tensor*> operands = step.in;
  std::vector<Tensor> copies;
  copies.reserve(operands.size());
  for (const Tensor*& t : operands)
    if (t && !t->is_aligned()) t = &copies.emplace_back(t->copy());
  TRY(auto results, executor_.run_node(graph_[step.node], std::move(operands)));
  size_t owned = arena_bytes_ + prepared_bytes_;
  for (size_t s = 0; s < slots_.size(); ++s)
    if (kinds_[s] == Owned) owned += slots_[s].bytes();
  for (const Tensor& r : results) owned += r.bytes();
  if (owned > executor_.options().memory_limit)
    return diag("TN3004", "the tensors of '{}' are beyond the memory limit of {} bytes", graph_.name, executor_.options().memory_limit);
  for (uint32_t k = 0; k < results.size(); ++k) {
    Tensor& to = *step.out[k];
    if (kinds_[slot({step.node, k})] == Owned) {
      to = std::move(results[k]);
    } else if (to.dims != results[k].dims) {
      return diag("TN3008", "{}: a result has the shape [{}], planned was [{}]", graph_[step.node].op->name, Shape::of(results[k].dims).str(),
                  Shape::of(to.dims).str());
    } else if (to.bytes()) {
      std::memcpy(to.raw_mutable(), results[k].raw(), to.bytes());
    }
  }
  return ok();
}

// An operator's own evaluation may write where it was told, or give a tensor of its own.
Status GraphRunner::run_plain(Step& step) {
  EvalContext& c = *step.context;
  const bool written = c.op().is(Elementwise);
  for (size_t k = 0; k < step.out.size(); ++k) {
    c.out(k) = *step.out[k];
    if (!written && c.out(k).bytes()) std::memset(c.out(k).raw_mutable(), 0, c.out(k).bytes());
  }
  CHECK_OK(executor_.evaluate(c));
  for (size_t k = 0; k < step.out.size(); ++k) {
    const Tensor& got = c.out(k);
    Tensor& to = *step.out[k];
    if (got.raw() == to.raw()) continue;
    if (got.dims != to.dims || got.bytes() != to.bytes())
      return diag("TN3008", "{}: a result has the shape [{}], planned was [{}]", c.op().name, Shape::of(got.dims).str(), Shape::of(to.dims).str());
    if (to.bytes()) std::memcpy(to.raw_mutable(), got.raw(), to.bytes());
    c.out(k) = to;
  }
  return ok();
}

Status GraphRunner::run(bool timed, const KeepGoing& keep_going) {
  using Clock = std::chrono::steady_clock;
  for (Step& step : steps_) {
    if (keep_going && !keep_going()) return diag("TN3005", "cancelled");
    const auto start = timed ? Clock::now() : Clock::time_point{};
    if (step.kernel) {
      KernelRun r{step.in, step.out, step.scratch, step.shared_bytes, step.scratch_bytes, *threads_};
      step.kernel->run(step.state.get(), r);
    } else if (auto s = step.dynamic ? run_dynamic(step) : run_plain(step); !s) {
      const Node& n = graph_[step.node];
      for (Diag& d : s.error())
        if (d.node.empty()) d.node = std::string(module_.origins->last(n.outputs.empty() ? OriginId{} : n.outputs[0].origin));
      return s;
    }
    if (observer_) CHECK_OK(observer_(step));
    if (timed) step.microseconds = std::chrono::duration<double, std::micro>(Clock::now() - start).count();
  }
  return ok();
}

Expected<std::vector<Tensor>> run_once(const Module& m, const std::vector<Tensor>& inputs, const ExecuteOptions& options, size_t threads) {
  const Graph& g = m.main();
  if (inputs.size() != g.inputs.size()) return diag("TN3006", "graph '{}' takes {} inputs, got {}", g.name, g.inputs.size(), inputs.size());
  PlainExecutor executor(m, options);
  Threads pool(threads);
  GraphRunner runner(m, 0, executor, {.arena_limit = options.memory_limit});
  for (size_t i = 0; i < inputs.size(); ++i) runner.set_input_dims(i, inputs[i].dims);
  CHECK_OK(runner.plan(pool));
  for (size_t i = 0; i < inputs.size(); ++i) {
    Tensor& to = runner.tensor(g.inputs[i]);
    if (!byte_size(to.dtype)) to = inputs[i];
    else if (to.bytes()) std::memcpy(to.raw_mutable(), inputs[i].raw(), to.bytes());
  }
  CHECK_OK(runner.run(false, options.keep_going));
  std::vector<Tensor> results;
  for (const auto& o : g.outputs()) results.push_back(runner.tensor(o.value).copy());
  return results;
}

}  // namespace toucanet
