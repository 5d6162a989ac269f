#pragma once
// What `toucanet quantize` writes beside a model: where each range came from.
#include <map>
#include <optional>
#include <string>

#include "diag/diag.h"
#include "quantize/parameters.h"

namespace toucanet {

struct QuantizationRecord {
  struct Row {
    std::string source;
    std::optional<MinMax> range;
    std::vector<float> scale;
  };
  std::multimap<std::string, Row> tensors;    ///< by name in the float model
  std::map<std::string, std::string> floats;  ///< node → why it stayed in floats
  uint64_t samples = 0;                       ///< of the calibration; 0: none
  std::string fingerprint;                    ///< of the float model that was calibrated; empty: unknown
};

/// TN1001 if it cannot be read, TN8007 if it is no such record.
Expected<QuantizationRecord> read_quantization_record(const std::string& path);
/// The record beside a model: M.quantization.json for M.tflite; empty where there is none.
std::string quantization_record_of(const std::string& model_path);

}  // namespace toucanet
