#include "quantize/quantization_record.h"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "import/file.h"

namespace toucanet {

Expected<QuantizationRecord> read_quantization_record(const std::string& path) {
  using nlohmann::json;
  TRY(const auto file, map_file(path));
  const json j = json::parse(file->bytes(), nullptr, false);
  const auto no = [&](std::string_view why) { return diag("TN8007", "'{}' is no record of a quantisation: {}", path, why); };
  if (!j.is_object()) return no("it is no JSON object");
  QuantizationRecord r;
  try {
    for (const json& row : j.value("ranges", json::array())) {
      QuantizationRecord::Row t;
      t.source = row.at("source").get<std::string>();
      t.scale = row.at("scale").get<std::vector<float>>();
      if (row.contains("range")) t.range = MinMax{row["range"].at(0).get<double>(), row["range"].at(1).get<double>()};
      r.tensors.emplace(row.at("tensor").get<std::string>(), std::move(t));
    }
    for (const json& row : j.value("float_operators", json::array())) r.floats[row.at("node").get<std::string>()] = row.at("reason").get<std::string>();
    const json calibration = j.value("calibration", json::object());
    if (calibration.is_object()) {
      r.samples = calibration.value("samples", uint64_t{0});
      r.fingerprint = calibration.value("fingerprint", "");
    }
  } catch (const json::exception& e) {
    return no(e.what());
  }
  return r;
}

std::string quantization_record_of(const std::string& model_path) {
  std::filesystem::path beside = model_path;
  std::error_code e;
  beside.replace_extension(".quantization.json");
  return std::filesystem::is_regular_file(beside, e) ? beside.string() : std::string{};
}

}  // namespace toucanet
