#include "import/npz.h"

#include <zip.h>

#include <set>

#include "import/file.h"
#include "ir/limits.h"

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

// f(entry's index and sizes, array's name) for each array; all problems at once.
template <class F>
Status for_each_array(zip_t* archive, const std::string& path, F&& f) {
  Diags problems;
  const auto add = [&](const Diags& ds) { problems.insert(problems.end(), ds.begin(), ds.end()); };
  std::set<std::string> taken;
  for (zip_int64_t i = 0; i < zip_get_num_entries(archive, 0); ++i) {
    zip_stat_t stat;
    constexpr zip_uint64_t needed = ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_INDEX | ZIP_STAT_COMP_METHOD | ZIP_STAT_CRC;
    if (zip_stat_index(archive, static_cast<zip_uint64_t>(i), 0, &stat) != 0 || (stat.valid & needed) != needed) return damaged(path, zip_strerror(archive));
    std::string name = stat.name;
    if (!name.ends_with(".npy")) {
      add({damaged(path, fmt::format("it holds '{}', which is no .npy", name))});
      continue;
    }
    name.resize(name.size() - 4);
    if (!taken.insert(name).second) add({damaged(path, fmt::format("'{}' stands in it twice", name))});
    else if (auto s = f(stat, name); !s) add(s.error());
  }
  if (!problems.empty()) return problems;
  return ok();
}

std::string what(const std::string& name, const std::string& path) { return fmt::format("'{}' of '{}'", name, path); }

Expected<Tensor> read_array(zip_t* archive, const zip_stat_t& stat, const std::string& name, const std::string& path) {
  TRY(const auto bytes, read_entry(archive, stat, path));
  return read_npy(*bytes, bytes, what(name, path));
}

// Rows of an array whose bytes can be taken as they are.
class EntryRows : public ArrayRows {
  std::shared_ptr<zip_t> archive_;
  Entry entry_;
  std::string what_;
  size_t offset_, at_ = 0, row_bytes_;
  bool seekable_;

 public:
  EntryRows(std::shared_ptr<zip_t> a, Entry e, const NpyLayout& l, const zip_stat_t& stat, std::string what)
      : archive_(std::move(a)), entry_(std::move(e)), what_(std::move(what)), offset_(l.offset), seekable_(stat.comp_method == ZIP_CM_STORE) {
    dtype_ = l.dtype, dims_ = l.dims, content_ = stat.crc;
    row_bytes_ = byte_size(dtype_);
    for (size_t k = 1; k < dims_.size(); ++k) row_bytes_ *= static_cast<size_t>(dims_[k]);
  }
  bool in_order() const override { return !seekable_; }
  Expected<Tensor> row(uint64_t i) override {
    const size_t to = offset_ + i * row_bytes_;
    Tensor t = Tensor::zeros(dtype_, row_dims());
    if (!seek(to) || !read(reinterpret_cast<char*>(t.raw_mutable()), row_bytes_))
      return diag("TN1303", "{} cannot be read: row {} ({})", what_, i, zip_file_strerror(entry_.get()));
    return t;
  }

 private:
  bool read(char* to, size_t n) {
    while (n) {
      const zip_int64_t k = zip_fread(entry_.get(), to, n);
      if (k <= 0) return false;
      to += k, n -= static_cast<size_t>(k), at_ += static_cast<size_t>(k);
    }
    return true;
  }
  bool seek(size_t to) {
    if (to == at_) return true;
    if (seekable_) return zip_fseek(entry_.get(), static_cast<zip_int64_t>(to), SEEK_SET) == 0 && (at_ = to, true);
    char passed[4096];
    while (at_ < to)
      if (!read(passed, std::min(to - at_, sizeof passed))) return false;
    return at_ == to;
  }
};

// The header of an entry's array, and the entry at its beginning again.
Expected<NpyLayout> read_layout(zip_t* archive, const zip_stat_t& stat, const std::string& path, const std::string& name) {
  const Entry entry(zip_fopen_index(archive, stat.index, 0), &zip_fclose);
  if (!entry) return damaged(path, fmt::format("'{}' cannot be read ({})", name, zip_strerror(archive)));
  std::string beginning(std::min<size_t>(stat.size, 1 << 17), '\0');
  const zip_int64_t n = zip_fread(entry.get(), beginning.data(), beginning.size());
  if (n < 0) return damaged(path, fmt::format("'{}' cannot be read ({})", name, zip_file_strerror(entry.get())));
  beginning.resize(static_cast<size_t>(n));
  return read_npy_layout(beginning, what(name, path));
}

}  // namespace

Expected<std::map<std::string, Tensor>> read_npz_file(const std::string& path) {
  TRY(const Archive archive, open_archive(path));
  std::map<std::string, Tensor> arrays;
  CHECK_OK(for_each_array(archive.get(), path, [&](const zip_stat_t& stat, const std::string& name) -> Status {
    TRY(arrays[name], read_array(archive.get(), stat, name, path));
    return ok();
  }));
  return arrays;
}

Expected<std::map<std::string, std::shared_ptr<ArrayRows>>> open_npz_rows(const std::string& path) {
  TRY(Archive opened, open_archive(path));
  const std::shared_ptr<zip_t> archive(opened.release(), &zip_discard);
  std::map<std::string, std::shared_ptr<ArrayRows>> arrays;
  CHECK_OK(for_each_array(archive.get(), path, [&](const zip_stat_t& stat, const std::string& name) -> Status {
    TRY(const NpyLayout layout, read_layout(archive.get(), stat, path, name));
    if (layout.dims.empty()) return ok();
    if (!layout.plain) {
      TRY(Tensor t, read_array(archive.get(), stat, name, path));
      arrays[name] = rows_of(std::move(t));
      return ok();
    }
    if (stat.size > stat.comp_size * largest_ratio) return damaged(path, fmt::format("'{}' cannot be read (its size is impossible)", stat.name));
    const auto elements = static_cast<uint64_t>(*limits::product(layout.dims));
    if (stat.size != layout.offset + elements * byte_size(layout.dtype))
      return diag("TN1301", "{}: {} elements are announced, {} bytes are there", what(name, path), elements, stat.size - layout.offset);
    Entry entry(zip_fopen_index(archive.get(), stat.index, 0), &zip_fclose);
    if (!entry) return damaged(path, fmt::format("'{}' cannot be read ({})", name, zip_strerror(archive.get())));
    arrays[name] = std::make_shared<EntryRows>(archive, std::move(entry), layout, stat, what(name, path));
    return ok();
  }));
  return arrays;
}

}  // namespace toucanet
