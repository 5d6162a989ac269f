#include <csignal>
#include <iostream>

#include "cli/arguments.h"
#include "cli/verbs.h"
#include "toucanet/version.h"

int main(int argc, char** argv) {
  using namespace toucanet::cli;
  std::signal(SIGXFSZ, SIG_IGN);  // a file that grows too large is an error of its write
  CLI::App app{"TensorFlow graphs in, lean .tflite out; every step can be asked about."};
  app.name("toucanet");
  app.set_version_flag("--version", toucanet::version);
  app.require_subcommand(1);
  app.footer("Example: toucanet convert frozen_graph.pb -o model.tflite\nExit codes: 0 done, 1 conversion failed, 2 usage, 3 unsupported operators, 4 verification failed");
  int code = Done;
  add_convert(app, code);
  add_explain(app, code);
  add_inspect(app, code);
  add_tflite_convert(app, code);
  auto arguments = normalise(argc, argv);
  std::reverse(arguments.begin(), arguments.end());
  try {
    app.parse(arguments);
  } catch (const CLI::CallForHelp& e) {
    return app.exit(e);
  } catch (const CLI::CallForVersion& e) {
    return app.exit(e);
  } catch (const CLI::ParseError& e) {
    app.exit(e, std::cerr, std::cerr);
    return Usage;
  } catch (const std::exception& e) {
    std::cerr << "error[TN9000]: " << e.what() << "\n  note: this is a defect of toucanet; please report it with the model\n";
    return ConversionFailed;
  }
  return code;
}
