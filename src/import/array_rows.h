#pragma once
// Arrays of files, a row (an index of the first axis) at a time.
#include <memory>
#include <string>

#include "diag/diag.h"
#include "ir/tensor.h"

namespace toucanet {

class ArrayRows {
 public:
  virtual ~ArrayRows() = default;
  DType dtype() const { return dtype_; }
  const std::vector<int64_t>& dims() const { return dims_; }
  /// Tells arrays apart: a hash, or a checksum of the file's own.
  uint64_t content() const { return content_; }
  /// Rows can only be had in rising order.
  virtual bool in_order() const { return false; }
  /// Row i, its shape without the first axis. One call at a time. TN1303 where the file is damaged.
  virtual Expected<Tensor> row(uint64_t i) = 0;

 protected:
  DType dtype_ = DType::F32;
  std::vector<int64_t> dims_;  // at least one
  uint64_t content_ = 0;
  std::vector<int64_t> row_dims() const { return {dims_.begin() + 1, dims_.end()}; }
};

/// Of an array in memory, or in a mapped file.
std::shared_ptr<ArrayRows> rows_of(Tensor);

}  // namespace toucanet
