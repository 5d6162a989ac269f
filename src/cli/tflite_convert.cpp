// The flags of TensorFlow 1's tflite_convert, verbatim. Unknown flags are errors.
#include <iostream>

#include "cli/arguments.h"
#include "cli/convert.h"
#include "cli/report.h"
#include "cli/verbs.h"

namespace toucanet::cli {
namespace {

// A flag whose capability is not there yet: named, never ignored.
struct Missing {
  const char* flag;
  const char* what;
};
constexpr Missing missing[] = {
    {"--saved_model_dir", "SavedModels"},
    {"--keras_model_file", "Keras files"},
    {"--saved_model_tag_set", "SavedModels"},
    {"--saved_model_signature_key", "SavedModels"},
    {"--std_dev_values", "quantised inference"},
    {"--mean_values", "quantised inference"},
    {"--default_ranges_min", "quantised inference"},
    {"--default_ranges_max", "quantised inference"},
    {"--post_training_quantize", "quantisation"},
    {"--quantize_weights", "quantisation"},
    {"--quantize_to_float16", "quantisation"},
    {"--reorder_across_fake_quant", "quantisation"},
    {"--change_concat_input_ranges", "quantisation"},
    {"--custom_opdefs", "custom operator definitions"},
    {"--experimental_select_user_tf_ops", "SELECT_TF_OPS"},
    {"--conversion_summary_dir", "the conversion summary; `toucanet explain` tells more"},
    {"--dump_graphviz_video", "the video; --dump_graphviz_dir writes each stage"},
};
struct Renamed {
  const char* old;
  const char* now;
};
constexpr Renamed renamed[] = {
    {"--input_file", "--graph_def_file"},       {"--savedmodel_directory", "--saved_model_dir"},
    {"--std_value", "--std_dev_values"},        {"--batch_size", "--input_shapes"},
    {"--dump_graphviz", "--dump_graphviz_dir"}, {"--input_array", "--input_arrays"},
    {"--output_array", "--output_arrays"},      {"--input_shape", "--input_shapes"},
    {"--mean_value", "--mean_values"},
};

struct Arguments {
  ConvertArguments convert;
  std::string output_format = "TFLITE", inference_type = "FLOAT", inference_input_type, target_ops = "TFLITE_BUILTINS";
  std::string drop_control_dependency, experimental_new_converter, experimental_new_quantizer, enable_v1_converter;
  std::map<std::string, std::string> given;  // of the flags that are missing
};

int run(Arguments& a) {
  Diags problems;
  for (const auto& m : missing)
    if (const auto it = a.given.find(m.flag); it != a.given.end()) {
      const bool off = it->second == "false" || it->second == "False" || it->second == "FALSE" || it->second == "0";
      if (!off) problems.push_back(diag("TN0004", "{} is not supported: it needs {}", m.flag, m.what));
    }
  for (const auto& r : renamed)
    if (a.given.count(r.old)) problems.push_back(diag("TN0003", "{} is now called {}", r.old, r.now));
  const auto only = [&](const char* flag, const std::string& value, const char* allowed) {
    if (!value.empty() && value != allowed) problems.push_back(diag("TN0004", "{}={} is not supported, only {} is", flag, value, allowed));
  };
  only("--output_format", a.output_format, "TFLITE");
  only("--inference_type", a.inference_type, "FLOAT");
  only("--inference_input_type", a.inference_input_type, "FLOAT");
  only("--target_ops", a.target_ops, "TFLITE_BUILTINS");
  if (a.convert.model.path.empty() && problems.empty())
    problems.push_back(diag("TN0001", "one of the arguments --graph_def_file --saved_model_dir --keras_model_file is required"));
  if (!a.convert.model.path.empty() && (a.convert.model.inputs.empty() || a.convert.model.outputs.empty()))
    problems.push_back(diag("TN0001", "--input_arrays and --output_arrays are required with --graph_def_file"));
  if (!problems.empty()) {
    a.convert.terminal.report(problems);
    return Usage;
  }
  return run_convert(a.convert);
}

}  // namespace

void add_tflite_convert(CLI::App& app, int& code) {
  auto* verb = app.add_subcommand("tflite_convert", "The old tflite_convert, with its flags");
  auto a = std::make_shared<Arguments>();
  verb->footer("Example: toucanet tflite_convert --graph_def_file=g.pb --output_file=m.tflite --input_arrays=input --output_arrays=softmax");
  verb->add_option("--graph_def_file", a->convert.model.path, "frozen GraphDef")->check(CLI::ExistingFile);
  verb->add_option("--output_file", a->convert.output, "the .tflite file to write")->required();
  verb->add_option("--input_arrays", a->convert.model.inputs, "tensors to feed, a,b");
  verb->add_option("--output_arrays", a->convert.model.outputs, "tensors to compute");
  verb->add_option("--input_shapes", a->convert.model.shapes, "shapes of the inputs, colon-separated")->each([a](const std::string&) {
    a->convert.model.has_shapes = true;
  });
  verb->add_option("--output_format", a->output_format, "TFLITE");
  verb->add_option("--inference_type", a->inference_type, "FLOAT");
  verb->add_option("--inference_input_type", a->inference_input_type, "FLOAT");
  verb->add_option("--target_ops", a->target_ops, "TFLITE_BUILTINS");
  verb->add_flag("--allow_custom_ops", a->convert.model.allow_custom_ops, "keep unknown operators as custom operators");
  verb->add_option("--dump_graphviz_dir", a->convert.dump_graphviz, "write the graph after each stage into this folder");
  verb->add_option("--drop_control_dependency", a->drop_control_dependency, "accepted; control edges are always dropped");
  verb->add_option("--experimental_new_converter", a->experimental_new_converter, "accepted; there is one converter");
  verb->add_option("--experimental_new_quantizer", a->experimental_new_quantizer, "accepted; there is no quantiser yet");
  verb->add_option("--enable_v1_converter", a->enable_v1_converter, "accepted; there is one converter")->expected(0, 1);
  for (const auto& m : missing)
    verb->add_option(m.flag, a->given[m.flag], std::string("needs ") + m.what)
        ->expected(0, 1)
        ->group("Not supported yet")
        ->default_str("")
        ->each([](const std::string&) {});
  for (const auto& r : renamed) verb->add_option(r.old, a->given[r.old], std::string("now ") + r.now)->expected(0, 1)->group("");
  verb->callback([a, verb, &code] {
    std::map<std::string, std::string> given;
    for (const auto& [flag, value] : a->given)
      if (verb->get_option(flag)->count()) given[flag] = value;
    a->given = std::move(given);
    code = run(*a);
  });
}

}  // namespace toucanet::cli
