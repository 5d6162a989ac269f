#pragma once
// The cases beside the operators: src/ops/*/*.cases.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace toucanet {

struct OperatorCase {
  std::string op, name, graph, fails;
  std::vector<std::string> gives;
};

inline std::vector<OperatorCase> load_operator_cases() {
  std::vector<OperatorCase> out;
  for (const auto& folder : std::filesystem::directory_iterator(TOUCANET_SOURCE_DIR "/src/ops")) {
    const auto name = folder.path().filename().string();
    std::ifstream f(folder.path() / (name + ".cases"));
    std::string line;
    while (std::getline(f, line)) {
      if (line.starts_with("case ")) out.push_back({name, line.substr(5), {}, {}, {}});
      else if (line.starts_with("gives ")) out.back().gives.push_back(line.substr(6));
      else if (line.starts_with("fails ")) out.back().fails = line.substr(6);
      else if (!out.empty() && !line.empty() && (line[0] == ' ' || line.starts_with("graph "))) out.back().graph += line + "\n";
    }
  }
  std::sort(out.begin(), out.end(), [](auto& a, auto& b) { return std::tie(a.op, a.name) < std::tie(b.op, b.name); });
  return out;
}

inline void PrintTo(const OperatorCase& c, std::ostream* os) { *os << c.op << ": " << c.name; }

inline std::string name_of_case(const testing::TestParamInfo<OperatorCase>& info) {
  std::string n = info.param.op + "_" + info.param.name;
  for (char& ch : n)
    if (!std::isalnum(static_cast<unsigned char>(ch))) ch = '_';
  return n + "_" + std::to_string(info.index);
}

}  // namespace toucanet
