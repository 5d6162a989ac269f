#pragma once
// The arrays of a file, whichever of NumPy's two formats it has.
#include <map>

#include "import/array_rows.h"

namespace toucanet {

/// All arrays of a .npz file by name, or the one of a .npy file, which has no name. Arrays without an axis are left out.
Expected<std::map<std::string, std::shared_ptr<ArrayRows>>> open_arrays(const std::string& path);

}  // namespace toucanet
