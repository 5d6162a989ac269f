#include "evaluate/label_table.h"

#include <zlib.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <set>

#include "import/file.h"

namespace toucanet {
namespace {

// The fields of one line; "a,b" in quotes is one field, "" in quotes is a quote.
std::vector<std::string> csv_fields(std::string_view line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') fields.back() += line[++i];
    else if (c == '"') quoted = !quoted;
    else if (c == ',' && !quoted) fields.emplace_back();
    else fields.back() += c;
  }
  for (auto& f : fields) {
    f.erase(0, f.find_first_not_of(" \t"));
    f.erase(f.find_last_not_of(" \t") + 1);
  }
  return fields;
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string line(text.substr(0, end));
    if (line.ends_with('\r')) line.pop_back();
    lines.push_back(std::move(line));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::optional<int64_t> class_number(const std::string& s, const std::vector<std::string>& names) {
  int64_t v = 0;
  const auto r = std::from_chars(s.data(), s.data() + s.size(), v);
  if (!s.empty() && r.ec == std::errc{} && r.ptr == s.data() + s.size()) return v;
  const auto at = std::find(names.begin(), names.end(), s);
  return at == names.end() ? std::nullopt : std::optional<int64_t>(at - names.begin());
}

size_t column_named(const std::vector<std::string>& header, const std::set<std::string>& names, size_t otherwise) {
  for (size_t i = 0; i < header.size(); ++i) {
    std::string s = header[i];
    std::transform(s.begin(), s.end(), s.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (names.count(s)) return i;
  }
  return otherwise;
}

}  // namespace

Expected<std::vector<LabelledFile>> read_label_table(const std::string& path, const std::vector<std::string>& class_names) {
  TRY(const auto file, map_file(path));
  const auto lines = lines_of(file->bytes());
  std::vector<LabelledFile> rows;
  std::vector<std::string> wrong;
  std::set<std::string> seen;
  size_t file_column = 0, class_column = 1, first = 0;
  if (!lines.empty())
    if (const auto header = csv_fields(lines[0]); header.size() > 1 && !class_number(header[1], class_names)) {
      file_column = column_named(header, {"file", "filename", "image", "path", "name"}, 0);
      class_column = column_named(header, {"class_index", "class", "label", "index", "target"}, 1);
      first = 1;
    }
  for (size_t i = first; i < lines.size(); ++i) {
    if (lines[i].empty()) continue;
    const auto fields = csv_fields(lines[i]);
    const auto label = class_column < fields.size() ? class_number(fields[class_column], class_names) : std::nullopt;
    const bool whole = label && file_column < fields.size() && !fields[file_column].empty();
    if (!whole) wrong.push_back(fmt::format("line {}: '{}' is no file and class", i + 1, lines[i].substr(0, 80)));
    else if (!seen.insert(fields[file_column]).second) wrong.push_back(fmt::format("line {}: '{}' was there before", i + 1, fields[file_column]));
    else rows.push_back({fields[file_column], *label});
  }
  if (rows.empty() && wrong.empty()) wrong.emplace_back("it is empty");
  if (wrong.empty()) return rows;
  Diag d = diag("TN8001", "{} lines of '{}' cannot be read", wrong.size(), path);
  d.notes.assign(wrong.begin(), wrong.begin() + static_cast<std::ptrdiff_t>(std::min<size_t>(wrong.size(), 5)));
  d.notes.emplace_back("a line is FILE,CLASS; class names need --names");
  return d;
}

Expected<std::vector<std::string>> read_class_names(const std::string& path) {
  TRY(const auto file, map_file(path));
  return lines_of(file->bytes());
}

bool is_idx_file(const std::string& path) {
  const auto f = map_file(path);
  if (!f) return false;
  const auto b = (*f)->bytes();
  const bool idx = b.size() > 4 && b[0] == 0 && b[1] == 0 && static_cast<unsigned char>(b[2]) >= 8 && static_cast<unsigned char>(b[2]) <= 14 && b[3] > 0;
  return idx || b.starts_with("\x1f\x8b");
}

Expected<Tensor> read_idx_file(const std::string& path) {
  TRY(const auto exists, map_file(path));  // for the system's own words on why it cannot be read
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> in(gzopen(path.c_str(), "rb"), gzclose);
  const auto no = [&](std::string_view why) { return diag("TN8001", "'{}' is no idx file of bytes: {}", path, why); };
  unsigned char head[4], size[4];
  if (!in || gzread(in.get(), head, 4) != 4 || head[0] || head[1]) return no("it does not begin as one");
  if (head[2] != 8) return no(fmt::format("its elements have the type {}", int{head[2]}));
  std::vector<int64_t> dims;
  int64_t elements = 1;
  for (int i = 0; i < head[3]; ++i) {
    if (gzread(in.get(), size, 4) != 4) return no("it is cut short");
    dims.push_back(int64_t{size[0]} << 24 | int64_t{size[1]} << 16 | int64_t{size[2]} << 8 | int64_t{size[3]});
    if (dims.back() == 0 || elements > (int64_t{1} << 31) / dims.back()) return no("its size is impossible");
    elements *= dims.back();
  }
  if (dims.empty()) return no("it has no dimensions");
  // Deflate makes at most about 1030 bytes of one.
  if (static_cast<uint64_t>(elements) > exists->bytes().size() * 1040) return no("it is cut short");
  Tensor t = Tensor::zeros(DType::U8, dims);
  if (gzread(in.get(), t.raw_mutable(), static_cast<unsigned>(elements)) != elements) return no("it is cut short");
  return t;
}

}  // namespace toucanet
