#pragma once
#include <nlohmann/json.hpp>

#include "cli/verbs.h"
#include "pipeline/convert.h"

namespace toucanet::cli {

nlohmann::ordered_json json_of(const Diag&);
nlohmann::ordered_json json_of(const Diags&);
/// Everything that the text says of a conversion.
nlohmann::ordered_json json_of(const Converted&);
/// TensorFlow node → tensors of the file, tensor → TensorFlow nodes and rewrites.
nlohmann::ordered_json provenance(const Converted&);
/// {"recipe", "calibration", "ranges", "float_operators"}: what is printed, and written beside the model.
nlohmann::ordered_json quantization_json(const Recipe&, const Observations&, const Quantized&);
/// "f32 [1,224,224,3]", unknown dimensions as -1.
std::string describe(const TensorType&);
std::string bytes_text(size_t);
/// Tells problems, as JSON too where that is asked for; the exit code.
int report_failure(const Diags&, const Terminal&);
/// What a verb returns for these problems: Usage before Unsupported before ConversionFailed.
int exit_code(const Diags&);

}  // namespace toucanet::cli
