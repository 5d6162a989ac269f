#include "ops/add/add.h"
#include "ops/sub/sub.h"
#include "rewrites/merge_constants.h"

namespace toucanet::rewrites {

extern const Rewrite merge_sums;
constinit const Rewrite merge_sums = {
    .name = "merge_sums",
    .summary = "two sums or differences with constants become one",
    .mathematics = "(x + a) + b = x + (a + b)",
    .stage = Stage::Fuse,
    .pattern = merge_constants::pattern<Add, Sub>,
    .when = merge_constants::when,
    .build = merge_constants::build<Add, Sub>,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
