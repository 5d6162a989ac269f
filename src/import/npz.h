#pragma once
#include <map>

#include "import/array_rows.h"
#include "import/npy.h"

namespace toucanet {

/// The arrays of a .npz file (numpy.savez, numpy.savez_compressed) by name. TN1001 if it cannot be read, TN1303 if it is
/// no such archive, TN1301 and TN1302 of its arrays; all problems at once.
Expected<std::map<std::string, Tensor>> read_npz_file(const std::string& path);

/// The same, row by row: an array that was saved without compression is read where it is asked for, a compressed one in
/// order; both without holding it. Arrays that are not plain (NpyLayout) are held.
Expected<std::map<std::string, std::shared_ptr<ArrayRows>>> open_npz_rows(const std::string& path);

}  // namespace toucanet
