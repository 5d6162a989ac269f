#include "import/array_rows.h"

#include <cstring>

namespace toucanet {
namespace {

class TensorRows : public ArrayRows {
  Tensor all_;

 public:
  explicit TensorRows(Tensor t) : all_(std::move(t)) { dtype_ = all_.dtype, dims_ = all_.dims, content_ = all_.content_hash(); }
  Expected<Tensor> row(uint64_t i) override {
    if (dtype_ == DType::String) {
      const auto each = static_cast<size_t>(all_.elements() / dims_[0]);
      const auto values = all_.string_values();
      const auto from = values.begin() + static_cast<std::ptrdiff_t>(i * each);
      return Tensor::strings(row_dims(), {from, from + static_cast<std::ptrdiff_t>(each)});
    }
    const size_t bytes = all_.bytes() / static_cast<size_t>(dims_[0]);
    Tensor t = Tensor::zeros(dtype_, row_dims());
    if (bytes) std::memcpy(t.raw_mutable(), all_.raw() + i * bytes, bytes);
    return t;
  }
};

}  // namespace

std::shared_ptr<ArrayRows> rows_of(Tensor t) { return std::make_shared<TensorRows>(std::move(t)); }

}  // namespace toucanet
