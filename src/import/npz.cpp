#include "import/npz.h"

#include <zip.h>

#include "import/file.h"

namespace toucanet {
namespace {

using Archive = std::unique_ptr<zip_t, decltype(&zip_discard)>;
using Entry = std::unique_ptr<zip_file_t, decltype(&zip_fclose)>;

// Deflate makes at most about 1030 bytes of one.
constexpr uint64_t largest_ratio = 1040;

Diag damaged(const std::string& path, std::string_view how) { return diag("TN1303", "'{}' is no .npz archive: {}", path, how); }

Expected<Archive> open_archive(const std::string& path) {
  TRY(const auto file, map_file(path));  // for the system's own words on why it cannot be read
  int code = 0;
  Archive archive(zip_open(path.c_str(), ZIP_RDONLY, &code), &zip_discard);
  if (archive) return archive;
  zip_error_t error;
  zip_error_init_with_code(&error, code);
  Diag d = damaged(path, zip_error_strerror(&error));
  zip_error_fini(&error);
  return d;
}

// The bytes of entry `index`; its checksum was compared.
Expected<std::shared_ptr<const std::string>> read_entry(zip_t* archive, const zip_stat_t& stat, const std::string& path) {
  const auto problem = [&](std::string_view how) { return damaged(path, fmt::format("'{}' cannot be read ({})", stat.name, how)); };
  if (stat.size > stat.comp_size * largest_ratio) return problem("its size is impossible");
  const Entry entry(zip_fopen_index(archive, stat.index, 0), &zip_fclose);
  if (!entry) return problem(zip_strerror(archive));
  auto bytes = std::make_shared<std::string>(stat.size, '\0');
  size_t done = 0;
  while (done < bytes->size()) {
    const zip_int64_t n = zip_fread(entry.get(), bytes->data() + done, bytes->size() - done);
    if (n <= 0) return problem(n < 0 ? zip_file_strerror(entry.get()) : "it is cut short");
    done += static_cast<size_t>(n);
  }
  char more = 0;  // the end is where the checksum is compared
  if (zip_fread(entry.get(), &more, 1) != 0) return problem(zip_file_strerror(entry.get()));
  return std::shared_ptr<const std::string>(std::move(bytes));
}

}  // namespace

Expected<std::map<std::string, Tensor>> read_npz_file(const std::string& path) {
  TRY(const Archive archive, open_archive(path));
  std::map<std::string, Tensor> arrays;
  Diags problems;
  const auto add = [&](const Diags& ds) { problems.insert(problems.end(), ds.begin(), ds.end()); };
  for (zip_int64_t i = 0; i < zip_get_num_entries(archive.get(), 0); ++i) {
    zip_stat_t stat;
    constexpr zip_uint64_t needed = ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_INDEX;
    if (zip_stat_index(archive.get(), static_cast<zip_uint64_t>(i), 0, &stat) != 0 || (stat.valid & needed) != needed)
      return damaged(path, zip_strerror(archive.get()));
    std::string name = stat.name;
    if (!name.ends_with(".npy")) {
      add({damaged(path, fmt::format("it holds '{}', which is no .npy", name))});
      continue;
    }
    name.resize(name.size() - 4);
    const auto bytes = read_entry(archive.get(), stat, path);
    if (!bytes) {
      add(bytes.error());
      continue;
    }
    auto array = read_npy(**bytes, *bytes, fmt::format("'{}' of '{}'", name, path));
    if (!array) add(array.error());
    else if (!arrays.emplace(name, std::move(*array)).second) add({damaged(path, fmt::format("'{}' stands in it twice", name))});
  }
  if (!problems.empty()) return problems;
  return arrays;
}

}  // namespace toucanet
