#include "ops/add/add.h"
#include "ops/batch_to_space_nd/batch_to_space_nd.h"
#include "ops/expand_dims/expand_dims.h"
#include "ops/pad/pad.h"
#include "ops/reshape/reshape.h"
#include "ops/space_to_batch_nd/space_to_batch_nd.h"
#include "ops/squeeze/squeeze.h"
#include "rewrites/affine.h"
#include "rewrites/constants.h"

namespace toucanet::rewrites {
namespace fuse_dilated_conv_ {
constexpr NodeVar<SpaceToBatchNd> spread{"spread"};
constexpr AnyVar layer{"layer"}, expand{"expand"}, squeeze{"squeeze"};
constexpr NodeVar<Add> sum{"sum"};
constexpr Var x{"x"}, block{"block"}, paddings{"paddings"}, w{"w"}, b{"b"}, c{"c"}, block2{"block2"}, crops{"crops"};

// What the convolution does along height and width.
struct Axis {
  int64_t dilation = 1, before = 0, behind = 0;  ///< zeros, or elements dropped where negative
};
struct Plan {
  Axis axes[2];
  std::optional<size_t> added;  ///< the axis of size 1 in front of a convolution of sequences
  std::string problem;
};

Plan plan(const Match& m) {
  Plan p;
  const auto blocks = integers(m.constant(block)), pads = integers(m.constant(paddings)), cuts = integers(m.constant(crops));
  if (blocks != integers(m.constant(block2))) return p.problem = "the blocks of the two ends differ", p;
  // Amounts that are computed are cropped again where both ends read the same value.
  const bool cancel = m[paddings] == m[crops];
  if (!cancel && (!m.constant(paddings) || !m.constant(crops))) return p.problem = "the paddings or crops are not constant", p;
  if (!cancel && (pads.size() != 2 * blocks.size() || cuts.size() != pads.size())) return p.problem = "paddings and crops do not fit the block", p;
  const Shape& s = m.shape(x);
  if (!s.ranked() || s.rank() < 3 || s.rank() > 4) return p.problem = fmt::format("x has the shape [{}]", s.str()), p;
  const bool sequence = s.rank() == 3;
  if (sequence != static_cast<bool>(m[expand]) || sequence != static_cast<bool>(m[squeeze])) return p.problem = "the ranks before and after do not fit", p;
  if (blocks.empty() || blocks.size() > s.rank() - 2) return p.problem = fmt::format("the block has {} axes", blocks.size()), p;
  size_t first = 0;
  if (sequence) {
    const Shape &t = m.shape(spread), &e = m.shape(expand);
    const Shape &y = m.shape(layer), &z = m.shape(squeeze);
    if (!e.ranked() || e.rank() != 4 || !z.ranked() || z.rank() != 3) return p.problem = fmt::format("[{}] is no image", e.str()), p;
    const auto fits = [](const Shape& image, const Shape& row, size_t axis) {
      return image[axis].is(1) && same(image[3 - axis], row[1]) && same(image[3], row[2]);
    };
    for (size_t axis : {size_t{1}, size_t{2}})
      if (!p.added && fits(e, t, axis) && fits(y, z, axis)) p.added = axis;
    if (!p.added) return p.problem = fmt::format("[{}] does not become [{}] by an axis of size 1", t.str(), e.str()), p;
    first = *p.added == 1 ? 1 : 0;
  }
  for (size_t i = 0; i < blocks.size(); ++i) {
    if (blocks[i] < 1) return p.problem = "the block is not positive", p;
    if (cancel) p.axes[first + i] = {blocks[i]};
    else p.axes[first + i] = {blocks[i], pads[2 * i] - cuts[2 * i], pads[2 * i + 1] - cuts[2 * i + 1]};
  }
  for (const Axis& a : p.axes)
    if (a.before < 0 || a.behind < 0) return p.problem = fmt::format("the crops take more than the paddings give ({}, {})", a.before, a.behind), p;
  return p;
}

template <class A>
bool plain(const A& a) {
  return a.padding == Padding::Valid && a.stride_h == 1 && a.stride_w == 1 && a.dilation_h_factor == 1 && a.dilation_w_factor == 1;
}

Verdict when(const Match& m) {
  const Node& n = m.node(layer);
  if (m.type(x).dtype != DType::F32) return m.reject("x is {}, not float32", name(m.type(x).dtype));
  if (!(n.is<Conv2D>() ? plain(n.as<Conv2D>()) : plain(n.as<DepthwiseConv2D>()))) return m.reject("{} pads, strides or dilates itself", n.op->name);
  if (const auto p = plan(m); !p.problem.empty()) return m.reject("{}", p.problem);
  if (m[sum]) {
    if (auto why = along_channels(m.shape(c), m.root_type().shape); !why.empty()) return m.reject("{}", why);
  }
  return accept();
}

// Whether `before`, `behind` are the zeros of SAME with stride 1.
bool is_same(const Axis& a, const Dim& kernel) {
  if (!kernel.known()) return false;
  const int64_t total = (kernel.value() - 1) * a.dilation;
  return a.before == total / 2 && a.behind == total - total / 2;
}

std::vector<Value> build(const Match& m, Patch& p) {
  const Plan how = plan(m);
  const Node& n = m.node(layer);
  const Axis &h = how.axes[0], &v = how.axes[1];
  Value in = m[x];
  if (how.added) in = p.add<ExpandDims>({in, p.constant(Tensor::scalar_i32(static_cast<int32_t>(*how.added)))});
  const bool none = !h.before && !h.behind && !v.before && !v.behind;
  const bool same_padding = !none && is_same(h, m.shape(w)[1]) && is_same(v, m.shape(w)[2]);
  if (!none && !same_padding)
    in = p.add<Pad>({in, p.constant(Tensor::of<int32_t>(DType::I32, {4, 2},
                                                        {0, 0, static_cast<int32_t>(h.before), static_cast<int32_t>(h.behind), static_cast<int32_t>(v.before),
                                                         static_cast<int32_t>(v.behind), 0, 0}))});
  const auto dilated = [&](auto a) {
    a.padding = same_padding ? Padding::Same : Padding::Valid;
    a.dilation_h_factor = static_cast<int32_t>(h.dilation);
    a.dilation_w_factor = static_cast<int32_t>(v.dilation);
    return a;
  };
  std::vector<Value> operands{in, m[w]};
  if (m[b]) operands.push_back(m[b]);
  Value y = n.is<Conv2D>() ? p.add<Conv2D>(operands, dilated(n.as<Conv2D>())) : p.add<DepthwiseConv2D>(operands, dilated(n.as<DepthwiseConv2D>()));
  if (how.added) y = p.add<Squeeze>({y}, {.squeeze_dims = {static_cast<int64_t>(*how.added)}});
  if (m[sum]) y = p.add<Add>({y, m[c]}, m.attrs(sum));
  return {y};
}
}  // namespace fuse_dilated_conv_

extern const Rewrite fuse_dilated_conv;
constinit const Rewrite fuse_dilated_conv = {
    .name = "fuse_dilated_conv",
    .summary = "batch_to_space_nd(conv(space_to_batch_nd(x))) becomes one dilated convolution",
    .mathematics = "phases of every d-th element, convolved each and interleaved, are a convolution with dilation d of x with p₀ − c₀ and p₁ − c₁ zeros",
    .toco = "IdentifyDilatedConv (which took one dilation for both axes and SAME without looking at the amounts)",
    .stage = Stage::Lower,
    .pattern =
        [] {
          using namespace fuse_dilated_conv_;
          const Pattern phases = spread(x, constant(block), paddings).used_once();
          const Pattern conv =
              any_of<Conv2D, DepthwiseConv2D>(layer, one_of(phases, any_of<ExpandDims, Reshape>(expand, phases).with_rest().used_once()), w, optional(b))
                  .used_once();
          const Pattern core = one_of(conv, any_of<Squeeze, Reshape>(squeeze, conv).with_rest().used_once());
          return op<BatchToSpaceNd>(one_of(core, sum(core, constant(c)).used_once()), constant(block2), crops);
        },
    .when = fuse_dilated_conv_::when,
    .build = fuse_dilated_conv_::build,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
