#pragma once
// Arrays as NumPy keeps them: one in a .npy file.
#include <memory>
#include <string>
#include <string_view>

#include "diag/diag.h"
#include "ir/tensor.h"

namespace toucanet {

/// The array in the bytes of a .npy file. C order on return, whatever the file has; little-endian arrays in C order are
/// views of the bytes, which `owner` keeps alive. 'S' and 'U' become string tensors ('U' as UTF-8), without the NULs at
/// the end of an element. TN1301 if the bytes are damaged, TN1302 for element types that no tensor has; `what` names the
/// array in messages.
Expected<Tensor> read_npy(std::string_view bytes, std::shared_ptr<const void> owner, const std::string& what);
/// The same of a file, which stays mapped as long as the tensor needs it.
Expected<Tensor> read_npy_file(const std::string& path);

/// How a .npy file's array lies in it.
struct NpyLayout {
  DType dtype;
  std::vector<int64_t> dims;
  size_t offset;  ///< of the first element
  bool plain;     ///< numbers, little-endian, in C order: rows can be taken as they are
};
/// Of the file's beginning, which holds the header. TN1301, TN1302.
Expected<NpyLayout> read_npy_layout(std::string_view beginning, const std::string& what);

/// The bytes of a .npy file: format 1.0, C order. Quantised types are written as the integers that store them, strings
/// as 'S', of which NumPy drops NULs at the end. TN1302 for types that NumPy does not have.
Expected<std::string> write_npy(const Tensor&);
/// TN5004 if the file cannot be written.
Status write_npy_file(const std::string& path, const Tensor&);

}  // namespace toucanet
