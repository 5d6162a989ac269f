#include "cli/arguments.h"

#include <charconv>

namespace toucanet::cli {

static std::vector<std::string> split(const std::string& s, char by) {
  std::vector<std::string> out;
  size_t from = 0;
  while (true) {
    const size_t to = s.find(by, from);
    out.push_back(s.substr(from, to == s.npos ? s.npos : to - from));
    if (to == s.npos) return out;
    from = to + 1;
  }
}
static std::string trim(std::string s) {
  while (!s.empty() && s.front() == ' ') s.erase(s.begin());
  while (!s.empty() && s.back() == ' ') s.pop_back();
  return s;
}

std::vector<std::string> split_names(const std::string& s) {
  std::vector<std::string> out;
  if (s.empty() || s == empty_value) return out;
  for (auto& n : split(s, ',')) out.push_back(trim(n));
  return out;
}

Expected<std::vector<Shape>> parse_shapes(const std::string& given) {
  std::vector<Shape> out;
  for (const auto& one : split(given == empty_value ? std::string{} : given, ':')) {
    const std::string text = trim(one);
    if (text.empty()) {
      out.emplace_back();
      continue;
    }
    if (text == "*") {
      out.push_back(Shape::unranked());
      continue;
    }
    Dims dims;
    for (const auto& part : split(text, ',')) {
      const std::string d = trim(part);
      int64_t v = 0;
      const auto r = std::from_chars(d.data(), d.data() + d.size(), v);
      if (r.ec != std::errc{} || r.ptr != d.data() + d.size() || v < -1)
        return diag("TN0002", "'{}' is no shape: a dimension is a number, -1 for unknown", text).note("for example --shapes 1,224,224,3:2 for two inputs");
      dims.push_back(v < 0 ? Dim::unknown() : Dim(v));
    }
    out.emplace_back(std::move(dims));
  }
  return out;
}

std::vector<std::string> normalise(int argc, char** argv) {
  std::vector<std::string> out;
  for (int i = 1; i < argc; ++i) {
    std::string a = argv[i];
    if (a.starts_with("--") && a.ends_with("=")) {
      out.push_back(a.substr(0, a.size() - 1));
      out.emplace_back(empty_value);
      continue;
    }
    // A value may start with '-': `--shapes -1,3`.
    if (a.starts_with("--") && a.find('=') == a.npos && i + 1 < argc && argv[i + 1][0] == '-' && argv[i + 1][1] >= '0' && argv[i + 1][1] <= '9') {
      out.push_back(a + "=" + argv[++i]);
      continue;
    }
    out.push_back(std::move(a));
  }
  return out;
}

void ModelArguments::add(CLI::App& app) {
  app.add_option("model", path, "GraphDef, binary or text")->required()->check(CLI::ExistingFile);
  app.add_option("--inputs,--input_arrays,--input-arrays", inputs, "tensors to feed, a,b (default: every placeholder that is needed)");
  app.add_option("--shapes,--input_shapes,--input-shapes", shapes,
                 "their shapes: 1,-1,3:2 (a colon between inputs, -1 unknown, * unknown rank, nothing a scalar)")
      ->each([this](const std::string&) { has_shapes = true; });
  app.add_option("--input-types", types, "their element types: float32,int32 (default: the graph's)");
  app.add_option("--outputs,--output_arrays,--output-arrays", outputs, "tensors to compute (default: every result that nobody reads)");
  app.add_option("--disable", disabled, "rewrites to leave out, by name")->delimiter(',');
  app.add_flag("--keep-dropout", keep_dropout, "keep dropout instead of bypassing it");
  app.add_flag("--allow-custom-ops,--allow_custom_ops", allow_custom_ops, "keep unknown operators as custom operators");
  app.add_flag("--float16-as-float32", float16_as_float32, "compute float16 and bfloat16 in float32 even where that gives other numbers");
}

Diag no_rewrite(std::string_view name, const std::vector<std::string_view>& known) {
  const auto near = nearest(name, known);
  return diag("TN0003", "there is no rewrite '{}'", name).note(near.empty() ? "doc/transformations.md lists them" : fmt::format("did you mean '{}'?", near));
}

Expected<ConvertOptions> ModelArguments::options() const {
  ConvertOptions o;
  Diags problems;
  for (auto& n : split_names(inputs)) o.import.inputs.push_back({n, {}, {}});
  o.import.outputs = split_names(outputs);
  o.import.allow_custom_ops = allow_custom_ops;
  o.import.float16_as_float32 = float16_as_float32;
  o.keep_dropout = keep_dropout;
  o.disabled = {disabled.begin(), disabled.end()};
  if (has_shapes) {
    auto parsed = parse_shapes(shapes);
    if (!parsed) {
      problems = parsed.error();
    } else if (o.import.inputs.empty()) {
      problems.push_back(diag("TN0002", "--shapes needs --inputs: shapes belong to named inputs"));
    } else if (parsed->size() != o.import.inputs.size()) {
      problems.push_back(
          diag("TN0002", "there are {} inputs and {} shapes", o.import.inputs.size(), parsed->size()).note("separate shapes by a colon: 1,224,224,3:2"));
    } else {
      for (size_t i = 0; i < parsed->size(); ++i) o.import.inputs[i].shape = (*parsed)[i];
    }
  }
  if (!types.empty()) {
    const auto names = split_names(types);
    if (names.size() != o.import.inputs.size()) {
      problems.push_back(diag("TN0002", "there are {} inputs and {} types", o.import.inputs.size(), names.size()));
    } else {
      for (size_t i = 0; i < names.size(); ++i) {
        o.import.inputs[i].dtype = dtype_from_name(names[i]);
        if (!o.import.inputs[i].dtype) problems.push_back(diag("TN0002", "'{}' is no element type; for example float32, int64, uint8, bool", names[i]));
      }
    }
  }
  for (const auto& d : o.disabled) {
    std::vector<std::string_view> all{"fold_constants", "merge_duplicates"};
    for (const Rewrite* r : all_rewrites()) all.emplace_back(r->name);
    if (std::find(all.begin(), all.end(), d) != all.end()) continue;
    problems.push_back(no_rewrite(d, all));
  }
  if (!problems.empty()) return problems;
  return o;
}

}  // namespace toucanet::cli
