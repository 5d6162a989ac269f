#include "quantize/calibrate.h"

#include <csignal>
#include <filesystem>
#include <iostream>

#include "cli/progress.h"
#include "cli/report.h"
#include "cli/sample_arguments.h"
#include "import/file.h"
#include "import/tflite/read_tflite.h"

namespace toucanet::cli {
namespace {
using nlohmann::ordered_json;

struct Arguments {
  std::string model, output, shard = "1/1";
  SampleArguments data;
  PhotoArguments photos;
  CalibrateOptions options;
  Terminal terminal;
};

volatile std::sig_atomic_t interrupted = 0;
// The second one ends the program at once.
void interrupt(int) {
  interrupted = 1;
  std::signal(SIGINT, SIG_DFL);
}

Status parse_shard(const std::string& text, CalibrateOptions& o) {
  const auto number = [](std::string_view s, uint64_t& to) {
    const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), to);
    return error == std::errc() && end == s.data() + s.size() && to > 0;
  };
  const std::string_view s = text;
  const size_t slash = s.find('/');
  if (slash != s.npos && number(s.substr(0, slash), o.shard) && number(s.substr(slash + 1), o.shards) && o.shard <= o.shards) return ok();
  return diag("TN0004", "--shard takes the part and the number of parts, not '{}'", text).note("the third of eight is 3/8");
}

Expected<ordered_json> run(const Arguments& a) {
  TRY(const auto file, map_file(a.model));
  TRY(const Module m, read_tflite(file, file->bytes()));
  CalibrateOptions o = a.options;
  CHECK_OK(parse_shard(a.shard, o));
  TRY(const auto source, a.data.open(m, a.photos));
  o.model = std::filesystem::path(a.model).filename().string();
  o.path = a.output;
  Progress progress(a.terminal, "samples");
  o.progress = [&](uint64_t done, uint64_t of) { return progress(done, of), !interrupted; };
  std::signal(SIGINT, interrupt);
  const auto start = std::chrono::steady_clock::now();
  auto done = calibrate(m, *source, o);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::signal(SIGINT, SIG_DFL);
  progress.end();
  if (!done) return std::move(done.error());
  const Observations& seen = done->observations;
  ordered_json never = ordered_json::array();
  for (const auto& name : seen.names)
    if (seen.never_computed(name)) never.push_back(name);
  ordered_json j{{"ok", !done->stopped},
                 {"stopped", done->stopped},
                 {"output", a.output},
                 {"data", seen.source.data},
                 {"first", seen.covered.empty() ? 0 : seen.covered[0].first},
                 {"samples", seen.samples},
                 {"resumed", done->resumed},
                 {"of", seen.source.size ? ordered_json(*seen.source.size) : ordered_json(nullptr)},
                 {"batch", seen.source.batch},
                 {"kernels", seen.source.kernels},
                 {"tensors", seen.names.size()},
                 {"never_computed", never},
                 {"seconds", seconds},
                 {"fingerprint", fmt::format("{:016x}", seen.source.fingerprint)}};
  return j;
}

void print(const ordered_json& j, const Terminal& t) {
  const uint64_t first = j["first"].get<uint64_t>(), n = j["samples"].get<uint64_t>(), resumed = j["resumed"].get<uint64_t>();
  t.say(fmt::format("data    {}", j["data"].get<std::string>()));
  if (n)
    t.say(fmt::format("seen    samples {} to {}{}, {} tensors, {:.3g} samples a second{}", first, first + n - 1,
                      j["of"].is_null() ? "" : fmt::format(" of {}", j["of"].get<uint64_t>()), j["tensors"].get<size_t>(),
                      static_cast<double>(n - resumed) / std::max(1e-9, j["seconds"].get<double>()),
                      resumed ? fmt::format(" ({} were there already)", resumed) : ""));
  const auto& never = j["never_computed"];
  if (!never.empty())
    t.say(fmt::format("never   {} tensors were never computed: '{}'{}", never.size(), never[0].get<std::string>(),
                      never.size() > 1 ? ", … (--json lists them)" : ""));
  if (n) t.say(fmt::format("wrote   {} ({})", j["output"].get<std::string>(), bytes_text(std::filesystem::file_size(j["output"].get<std::string>()))));
  if (j["stopped"].get<bool>()) t.say("stopped before the end: the same command continues");
}

}  // namespace

void add_calibrate(CLI::App& app, int& code) {
  auto* verb = app.add_subcommand("calibrate", "Observe what values a float model has on samples, once");
  auto a = std::make_shared<Arguments>();
  verb->footer(
      "Example: toucanet calibrate model.tflite --data photos/ --crop 0.875 -o model.calib\n         toucanet calibrate model.tflite --data samples.npz "
      "--shard 3/8 -o part3.calib");
  verb->add_option("model", a->model, "a float .tflite file")->required()->check(CLI::ExistingFile);
  a->data.add(*verb, "--data");
  verb->get_option("--data")->required();
  a->photos.add(*verb);
  verb->add_option("-o,--output", a->output, "the .calib file to write; one that is there is continued")->required();
  verb->add_option("--shard", a->shard, "I/N: only the I-th of N parts of the data; toucanet merge joins them")->capture_default_str();
  verb->add_option("--batch", a->options.batch, "samples of one run")->capture_default_str()->check(CLI::Range(1, 65536));
  verb->add_option("--threads", a->options.threads, "runs at once; the result does not depend on it")->capture_default_str()->check(CLI::Range(1, 256));
  verb->add_flag("--channels", a->options.channels, "also the extremes of each channel");
  verb->add_flag("--json", a->terminal.json, "the report as JSON");
  verb->add_flag("--quiet,-q", a->terminal.quiet, "nothing but errors");
  verb->callback([a, &code] {
    auto j = run(*a);
    if (!j) return void(code = report_failure(j.error(), a->terminal));
    if (a->terminal.json) std::cout << j->dump(2) << "\n";
    print(*j, a->terminal);
    code = (*j)["stopped"].get<bool>() ? Interrupted : Done;
  });
}

}  // namespace toucanet::cli
