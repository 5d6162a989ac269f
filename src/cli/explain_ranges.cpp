#include <cmath>
#include <iostream>

#include "cli/report.h"
#include "cli/verbs.h"
#include "import/file.h"
#include "import/tflite/read_tflite.h"
#include "quantize/calibration_file.h"
#include "quantize/fingerprint.h"
#include "quantize/range_report.h"
#include "quantize/stored_range.h"

namespace toucanet::cli {
namespace {
using nlohmann::ordered_json;

struct Arguments {
  std::string path, calibration, record, tensor;
  bool all = false;
  Terminal terminal;
};

struct Ranges {
  std::vector<RangeRow> rows;
  size_t left_out = 0;
  std::string record;  // that was read; empty: none
  uint64_t samples = 0;
};

// Floats are of interest where there are integers beside them, or something is known of them.
bool is_shown(const RangeRow& r, bool integers, const Arguments& a) {
  if (r.tensor.find(a.tensor) == std::string::npos) return false;
  return a.all || !a.tensor.empty() || r.quant || (!(r.interface && integers) && (r.range || integers));
}

Expected<Ranges> run(const Arguments& a) {
  TRY(const auto file, map_file(a.path));
  TRY(const Module m, read_tflite(file, file->bytes()));
  Ranges out;
  out.record = a.record.empty() ? quantization_record_of(a.path) : a.record;
  std::optional<QuantizationRecord> record;
  if (!out.record.empty()) {
    TRY(record, read_quantization_record(out.record));
  }
  std::optional<Observations> seen;
  if (!a.calibration.empty()) {
    TRY(seen, read_calibration(a.calibration));
    out.samples = seen->samples;
    if (record && !record->fingerprint.empty() && record->fingerprint != fmt::format("{:016x}", seen->source.fingerprint))
      return diag("TN8008", "'{}' was calibrated on another model than '{}' was quantised from", a.calibration, a.path)
          .note(fmt::format("by the record '{}'", out.record));
  }
  out.rows = range_report(m, {record ? &*record : nullptr, seen ? &*seen : nullptr});
  if (seen && std::none_of(out.rows.begin(), out.rows.end(), [](const RangeRow& r) { return r.kind == "activation" && !r.values.empty(); }))
    return diag("TN8008", "'{}' holds no tensor of '{}': it was calibrated on another model", a.calibration, a.path)
        .note("observations are matched by the names that tensors have in the float model");
  const bool integers = std::any_of(out.rows.begin(), out.rows.end(), [](const RangeRow& r) { return r.quant && r.kind == "activation"; });
  out.left_out = static_cast<size_t>(std::erase_if(out.rows, [&](const RangeRow& r) { return !is_shown(r, integers, a); }));
  return out;
}

MinMax drawn(const RangeRow& r) { return {r.values.front().low, r.values.back().high}; }

ordered_json json_of(const RangeRow& r) {
  ordered_json j{{"tensor", r.tensor}, {"node", r.node}, {"kind", r.kind}, {"dtype", tf_name(r.dtype)}};
  j["range"] = r.range ? ordered_json{r.range->min, r.range->max} : ordered_json(nullptr);
  if (r.quant) {
    j["scale"] = r.quant->scale, j["zero_point"] = r.quant->zero_point;
    if (r.quant->scale.size() > 1) j["axis"] = r.quant->axis;
  }
  j["source"] = r.source;
  if (r.clipped) j["clipped"] = *r.clipped;
  if (r.sqnr_db) j["sqnr_db"] = *r.sqnr_db, j["sqnr"] = r.kind == "activation" ? "of the values observed" : "expected from the scale";
  if (!r.values.empty()) j["histogram"] = {{"from", drawn(r).min}, {"to", drawn(r).max}, {"counts", columns(r.values, drawn(r), 64)}};
  return j;
}

std::string shortened(const std::string& s, size_t width) {
  if (s.size() <= width) return s;
  size_t from = s.size() - width + 1;
  while (from < s.size() && (static_cast<unsigned char>(s[from]) & 0xc0) == 0x80) ++from;
  return "…" + s.substr(from);
}

std::string range_text(const RangeRow& r) {
  if (!r.range) return "none";
  if (r.quant && r.quant->scale.size() > 1) return fmt::format("{} channels", r.quant->scale.size());
  return fmt::format("[{:.3g}, {:.3g}]", r.range->min, r.range->max);
}
std::string scale_text(const RangeRow& r) {
  if (!r.quant) return "";
  const auto [low, high] = std::minmax_element(r.quant->scale.begin(), r.quant->scale.end());
  return *low == *high ? fmt::format("{:.4g}", *low) : fmt::format("{:.2g}–{:.2g}", *low, *high);
}
std::string zero_text(const RangeRow& r) {
  if (!r.quant || r.quant->zero_point.empty()) return "";
  const auto& z = r.quant->zero_point;
  return std::all_of(z.begin(), z.end(), [&](int64_t x) { return x == z[0]; }) ? std::to_string(z[0]) : "several";
}
std::string source_text(const RangeRow& r) {
  std::string s = r.source;
  if (s.starts_with("shared along ")) s.resize(std::min(s.size(), s.rfind("': ") != s.npos ? s.rfind("': ") + 1 : s.find(':')));  // the whole is at its operand
  const size_t name = s.find('\'');
  const bool names_another = s.starts_with("same as ") || s.starts_with("shared along ") || s.starts_with("requantised for ");
  return names_another && name != s.npos ? s.substr(0, name + 1) + shortened(s.substr(name + 1), 28) : s;
}

void print(const std::vector<RangeRow>& rows) {
  size_t name = 6, range = 5, source = 6;
  for (const auto& r : rows) {
    name = std::max(name, std::min<size_t>(r.tensor.size(), 44));
    range = std::max(range, range_text(r).size());
    if (r.quant) source = std::max(source, source_text(r).size());
  }
  std::cout << fmt::format("{:<{}}  {:<{}}  {:>15}  {:>7}  {:<{}}  {:>8}  {:>7}  {}\n", "tensor", name, "range", range, "scale", "zero", "source", source,
                           "clipped", "SQNR", "values");
  for (const auto& r : rows) {
    const std::string drawing = r.values.empty() ? "" : blocks(columns(r.values, drawn(r), 18));
    std::string line = fmt::format("{:<{}}  {:<{}}  {:>15}  {:>7}  {:<{}}  {:>8}  {:>7}  {}", shortened(r.tensor, 44), name, range_text(r), range,
                                   scale_text(r), zero_text(r), source_text(r), source,
                                   r.clipped ? fmt::format("{:.2f} %", *r.clipped * 100)
                                   : r.quant ? "–"
                                             : "",
                                   r.sqnr_db ? fmt::format("{:.0f} dB", *r.sqnr_db)
                                   : r.quant ? "–"
                                             : "",
                                   drawing);
    line.erase(line.find_last_not_of(' ') + 1);
    std::cout << line << "\n";
  }
}

void say(const Ranges& r, const Arguments& a) {
  if (!r.record.empty()) a.terminal.say(fmt::format("record  {}", r.record));
  if (r.samples) a.terminal.say(fmt::format("values  observed in {} samples; of weights, as stored", r.samples));
  else if (!r.rows.empty()) a.terminal.say("values  of weights, as stored; --calib F.calib adds those of activations, what is clipped, and SQNR");
  if (r.rows.empty())
    a.terminal.say(a.tensor.empty() ? "ranges  none: the model is stored in floats" : fmt::format("ranges  no tensor's name holds '{}'", a.tensor));
  if (r.left_out && a.tensor.empty()) a.terminal.say(fmt::format("floats  {} tensors without a range; --all lists them", r.left_out));
}

}  // namespace

void add_explain_ranges(CLI::App& explain, int& code) {
  auto* verb = explain.add_subcommand("ranges", "How each tensor of a .tflite model is stored: range, scale, where they came from, what they cost");
  auto a = std::make_shared<Arguments>();
  verb->footer("Example: toucanet explain ranges mobilenet_int8.tflite --calib mobilenet.calib");
  verb->add_option("model", a->path, "a .tflite file, quantised by whatever program")->required()->check(CLI::ExistingFile);
  verb->add_option("--calib,--calibration", a->calibration, "observations of the float model, as toucanet calibrate writes them")->check(CLI::ExistingFile);
  verb->add_option("--record", a->record, "what toucanet quantize wrote beside the model (default: MODEL.quantization.json where it is there)")
      ->check(CLI::ExistingFile);
  verb->add_option("--tensor", a->tensor, "only tensors whose names hold this");
  verb->add_flag("--all", a->all, "also floats of which nothing is known");
  verb->add_flag("--json", a->terminal.json, "every scale, with the histograms, as JSON");
  verb->add_flag("--quiet,-q", a->terminal.quiet, "nothing but errors and the table");
  verb->callback([a, &code] {
    auto done = run(*a);
    if (!done) return void(code = report_failure(done.error(), a->terminal));
    say(*done, *a);
    if (a->terminal.json) {
      ordered_json rows = ordered_json::array();
      for (const auto& r : done->rows) rows.push_back(json_of(r));
      std::cout << ordered_json{{"ok", true}, {"record", done->record}, {"samples", done->samples}, {"tensors", rows}}.dump(2) << "\n";
    } else if (!done->rows.empty()) {
      print(done->rows);
    }
    code = Done;
  });
}

}  // namespace toucanet::cli
