#include "ops/resize_bilinear/resize_bilinear_kernels.h"

#include "kernels/bilinear_f32/bilinear_f32_table.h"
#include "kernels/bilinear_i8/bilinear_i8_table.h"
#include "runtime/choose_isa.h"

namespace toucanet::ops::resize_bilinear {
namespace {

// A task is one row of the result.
template <class T, class Micro, class Weight>
struct Bilinear : KernelState {
  const Micro* micro = nullptr;
  size_t batch = 0, in_h = 0, in_w = 0, channels = 0;
  struct Axis {
    std::vector<int> low, high;
    std::vector<Weight> weights;

    template <class Taps>
    explicit Axis(const Taps& taps) {
      for (const auto& t : taps)
        low.push_back(static_cast<int>(t.low)), high.push_back(static_cast<int>(t.high)), weights.push_back(static_cast<Weight>(t.weight));
    }
  } rows, columns;

  template <class Taps>
  Bilinear(const KernelUse& u, Taps taps)
      : rows(taps(u.in[0]->dims[1], u.out[0]->dims[1], u.attrs<ResizeBilinear>())),
        columns(taps(u.in[0]->dims[2], u.out[0]->dims[2], u.attrs<ResizeBilinear>())) {
    const auto& d = u.in[0]->dims;
    batch = static_cast<size_t>(d[0]), in_h = static_cast<size_t>(d[1]), in_w = static_cast<size_t>(d[2]), channels = static_cast<size_t>(d[3]);
  }

  static void run(const KernelState* state, KernelRun& r) noexcept {
    const auto& s = static_cast<const Bilinear&>(*state);
    const size_t in_row = s.in_w * s.channels, out_h = s.rows.low.size(), out_w = s.columns.low.size();
    r.threads.parallel(s.batch * out_h, [&](size_t task, size_t) {
      const size_t row = task % out_h;
      const T* image = r.input<T>(0) + task / out_h * s.in_h * in_row;
      s.micro->run(out_w, s.channels, image + static_cast<size_t>(s.rows.low[row]) * in_row, image + static_cast<size_t>(s.rows.high[row]) * in_row,
                   s.rows.weights[row], s.columns.low.data(), s.columns.high.data(), s.columns.weights.data(), r.output<T>() + task * out_w * s.channels);
    });
  }
};

std::string refuses(const KernelUse& u, DType type) {
  if (u.in[0]->dtype != type) return fmt::format("needs {}, here {}", tf_name(type), tf_name(u.in[0]->dtype));
  if (u.out[0]->elements() == 0) return "needs a result that is not empty";
  const int64_t longest = std::max({u.in[0]->dims[1], u.in[0]->dims[2], u.out[0]->dims[1], u.out[0]->dims[2]});
  return longest < (1 << 24) ? "" : fmt::format("needs axes below 2^24, here {}", longest);
}

using BilinearFloat = Bilinear<float, BilinearF32, float>;
using BilinearInteger = Bilinear<int8_t, BilinearI8, int32_t>;

}  // namespace

const Kernel resize_bilinear_f32{.name = "resize_bilinear_f32",
                                 .refuses = [](const KernelUse& u) { return refuses(u, DType::F32); },
                                 .plan = [](KernelPlan& p) -> std::unique_ptr<KernelState> {
                                   auto s = std::make_unique<BilinearFloat>(p, taps);
                                   s->micro = &choose_isa(p, bilinear_f32_table());
                                   return s;
                                 },
                                 .run = BilinearFloat::run};
const Kernel resize_bilinear_i8{.name = "resize_bilinear_i8",
                                .refuses = [](const KernelUse& u) { return refuses(u, DType::I8); },
                                .plan = [](KernelPlan& p) -> std::unique_ptr<KernelState> {
                                  auto s = std::make_unique<BilinearInteger>(p, fixed_taps);
                                  s->micro = &choose_isa(p, bilinear_i8_table());
                                  return s;
                                },
                                .run = BilinearInteger::run};

}  // namespace toucanet::ops::resize_bilinear
