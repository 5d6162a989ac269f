#include <iostream>

#include "cli/quantize_arguments.h"
#include "cli/report.h"
#include "export/output_file.h"
#include "export/write_tflite.h"
#include "import/file.h"
#include "import/tflite/read_tflite.h"

namespace toucanet::cli {
namespace {
using nlohmann::ordered_json;

struct Arguments {
  std::string path, output;
  QuantizeArguments quantize;
  Terminal terminal;
};

Expected<ordered_json> run(const Arguments& a) {
  TRY(const Recipe recipe, a.quantize.recipe());
  TRY(auto file, map_file(a.path));
  TRY(Module m, read_tflite(file, file->bytes()));
  CHECK_OK(check_float(m));
  Observations seen;
  if (a.quantize.has_samples()) {
    TRY(seen, a.quantize.observe(m, a.terminal));
  }
  TRY(const Quantized done, quantize(m, recipe, seen));
  TRY(auto out, OutputFile::create(a.output));
  auto written = write_tflite(m, [&](const void* p, size_t n) { return out->write(p, n); });
  if (!written) {
    CHECK_OK(out->failure());
    return std::move(written.error());
  }
  const ordered_json report = quantization_json(recipe, seen, done);
  CHECK_OK(write_file(quantization_path(a.output), report.dump(1) + "\n"));
  CHECK_OK(out->commit());
  ordered_json j{{"ok", true},
                 {"output", a.output},
                 {"report", quantization_path(a.output)},
                 {"bytes_before", file->bytes().size()},
                 {"bytes", written->bytes},
                 {"samples", seen.samples}};
  j.update(report);
  return j;
}

void print(const ordered_json& j, const Arguments& a) {
  a.terminal.say(fmt::format("model   {} -> {}, {}{}", bytes_text(j["bytes_before"]), bytes_text(j["bytes"]), j["recipe"]["mode"].get<std::string>(),
                             j["samples"].get<uint64_t>() ? fmt::format(", {} samples", j["samples"].get<uint64_t>()) : ""));
  say_quantization(j, a.terminal);
  a.terminal.say("ranges  " + j["report"].get<std::string>() + ": the recipe, and where each range is from");
}

}  // namespace

void add_quantize(CLI::App& app, int& code) {
  auto* verb = app.add_subcommand("quantize", "Quantise a finished float .tflite model");
  auto a = std::make_shared<Arguments>();
  a->quantize.mode = "dynamic_range";
  verb->footer(
      "Example: toucanet quantize model.tflite -o small.tflite --mode dynamic_range\n         toucanet quantize model.tflite -o int8.tflite --mode int8 "
      "--calibration samples.npz");
  verb->add_option("model", a->path, "a float .tflite file")->required()->check(CLI::ExistingFile);
  verb->add_option("-o,--output", a->output, "the .tflite file to write")->required();
  a->quantize.add(*verb, "--mode");
  verb->add_flag("--json", a->terminal.json, "everything, with every range and its source, as JSON");
  verb->add_flag("--quiet,-q", a->terminal.quiet, "nothing but errors");
  verb->callback([a, &code] {
    auto j = run(*a);
    if (!j) return void(code = report_failure(j.error(), a->terminal));
    if (a->terminal.json) std::cout << j->dump(2) << "\n";
    print(*j, *a);
    code = Done;
  });
}

}  // namespace toucanet::cli
