#pragma once
#include "diag/diag.h"
#include "tflite_generated.h"

namespace toucanet {

/// What can be said of a file without knowing its operators: TN1103 quantisation that does not fit, inputs listed twice;
/// TN1105 subgraphs that call themselves; TN1106 what the format can hold and this reader not; TN1107 versions of
/// operators beyond the known ones, all at once.
Diags check_model(const fb::Model&);

/// Empty, or what is wrong with a tensor's scales and zero points, were it of this type.
std::string bad_quantization(const fb::Tensor&, fb::TensorType);

/// Wherever they lie: a file need not align them, and the verifier does not ask.
std::vector<int64_t> zero_points_of(const fb::QuantizationParameters&);

/// The subgraphs, each after those it calls. Only of a model that check_model() accepts.
std::vector<uint32_t> callees_first(const fb::Model&);

}  // namespace toucanet
