#pragma once
#include <map>

#include "import/npy.h"

namespace toucanet {

/// The arrays of a .npz file (numpy.savez, numpy.savez_compressed) by name. TN1001 if it cannot be read, TN1303 if it is
/// no such archive, TN1301 and TN1302 of its arrays; all problems at once.
Expected<std::map<std::string, Tensor>> read_npz_file(const std::string& path);

}  // namespace toucanet
