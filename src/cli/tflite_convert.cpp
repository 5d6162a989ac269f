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
  std::string mean_values, std_dev_values, change_concat_input_ranges, post_training_quantize, quantize_to_float16, reorder_across_fake_quant;
  std::optional<double> default_ranges_min, default_ranges_max;
  std::map<std::string, std::string> given;  // of the flags that are missing
};

bool is_on(const std::string& flag) { return !flag.empty() && flag != "false" && flag != "False" && flag != "FALSE" && flag != "0"; }

std::optional<QuantMode> mode_of(const std::string& inference_type) {
  if (inference_type == "FLOAT") return QuantMode::None;
  if (inference_type == "QUANTIZED_UINT8") return QuantMode::UInt8;
  if (inference_type == "INT8" || inference_type == "QUANTIZED_INT8") return QuantMode::Int8;
  if (inference_type == "INT16" || inference_type == "QUANTIZED_INT16") return QuantMode::Int16x8;
  return std::nullopt;
}

void input_stats(const Arguments& a, Recipe& r, Diags& problems) {
  const auto names = split_names(a.convert.model.inputs), means = split_names(a.mean_values), deviations = split_names(a.std_dev_values);
  if (means.empty() != deviations.empty()) problems.push_back(diag("TN0001", "--std_dev_values and --mean_values must be used together"));
  else if (means.size() != deviations.size() || (!means.empty() && means.size() != names.size()))
    problems.push_back(diag("TN0001", "{} input arrays, {} mean values and {} standard deviations: one of each for every input", names.size(), means.size(),
                            deviations.size()));
  else
    for (size_t i = 0; i < means.size(); ++i) {
      char *mean_end = nullptr, *deviation_end = nullptr;
      const InputStats s{std::strtod(means[i].c_str(), &mean_end), std::strtod(deviations[i].c_str(), &deviation_end)};
      if (*mean_end || *deviation_end || !(s.std > 0))
        problems.push_back(diag("TN0001", "'{}' and '{}' are no mean and standard deviation", means[i], deviations[i]));
      else r.input_stats[names[i]] = s;
    }
}

// Quantisation as TensorFlow 1's flags spell it.
Recipe recipe_of(const Arguments& a, Diags& problems) {
  Recipe r;
  const auto mode = mode_of(a.inference_type), input = mode_of(a.inference_input_type.empty() ? a.inference_type : a.inference_input_type);
  for (const auto& [flag, value, known] : {std::tuple{"--inference_type", a.inference_type, mode}, {"--inference_input_type", a.inference_input_type, input}})
    if (!known) problems.push_back(diag("TN0004", "{}={} is not FLOAT, QUANTIZED_UINT8, INT8 or INT16", flag, value));
  if (!mode || !input) return r;
  r.mode = *mode;
  if (*mode == QuantMode::None && is_on(a.post_training_quantize)) r.mode = is_on(a.quantize_to_float16) ? QuantMode::Float16 : QuantMode::DynamicRange;
  if (is_on(a.quantize_to_float16) && !is_on(a.post_training_quantize))
    problems.push_back(diag("TN0001", "--quantize_to_float16 needs --post_training_quantize"));
  if (is_integer(*mode)) {
    r.allow_float = false;
    r.output_type = stored_type(*mode);
    r.share_concat_ranges = *mode != QuantMode::UInt8 || is_on(a.change_concat_input_ranges);
  }
  if (is_integer(*input)) r.input_type = stored_type(*input);
  r.move_fake_quant = is_on(a.reorder_across_fake_quant);
  if (a.default_ranges_min.has_value() != a.default_ranges_max.has_value())
    problems.push_back(diag("TN0001", "--default_ranges_min and --default_ranges_max must be used together"));
  else if (a.default_ranges_min) r.default_range = MinMax{*a.default_ranges_min, *a.default_ranges_max};
  input_stats(a, r, problems);
  if (auto s = check(r); !s) problems.insert(problems.end(), s.error().begin(), s.error().end());
  return r;
}

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
  a.convert.recipe = recipe_of(a, problems);
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
  verb->add_option("--inference_type", a->inference_type, "FLOAT, or what FakeQuant nodes and given ranges allow: QUANTIZED_UINT8, INT8, INT16");
  verb->add_option("--inference_input_type", a->inference_input_type, "of the inputs; not given: the inference type");
  verb->add_option("--mean_values", a->mean_values, "of each input, in stored numbers: 128,128");
  verb->add_option("--std_dev_values", a->std_dev_values, "of each input: real = (stored - mean) / std_dev");
  verb->add_option("--default_ranges_min", a->default_ranges_min, "of values without a range of their own");
  verb->add_option("--default_ranges_max", a->default_ranges_max, "of values without a range of their own");
  for (const auto& [flag, value, what] :
       {std::tuple{"--post_training_quantize,--quantize_weights", &a->post_training_quantize, "int8 weights"},
        {"--quantize_to_float16", &a->quantize_to_float16, "float16 weights, with --post_training_quantize"},
        {"--reorder_across_fake_quant", &a->reorder_across_fake_quant, "fuse across FakeQuant nodes"},
        {"--change_concat_input_ranges", &a->change_concat_input_ranges, "operands of a concatenation take its range: TRUE or FALSE"}})
    verb->add_flag(std::string(flag) + "{true}", *value, what);
  verb->add_option("--target_ops", a->target_ops, "TFLITE_BUILTINS");
  verb->add_flag("--allow_custom_ops", a->convert.model.allow_custom_ops, "keep unknown operators as custom operators");
  verb->add_option("--dump_graphviz_dir", a->convert.dump_graphviz, "write the graph after each stage into this folder");
  verb->add_option("--drop_control_dependency", a->drop_control_dependency, "accepted; control edges are always dropped");
  verb->add_option("--experimental_new_converter", a->experimental_new_converter, "accepted; there is one converter");
  verb->add_option("--experimental_new_quantizer", a->experimental_new_quantizer, "accepted; there is one quantiser");
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
