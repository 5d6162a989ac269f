#pragma once
// Everything the system knows about one operator, in one aggregate, in one folder.
#include <span>
#include <string_view>

#include "diag/diag.h"
#include "ir/attrs.h"
#include "ir/tensor.h"
#include "ir/type.h"

namespace toucanet {

struct OpDef;
struct Kernel;
struct Module;
struct QuantRule;
class InferContext;
class EvalContext;
class TfNode;
struct Value;

enum class Stage : uint8_t { Import, Clean, Lower, Fuse, Quantize, Layout, Export };
std::string_view name(Stage);

enum Trait : uint32_t {
  None = 0,
  Elementwise = 1,  ///< output element i depends on input elements i alone (after broadcasting)
  Commutative = 2,  ///< in its first two operands
  Movement = 4,     ///< only moves or repeats elements of its first operand
  Effect = 8,       ///< takes and gives an effect token as last operand and last result
  Random = 16,      ///< not a function of its inputs alone
  Keep = 32,        ///< not removed when unused
  Wide = 64,        ///< computing in a wider integer type and narrowing the result gives the same
  ZeroSign = 128,   ///< −0 gives another number than 0, as 1/x does
};

/// What a TensorFlow op gives on floats narrower than float32, beside what it gives on the same values in float32.
enum class Narrow : uint8_t {
  Other,    ///< other numbers: it rounds on the way, in an order of its own
  Same,     ///< the same numbers
  Rounded,  ///< the same, rounded to the narrow type
};

/// A TensorFlow op that becomes this operator.
struct TfImport {
  std::string_view op;
  /// Adds nodes for the TensorFlow node and returns one value for each of its outputs.
  Expected<std::vector<Value>> (*from_tf)(TfNode&);
  /// Names of the output arguments, "values,indices", where there are several; functions refer to them.
  std::string_view outputs = {};
  Narrow narrow = Narrow::Other;
};

/// One use of an operator, as version and limit rules see it.
struct OpView {
  const Attrs& attrs;
  std::span<const TensorType* const> in;  ///< nullptr: absent
  std::span<const TensorType* const> out;
  DType type(size_t i) const { return i < in.size() && in[i] ? in[i]->dtype : DType::Token; }
  DType out_type(size_t i) const { return i < out.size() ? out[i]->dtype : DType::Token; }
  size_t rank(size_t i) const { return i < in.size() && in[i] && in[i]->shape.ranked() ? in[i]->shape.rank() : 0; }
};

/// Which of LiteRT's kernels an integer result is equal to, bit for bit, where it is not the reference kernel.
struct Truth {
  DTypes types;
  std::string_view resolver;  ///< "optimized"
  std::string_view reason;
};

/// How the operator is written in a .tflite file. Its operands are the builtin's operands in the builtin's
/// order, its attributes the fields of the options table, so that no operator needs a reader or a writer.
struct TfliteForm {
  std::string_view builtin = {};  ///< "CONV_2D"; empty: cannot be written
  std::string_view options = {};  ///< "Conv2DOptions"; empty: none
  DTypes types = {};              ///< what LiteRT's kernels take for operand `typed_operand`; empty: any
  DTypes quantized = {};          ///< stored types it takes where that operand is quantised
  DTypes hybrid = {};             ///< stored types of a quantised operand 1 next to a float one
  uint8_t typed_operand = 0;
  uint8_t max_rank = 8;                ///< of any operand
  std::string_view last_operand = {};  ///< an option, integers, that stands for the last operand in files that leave it out
  /// The lowest true version (facts: op_version.cc); nullptr: 1.
  int (*version)(const OpView&) = nullptr;
  /// Further limits: empty, or why LiteRT would not take it.
  std::string (*refuses)(const OpView&) = nullptr;
};

struct OpDef {
  std::string_view name;     ///< "conv_2d"
  std::string_view summary;  ///< one line
  uint32_t traits = None;
  std::string_view inputs;  ///< "input, filter, bias?" — '?' optional, "values..." any number; tokens are not listed
  std::string_view outputs = "output";
  const AttrOps* attrs = &attr_ops<NoAttrs>;
  std::span<const TfImport> import_tf = {};
  Status (*infer)(InferContext&) = nullptr;
  Status (*eval)(EvalContext&) = nullptr;
  /// TensorFlow Lite's semantics where they differ from TensorFlow's; nullptr: the same.
  Status (*eval_tflite)(EvalContext&) = nullptr;
  /// Where an operand or a result is quantised: integers in, integers out, TensorFlow Lite's arithmetic.
  /// nullptr: Movement moves stored values, others refuse.
  Status (*eval_quantized)(EvalContext&) = nullptr;
  /// The result of constant operands, to be computed when it is read; nullptr: always at once.
  Tensor (*eval_later)(std::span<const Tensor* const>) = nullptr;
  TfliteForm tflite = {};
  std::span<const Kernel* const> kernels = {};  ///< faster than eval, the first that accepts a use takes it
  std::span<const Truth> truth = {};
  const QuantRule* quant = nullptr;      ///< nullptr: stays in floats
  Stage legal_until = Stage::Export;     ///< must be gone after this stage
  Dim (*macs)(const OpView&) = nullptr;  ///< multiply-accumulates of one run; nullptr: none worth counting

  size_t min_inputs() const;
  size_t max_inputs() const;  ///< SIZE_MAX: any number
  bool is(Trait t) const { return (traits & t) != 0; }
};

constexpr OpDef with_trait(OpDef d, Trait t) {
  d.traits |= t;
  return d;
}
constexpr OpDef with_quant(OpDef d, const QuantRule& rule) {
  d.quant = &rule;
  return d;
}

/// Declares an operator without attributes.
#define TOUCANET_OP(Class)             \
  struct Class {                       \
    using Attrs = ::toucanet::NoAttrs; \
    static const OpDef def;            \
  }

/// All operators, sorted by name. Derived from the folders under src/ops.
std::span<const OpDef* const> all_ops();
const OpDef* find_op(std::string_view name);
/// The operator written as this builtin ("CONV_2D"), or nullptr.
const OpDef* find_builtin(std::string_view builtin);
const TfImport* find_tf_import(std::string_view tf_op);
/// TensorFlow ops that can be imported, sorted.
std::vector<std::string_view> importable_tf_ops();

}  // namespace toucanet
