#include "import/open_arrays.h"

#include "import/file.h"
#include "import/npz.h"

namespace toucanet {

Expected<std::map<std::string, std::shared_ptr<ArrayRows>>> open_arrays(const std::string& path) {
  TRY(const auto file, map_file(path));
  if (!file->bytes().starts_with("\x93NUMPY")) return open_npz_rows(path);
  TRY(Tensor t, read_npy_file(path));
  std::map<std::string, std::shared_ptr<ArrayRows>> arrays;
  if (t.rank()) arrays[""] = rows_of(std::move(t));
  return arrays;
}

}  // namespace toucanet
