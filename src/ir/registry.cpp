#include <algorithm>
#include <unordered_map>

#include "ir/op_def.h"

namespace toucanet {
namespace {
struct Tables {
  std::unordered_map<std::string_view, const OpDef*> by_name, by_builtin;
  std::unordered_map<std::string_view, const TfImport*> by_tf;
  Tables() {
    for (const OpDef* op : all_ops()) {
      by_name[op->name] = op;
      if (!op->tflite.builtin.empty()) by_builtin[op->tflite.builtin] = op;
      for (const TfImport& i : op->import_tf) by_tf[i.op] = &i;
    }
  }
};
const Tables& tables() {
  static const Tables t;
  return t;
}
template <class M>
auto find(const M& m, std::string_view key) {
  const auto it = m.find(key);
  return it == m.end() ? nullptr : it->second;
}
}  // namespace

const OpDef* find_op(std::string_view name) { return find(tables().by_name, name); }
const OpDef* find_builtin(std::string_view builtin) { return find(tables().by_builtin, builtin); }
const TfImport* find_tf_import(std::string_view op) { return find(tables().by_tf, op); }
std::vector<std::string_view> importable_tf_ops() {
  std::vector<std::string_view> out;
  for (const auto& [k, v] : tables().by_tf) out.push_back(k);
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace toucanet
