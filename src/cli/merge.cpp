#include <filesystem>
#include <iostream>

#include "cli/report.h"
#include "cli/verbs.h"
#include "quantize/calibration_file.h"

namespace toucanet::cli {
namespace {
using nlohmann::ordered_json;

struct Arguments {
  std::vector<std::string> paths;
  std::string output;
  bool allow_missing = false;
  Terminal terminal;
};

// Samples [first, last) of the data that nobody observed.
std::vector<std::pair<uint64_t, uint64_t>> missing_of(const Observations& o) {
  std::vector<std::pair<uint64_t, uint64_t>> missing;
  uint64_t at = 0;
  for (const auto& [first, last] : o.covered) {
    if (at < first) missing.emplace_back(at, first);
    at = last;
  }
  if (o.source.size && at < *o.source.size) missing.emplace_back(at, *o.source.size);
  return missing;
}

Expected<ordered_json> run(const Arguments& a) {
  Diags problems;
  Observations all;
  for (const auto& path : a.paths) {
    auto one = read_calibration(path);
    auto merged = one ? all.merge(*one) : Status(one.error());
    if (merged) continue;
    for (Diag& d : merged.error()) {
      if (one) d.what = fmt::format("'{}': {}", path, d.what);
      problems.push_back(std::move(d));
    }
  }
  if (!problems.empty()) return problems;
  ordered_json j{{"ok", true}, {"output", a.output}, {"files", a.paths.size()}, {"samples", all.samples}, {"missing", ordered_json::array()}};
  for (const auto& [first, last] : missing_of(all)) {
    j["missing"].push_back({first, last - 1});
    if (!a.allow_missing)
      problems.push_back(
          diag("TN7007", "samples {} to {} are in none of the files", first, last - 1).note("calibrate the shards that are missing, or give --allow-missing"));
  }
  if (!problems.empty()) return problems;
  CHECK_OK(write_calibration(a.output, all));
  return j;
}

}  // namespace

void add_merge(CLI::App& app, int& code) {
  auto* verb = app.add_subcommand("merge", "Join the .calib files of shards");
  auto a = std::make_shared<Arguments>();
  verb->footer("Example: toucanet merge part1.calib part2.calib -o all.calib");
  verb->add_option("calib", a->paths, ".calib files of one model, in any order")->required()->check(CLI::ExistingFile);
  verb->add_option("-o,--output", a->output, "the .calib file to write")->required();
  verb->add_flag("--allow-missing", a->allow_missing, "also where samples of the data are in none of the files");
  verb->add_flag("--json", a->terminal.json, "the report as JSON");
  verb->add_flag("--quiet,-q", a->terminal.quiet, "nothing but errors");
  verb->callback([a, &code] {
    auto j = run(*a);
    if (!j) return void(code = report_failure(j.error(), a->terminal));
    if (a->terminal.json) std::cout << j->dump(2) << "\n";
    for (const auto& m : (*j)["missing"]) a->terminal.say(fmt::format("missing samples {} to {}", m[0].get<uint64_t>(), m[1].get<uint64_t>()));
    a->terminal.say(fmt::format("wrote   {}: {} samples of {} files", a->output, (*j)["samples"].get<uint64_t>(), a->paths.size()));
    code = Done;
  });
}

}  // namespace toucanet::cli
