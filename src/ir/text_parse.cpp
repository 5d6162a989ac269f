#include <charconv>
#include <unordered_map>

#include "ir/text.h"
#include "ir/text_scanner.h"

namespace toucanet {
namespace {

class Parser : Scanner {
  int64_t filled_ = 0;  // elements of constants
  Module module_;

 public:
  explicit Parser(std::string_view t) : Scanner(t) {}

  Expected<Module> run() {
    while (next_line()) {
      if (word("graph")) {
        skip();
        std::string n = "main";
        if (!rest_.empty()) n = rest_.front() == '"' ? string() : std::string(token());
        module_.add_graph(n);
      } else if (word("signature")) {
        CHECK_OK(signature());
      } else if (word("return")) {
        CHECK_OK(returns());
      } else {
        CHECK_OK(statement());
      }
      skip();
      if (!rest_.empty()) return fail("unexpected '{}'", rest_);
    }
    if (module_.graphs.empty()) return fail("the text holds no graph");
    CHECK_OK(infer());
    return std::move(module_);
  }

 private:
  // Types that were written are checked against inference; bodies of loops may stand behind their callers.
  struct Statement {
    uint32_t graph;
    const OpDef* op;
    Attrs attrs;
    std::vector<std::string> inputs, results, names;
    std::vector<TensorType> types;
    std::string origin;
    size_t line;
  };
  std::vector<Statement> statements_;
  std::vector<std::vector<std::pair<std::string, std::string>>> returns_;
  std::vector<std::unordered_map<std::string, Value>> defined_;

  Status attributes(const OpDef& op, Attrs& attrs) {
    auto p = op.attrs->make();
    const auto fields = op.attrs->fields(p.get());
    while (!eat("}")) {
      const auto key = token(" =}");
      if (!eat("=")) return fail("expected '=' after '{}'", key);
      skip();
      size_t i = 0;
      int depth = 0;
      bool in_string = false;
      for (; i < rest_.size(); ++i) {
        const char c = rest_[i];
        if (c == '\\' && in_string) {
          ++i;
          continue;
        }
        if (c == '"') in_string = !in_string;
        if (in_string) continue;
        if (c == '[') ++depth;
        if (c == ']') --depth;
        if (depth == 0 && (c == ',' || c == '}')) break;
      }
      i = std::min(i, rest_.size());
      const auto value = rest_.substr(0, i);
      rest_.remove_prefix(i);
      bool found = false;
      for (const auto& f : fields)
        if (f.name == key) {
          found = true;
          if (!parse(f, value)) return fail("'{}' is no value for '{}'", value, key);
        }
      if (!found) return fail("{} has no attribute '{}'", op.name, key);
      if (!eat(",") && (rest_.empty() || rest_.front() != '}')) return fail("expected ',' or '}}'");
    }
    if (!fields.empty()) attrs = Attrs(*op.attrs, std::move(p));
    return ok();
  }

  Status statement() {
    if (module_.graphs.empty()) module_.add_graph("main");
    Statement s{static_cast<uint32_t>(module_.graphs.size() - 1), nullptr, {}, {}, {}, {}, {}, {}, line_};
    returns_.resize(module_.graphs.size());
    do {
      const auto r = token(" ,=");
      if (!r.starts_with("%") || r.size() < 2) return fail("expected a value, like %x");
      s.results.emplace_back(r);
    } while (eat(","));
    if (!eat("=")) return fail("expected '='");
    const std::string op(token(" ("));
    std::string label;
    if (op == "input") {
      skip();
      if (!rest_.empty() && rest_.front() == '"') label = string();
      s.op = &Input::def;
    } else if (op == "const") {
      s.op = &Const::def;
    } else {
      s.op = find_op(op);
      if (!s.op) return fail("there is no operator '{}'", op);
      if (!eat("(")) return fail("expected '('");
      while (!eat(")")) {
        s.inputs.emplace_back(token(" ,)"));
        if (!eat(",") && (rest_.empty() || rest_.front() != ')')) return fail("expected ',' or ')'");
      }
      if (eat("{")) {
        CHECK_OK(attributes(*s.op, s.attrs));
      } else {
        CHECK_OK(defaults(s));
      }
    }
    if (eat(":")) {
      do {
        const auto t = type_token();
        const auto type = TensorType::parse(t);
        if (!type) return fail("'{}' is no type", t);
        s.types.push_back(*type);
      } while (eat(","));
    }
    const bool leaf = s.op == &Input::def || s.op == &Const::def;
    if (leaf && s.types.size() != 1) return fail("{} needs a type", op);
    Graph& g = module_.graphs.back();
    defined_.resize(module_.graphs.size());
    Value made;
    if (s.op == &Const::def) {
      TRY(Tensor t, read_constant(*this, s.types[0], s.results[0], filled_));
      t.quant = s.types[0].quant;
      made = g.add_constant(std::move(t));
    } else if (s.op == &Input::def) {
      made = g.add_input(s.types[0], label.empty() ? s.results[0].substr(1) : label);
    }
    skip();
    while (!rest_.empty() && rest_.front() == '"') s.names.push_back(string()), skip();
    if (eat("@")) s.origin = !rest_.empty() && rest_.front() == '"' ? string() : std::string(token(" "));
    if (leaf) {
      if (!s.names.empty() && !s.names[0].empty()) g.result(made).name = s.names[0];
      g.result(made).type.quant = s.types[0].quant;
      g.result(made).origin = origin_of(s.origin);
      if (!defined_.back().emplace(s.results[0], made).second) return fail("{} is defined twice", s.results[0]);
    } else {
      statements_.push_back(std::move(s));
    }
    return ok();
  }
  Status defaults(Statement& s) {
    auto p = s.op->attrs->make();
    if (!s.op->attrs->fields(p.get()).empty()) s.attrs = Attrs(*s.op->attrs, std::move(p));
    return ok();
  }
  OriginId origin_of(const std::string& text) {
    OriginId id;
    for (size_t from = 0; from < text.size();) {
      const size_t plus = std::min(text.find('+', from), text.size());
      if (plus > from) id = module_.origins->merge(id, module_.origins->source(text.substr(from, plus - from)), nullptr);
      from = plus + 1;
    }
    return id;
  }

