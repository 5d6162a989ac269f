#include "ops/pad/pad.h"
#include "ops/shapes.h"
#include "rewrites/affine.h"
#include "rewrites/constants.h"

namespace toucanet::rewrites {
namespace fold_pad_into_conv_ {
constexpr AnyVar layer{"layer"};
constexpr Var x{"x"}, amounts{"amounts"}, w{"w"}, b{"b"};

struct Window {
  Padding padding;
  int64_t stride[2], dilation[2];
};
Window window_of(const Node& n) {
  const auto of = [](const auto& a) { return Window{a.padding, {a.stride_h, a.stride_w}, {a.dilation_h_factor, a.dilation_w_factor}}; };
  return n.is<Conv2D>() ? of(n.as<Conv2D>()) : of(n.as<DepthwiseConv2D>());
}

Verdict when(const Match& m) {
  const Window win = window_of(m.node(layer));
  if (win.padding != Padding::Valid) return m.reject("the layer pads already (SAME)");
  const auto a = integers(m.constant(amounts));
  const Shape &s = m.shape(x), &f = m.shape(w);
  if (a.size() != 8 || !s.ranked() || s.rank() != 4 || !f.ranked()) return m.reject("x [{}] has no four axes", s.str());
  if (a[0] || a[1] || a[6] || a[7]) return m.reject("batch or channels are padded");
  for (size_t i = 0; i < 2; ++i) {
    const Dim &n = s[1 + i], &k = f[1 + i];
    if (!k.known()) return m.reject("the kernel is not known");
    const int64_t reach = (k.value() - 1) * win.dilation[i] + 1;
    int64_t total = reach - 1;
    if (win.stride[i] != 1) {
      if (!n.known()) return m.reject("with stride {}, SAME depends on the size {}, which is not known", win.stride[i], n.str());
      const int64_t out = (n.value() + win.stride[i] - 1) / win.stride[i];
      total = std::max<int64_t>(0, (out - 1) * win.stride[i] + reach - n.value());
    }
    const int64_t before = total / 2, behind = total - before;
    if (a[2 + 2 * i] != before || a[3 + 2 * i] != behind)
      return m.reject("{} is padded by {}, {}; SAME pads by {}, {}", i ? "the width" : "the height", a[2 + 2 * i], a[3 + 2 * i], before, behind);
  }
  return accept();
}

std::vector<Value> build(const Match& m, Patch& p) {
  const Node& n = m.node(layer);
  const auto same_padding = [](auto attrs) { return attrs.padding = Padding::Same, attrs; };
  std::vector<Value> in = n.inputs;
  in[0] = m[x];
  return {n.is<Conv2D>() ? p.add<Conv2D>(in, same_padding(n.as<Conv2D>())) : p.add<DepthwiseConv2D>(in, same_padding(n.as<DepthwiseConv2D>()))};
}
}  // namespace fold_pad_into_conv_

extern const Rewrite fold_pad_into_conv;
constinit const Rewrite fold_pad_into_conv = {
    .name = "fold_pad_into_conv",
    .summary = "a convolution of a padded image becomes one with SAME padding where the amounts agree exactly",
    .mathematics = "SAME pads max((⌈n/s⌉−1)·s + (k−1)·d + 1 − n, 0) zeros, the odd one behind",
    .stage = Stage::Fuse,
    .pattern =
        [] {
          using namespace fold_pad_into_conv_;
          return any_of<Conv2D, DepthwiseConv2D>(layer, op<Pad>(x, constant(amounts)), w, optional(b));
        },
    .when = fold_pad_into_conv_::when,
    .build = fold_pad_into_conv_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
