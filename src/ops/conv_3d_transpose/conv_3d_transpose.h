#pragma once
#include "ops/conv_3d/conv_3d.h"

namespace toucanet {
/// The gradient of a convolution in three dimensions by its input: y of the given shape [N,D,H,W,O] such that conv(y) has the
/// shape of input [N,d,h,w,I]. filter [KD,KH,KW,O,I], bias [O].
struct Conv3DTranspose {
  using Attrs = Conv3D::Attrs;
  static const OpDef def;
};
}  // namespace toucanet