  Status returns() {
    if (module_.graphs.empty()) return fail("'return' outside a graph");
    returns_.resize(module_.graphs.size());
    defined_.resize(module_.graphs.size());
    skip();
    while (!rest_.empty()) {
      const std::string v(token(" ,"));
      skip();
      std::string n;
      if (!rest_.empty() && rest_.front() == '"') n = string();
      returns_.back().push_back({v, n});
      if (!eat(",")) break;
    }
    return ok();
  }

  Status signature() {
    Signature s;
    s.key = string();
    skip();
    if (!eat("graph")) return fail("expected graphN");
    const auto index = token(" ");
    std::from_chars(index.data(), index.data() + index.size(), s.graph);
    for (auto* list : {&s.inputs, &s.outputs}) {
      if (!eat(list == &s.inputs ? "inputs(" : "outputs(")) return fail("expected inputs(…) outputs(…)");
      while (!eat(")")) {
        std::string n = string();
        uint32_t i = 0;
        if (!eat("=")) return fail("expected '='");
        const auto digits = token(" ,)");
        std::from_chars(digits.data(), digits.data() + digits.size(), i);
        list->push_back({std::move(n), i});
        if (!eat(",") && (rest_.empty() || rest_.front() != ')')) return fail("expected ',' or ')'");
      }
    }
    module_.signatures.push_back(std::move(s));
    return ok();
  }

  Expected<Value> value(uint32_t graph, const std::string& n, size_t line) {
    if (n == "_") return Value{};
    const auto it = defined_[graph].find(n);
    if (it == defined_[graph].end()) return diag("TN1020", "line {}: {} is not defined", line, n);
    return it->second;
  }

  Status infer() {
    // Graphs that others refer to first.
    for (uint32_t gi = static_cast<uint32_t>(module_.graphs.size()); gi-- > 0;) {
      Graph& g = module_.graphs[gi];
      for (Statement& s : statements_) {
        if (s.graph != gi) continue;
        std::vector<Value> in;
        for (const auto& i : s.inputs) {
          TRY(Value v, value(gi, i, s.line));
          in.push_back(v);
        }
        auto id = g.add(*s.op, s.attrs, std::move(in), {}, origin_of(s.origin));
        if (!id) {
          for (Diag& d : id.error()) d.what = fmt::format("line {}: {}", s.line, d.what);
          return std::move(id.error());
        }
        if (g[*id].outputs.size() != s.results.size()) return diag("TN1020", "line {}: {} has {} results", s.line, s.op->name, g[*id].outputs.size());
        for (uint32_t k = 0; k < s.results.size(); ++k) {
          Result& r = g.result({*id, k});
          if (k < s.names.size()) r.name = s.names[k];
          if (k < s.types.size()) {
            const auto shape = refine(r.type.shape, s.types[k].shape);
            if (s.types[k].dtype != r.type.dtype || !shape) return diag("TN1020", "line {}: the type is {}, not {}", s.line, r.type.str(), s.types[k].str());
            r.type.shape = *shape;
            r.type.quant = s.types[k].quant;
          }
          if (!defined_[gi].emplace(s.results[k], Value{*id, k}).second) return diag("TN1020", "line {}: {} is defined twice", s.line, s.results[k]);
        }
      }
      if (gi < returns_.size())
        for (const auto& [v, n] : returns_[gi]) {
          TRY(Value out, value(gi, v, line_));
          if (!out) return fail("'{}' cannot be returned", v);
          g.add_output(out, n.empty() ? g.result(out).name : n);
        }
    }
    return ok();
  }
};

}  // namespace

Expected<Module> parse_module(std::string_view text) { return Parser(text).run(); }

}  // namespace toucanet
