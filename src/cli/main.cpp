#include <malloc.h>

#include <csignal>
#include <iostream>

#include "cli/arguments.h"
#include "cli/verbs.h"
#include "toucanet/version.h"

using namespace toucanet;
using namespace toucanet::cli;

namespace {

// The application that was asked for: a verb, or the whole.
CLI::App& asked(CLI::App& app) {
  const auto verbs = app.get_subcommands();
  return verbs.empty() ? app : *verbs.front();
}

// Unknown words, each with the nearest flag of the verb.
void report_extras(const CLI::App& verb, const std::vector<std::string>& extras) {
  std::vector<std::string> names;
  for (const CLI::Option* o : verb.get_options())
    for (const auto& n : o->get_lnames()) names.push_back("--" + n);
  for (const CLI::App* v : verb.get_subcommands([](const CLI::App*) { return true; })) names.push_back(v->get_name());
  const std::vector<std::string_view> candidates(names.begin(), names.end());
  Diags problems;
  for (const auto& word : extras) {
    Diag d = diag("TN0003", "'{}' is not expected here", word);
    if (word.starts_with("--") || (verb.get_parent() == nullptr && &word == &extras.front()))
      if (const auto near = nearest(word.substr(0, word.find('=')), candidates); !near.empty()) d.notes.push_back(fmt::format("did you mean '{}'?", near));
    problems.push_back(std::move(d));
  }
  Terminal{}.report(problems);
  std::cerr << fmt::format("  see: toucanet {}--help\n", verb.get_parent() ? verb.get_name() + " " : "");
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGXFSZ, SIG_IGN);  // a file that grows too large is an error of its write
  // A graph's vectors come and go by the hundred kB: the heap keeps that much rather than giving each back to the system.
  mallopt(M_MMAP_THRESHOLD, 4 << 20);
  mallopt(M_TRIM_THRESHOLD, 64 << 20);
  CLI::App app{"TensorFlow graphs in, lean .tflite out; every step can be asked about."};
  app.name("toucanet");
  app.set_version_flag("--version", version);
  app.require_subcommand(0, 1);
  app.footer(
      "Example: toucanet convert frozen_graph.pb -o model.tflite\nExit codes: 0 done, 1 conversion failed, 2 usage, 3 unsupported operators, 4 verification "
      "failed");
  int code = Done;
  add_convert(app, code);
  add_explain(app, code);
  add_inspect(app, code);
  add_quantize(app, code);
  add_calibrate(app, code);
  add_merge(app, code);
  add_run(app, code);
  add_benchmark(app, code);
  add_compare(app, code);
  add_evaluate(app, code);
  add_tflite_convert(app, code);
  auto arguments = normalise(argc, argv);
  if (!arguments.empty() && arguments[0] == "help") {  // help VERB is VERB --help
    arguments.erase(arguments.begin());
    arguments.emplace_back("--help");
  }
  std::reverse(arguments.begin(), arguments.end());
  try {
    app.parse(arguments);
    if (app.get_subcommands().empty()) throw CLI::RequiredError("a verb");
  } catch (const CLI::CallForHelp& e) {
    std::cout << asked(app).help();
    return Done;
  } catch (const CLI::ExtrasError&) {
    auto& verb = asked(app);
    report_extras(verb, verb.remaining(true).empty() ? app.remaining(true) : verb.remaining(true));
    return Usage;
  } catch (const CLI::CallForVersion& e) {
    return app.exit(e);
  } catch (const CLI::ParseError& e) {
    Terminal{}.report({diag("TN0001", "{}", e.what())});
    std::cerr << fmt::format("  see: toucanet {}--help\n", app.get_subcommands().empty() ? "" : asked(app).get_name() + " ");
    return Usage;
  } catch (const std::exception& e) {
    Terminal{}.report({diag("TN9000", "{}", e.what()).note("this is a defect of toucanet; please report it with the model")});
    return ConversionFailed;
  }
  return code;
}
