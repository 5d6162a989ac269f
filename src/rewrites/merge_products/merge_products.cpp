#include "ops/div/div.h"
#include "ops/mul/mul.h"
#include "rewrites/merge_constants.h"

namespace toucanet::rewrites {

extern const Rewrite merge_products;
constinit const Rewrite merge_products = {
    .name = "merge_products",
    .summary = "two products or quotients by constants become one",
    .mathematics = "(x·a)·b = x·(a·b)",
    .stage = Stage::Fuse,
    .pattern = merge_constants::pattern<Mul, Div>,
    .when = merge_constants::when,
    .build = merge_constants::build<Mul, Div>,
    .progress = Progress::Lowers,
};
}  // namespace toucanet::rewrites
