// Where the ranges of a quantised model came from, derived and recorded, and what storing costs.
#include "quantize/range_report.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <random>

#include "export/output_file.h"
#include "export/write_tflite.h"
#include "import/tflite/read_tflite.h"
#include "ir/text.h"
#include "quantize/observe.h"
#include "quantize/quantize.h"
#include "quantize/stored_range.h"

namespace toucanet {
namespace {

constexpr const char* small_network = R"(graph main
  %x = input "x" : f32[1,6,6,2]
  %w1 = const : f32[4,3,3,2]
  %b1 = const : f32[4]
  %c = conv_2d(%x, %w1, %b1) "conv"
  %p = max_pool_2d(%c) {filter_height=2, filter_width=2, stride_h=2, stride_w=2} "pool"
  %q = sin(%p) "sin"
  %r = softmax(%q) {beta=1} "softmax"
  return %r "softmax"
)";

Module floats() {
  auto m = parse_module(small_network);
  EXPECT_TRUE(m) << str(m.error());
  return std::move(*m);
}

Observations seen(const Module& m) {
  Observer o(m);
  std::mt19937 random(3);
  for (uint64_t i = 0; i < 5; ++i) {
    Tensor t = Tensor::zeros(DType::F32, {1, 6, 6, 2});
    for (float& f : t.as_mutable<float>()) f = static_cast<float>(random() % 2001) / 500.0f - 2.0f;
    const auto s = o.add(i, {t});
    EXPECT_TRUE(s) << str(s.error());
  }
  auto all = o.seen();
  EXPECT_TRUE(all);
  return *all;
}

// As a stranger's file, quantised to int8 with SIN left in floats.
Module quantised(const Observations& o, RangeAlgorithm by = RangeAlgorithm::MinMax) {
  Module m = floats();
  const auto done = quantize(m, {.mode = QuantMode::Int8, .ranges = {.algorithm = by}}, o);
  EXPECT_TRUE(done) << str(done.error());
  auto bytes = write_tflite(m);
  EXPECT_TRUE(bytes);
  auto owner = std::make_shared<const std::string>(*bytes);
  auto back = read_tflite(owner, *owner);
  EXPECT_TRUE(back) << str(back.error());
  return std::move(*back);
}

const RangeRow& row(const std::vector<RangeRow>& rows, std::string_view tensor) {
  for (const auto& r : rows)
    if (r.tensor == tensor) return r;
  ADD_FAILURE() << "no row " << tensor;
  static const RangeRow none;
  return none;
}
const RangeRow& row_of_kind(const std::vector<RangeRow>& rows, std::string_view kind) {
  for (const auto& r : rows)
    if (r.kind == kind) return r;
  ADD_FAILURE() << "no " << kind;
  static const RangeRow none;
  return none;
}

TEST(ExplainRanges, SourcesFollowFromTheFileAlone) {
  const auto rows = range_report(quantised(seen(floats())), {});
  EXPECT_EQ(row(rows, "conv").source, "stored in the file");
  EXPECT_EQ(row(rows, "pool").source, "same as 'conv'");
  EXPECT_EQ(row(rows, "softmax_int8").source, "fixed by SOFTMAX");
  EXPECT_EQ(row_of_kind(rows, "weights").source, "its own values, per channel");
  EXPECT_EQ(row_of_kind(rows, "bias").source, "product of scales, per channel");
  const auto& sine = row(rows, "sin");
  EXPECT_FALSE(sine.range);
  EXPECT_EQ(sine.source, "a float on the way into or out of the integers");
  const auto& conv = row(rows, "conv");
  EXPECT_NEAR(conv.range->max - conv.range->min, 255 * static_cast<double>(conv.quant->scale[0]), 1e-4);
  EXPECT_FALSE(conv.clipped);
}

TEST(ExplainRanges, ObservationsTellTheAlgorithmAndTheCost) {
  const auto o = seen(floats());
  const auto rows = range_report(quantised(o), {nullptr, &o});
  const auto& conv = row(rows, "conv");
  EXPECT_EQ(conv.source, "as minmax of 5 samples gives");
  EXPECT_EQ(*conv.clipped, 0);
  EXPECT_GT(*conv.sqnr_db, 35);
  EXPECT_LT(*conv.sqnr_db, 60);
  EXPECT_FALSE(conv.values.empty());
  EXPECT_EQ(row(rows, "pool").range->min, conv.range->min) << "shared with its operand";
  const auto tight = range_report(quantised(o, RangeAlgorithm::MovingAverage), {nullptr, &o});
  EXPECT_EQ(row(tight, "conv").source, "as moving_average of 5 samples gives");
  EXPECT_GT(*row(tight, "conv").clipped, 0) << "the range is narrower than what was seen";
}

TEST(ExplainRanges, TheRecordGoesFirstWhereItsScalesAreTheFiles) {
  const auto o = seen(floats());
  const Module m = quantised(o);
  QuantizationRecord record;
  const float scale = row(range_report(m, {}), "conv").quant->scale[0];
  record.tensors.emplace("conv", QuantizationRecord::Row{"calibration: minmax of 5 samples", MinMax{-1, 2}, {scale}});
  record.tensors.emplace("softmax", QuantizationRecord::Row{"fixed, says the record", std::nullopt, {1.0f / 256}});
  record.tensors.emplace("pool", QuantizationRecord::Row{"of another file", std::nullopt, {scale * 2}});
  record.floats["sin"] = "no integer kernel";
  const auto rows = range_report(m, {&record, nullptr});
  EXPECT_EQ(row(rows, "conv").source, "calibration: minmax of 5 samples");
  EXPECT_EQ(row(rows, "conv").range->max, 2);
  EXPECT_EQ(row(rows, "softmax_int8").source, "fixed, says the record") << "by the float tensor's name";
  EXPECT_EQ(row(rows, "pool").source, "same as 'conv'") << "a stale row does not count";
  EXPECT_EQ(row(rows, "sin").source, "stays in floats: no integer kernel");
}

TEST(ExplainRanges, WhatWasNeverComputedSaysSo) {
  auto o = seen(floats());
  o.tensors.erase("sin");
  const auto rows = range_report(quantised(o), {nullptr, &o});
  EXPECT_NE(row(rows, "sin").source.find("the branch never ran in 5 samples"), std::string::npos) << row(rows, "sin").source;
}

TEST(ExplainRanges, ExpectedNoiseOfWeightsIsThatOfTheirRounding) {
  const auto rows = range_report(quantised(seen(floats())), {});
  const auto& w = row_of_kind(rows, "weights");
  const Module f = floats();
  double signal = 0, noise = 0;
  for (NodeId id : f.main().topological())
    if (const auto* c = f.main()[id].constant.get(); c && c->rank() == 4) {
      const Quant q = weight_quant(*c, 0);
      const Tensor stored = quantize_tensor(*c, std::make_shared<const Quant>(q), DType::I8, true);
      for (int64_t i = 0; i < c->elements(); ++i) {
        const double back = static_cast<double>(q.scale[static_cast<size_t>(i / 18)]) * stored.number(i);
        signal += c->number(i) * c->number(i), noise += (back - c->number(i)) * (back - c->number(i));
      }
    }
  EXPECT_NEAR(*w.sqnr_db, 10 * std::log10(signal / noise), 2);
}

TEST(ExplainRanges, FakeQuantAndFloatsAreNamed) {
  auto m = parse_module(
      "graph main\n  %x = input \"x\" : f32[1,4]\n  %y = fake_quant(%x) {min=-1, max=3, num_bits=8} \"fq\"\n  %z = sin(%y) \"z\"\n  return %z \"z\"\n");
  ASSERT_TRUE(m) << str(m.error());
  const auto rows = range_report(*m, {});
  EXPECT_EQ(row(rows, "fq").source, "FakeQuant of 8 bits, not applied");
  EXPECT_EQ(row(rows, "fq").range->max, 3);
  EXPECT_EQ(row(rows, "z").source, "stored as floats");
}

// Training's ranges beside every other source, as the record that is written with the model tells them.
TEST(ExplainRanges, SourcesOfATrainedModel) {
  auto m = parse_module(R"(graph main
  %x = input "x" : f32[1,6,6,2]
  %qx = fake_quant(%x) {min=-1, max=1, num_bits=8} "x_quant"
  %w = const : f32[4,3,3,2] "w"
  %qw = fake_quant(%w) {min=-0.5, max=0.5, num_bits=8, narrow_range=true} "w_quant"
  %b = const : f32[4] "b"
  %c = conv_2d(%qx, %qw, %b) "conv"
  %qc = fake_quant(%c) {min=0, max=3, num_bits=8, narrow_range=true} "conv_quant"
  %p = max_pool_2d(%qc) {filter_height=2, filter_width=2, stride_h=2, stride_w=2} "pool"
  %q2 = fake_quant(%qc) {min=0, max=2, num_bits=8} "second_quant"
  %r = relu(%q2) "relu"
  %v = const : f32[1,3,3,4] "v"
  %d = depthwise_conv_2d(%p, %v, _) "depthwise"
  %s = softmax(%d) {beta=1} "softmax"
  %z = sin(%s) "sin"
  return %z "sin", %r "relu"
)");
  ASSERT_TRUE(m) << str(m.error());
  const auto done = quantize(*m, {.mode = QuantMode::Int8, .default_range = MinMax{-4, 4}}, {});
  ASSERT_TRUE(done) << str(done.error());
  QuantizationRecord record;
  for (const RangeSource& r : done->ranges) record.tensors.emplace(r.tensor, QuantizationRecord::Row{r.source, r.range, r.quant.scale});
  for (const StayedFloat& f : done->floats) record.floats[f.node] = f.reason;
  auto bytes = write_tflite(*m);
  ASSERT_TRUE(bytes);
  const auto owner = std::make_shared<const std::string>(*bytes);
  auto back = read_tflite(owner, *owner);
  ASSERT_TRUE(back) << str(back.error());
  const auto rows = range_report(*back, {&record, nullptr});
  EXPECT_EQ(row(rows, "x_int8").source, "FAKE_QUANT 'x_quant'");
  EXPECT_EQ(*row(rows, "x_int8").range, (MinMax{-1, 1}));
  EXPECT_EQ(row(rows, "w").source, "FAKE_QUANT 'w_quant'");
  EXPECT_EQ(row(rows, "b").source, "product of scales");
  EXPECT_EQ(row(rows, "conv").source, "FAKE_QUANT 'conv_quant'");
  EXPECT_EQ(row(rows, "conv").quant->scale[0], static_cast<float>(3.0 / 254)) << "narrow";
  EXPECT_EQ(row(rows, "pool").source, "shared along MAX_POOL_2D with 'conv': FAKE_QUANT 'conv_quant'");
  EXPECT_EQ(row(rows, "v").source, "its own values, per channel");
  EXPECT_EQ(row(rows, "depthwise").source, "given default");
  EXPECT_EQ(row(rows, "softmax").source, "fixed by SOFTMAX");
  EXPECT_EQ(row(rows, "sin").source, "stays in floats: no integer kernel");
  EXPECT_EQ(row(rows, "conv_int8").source, "FAKE_QUANT 'second_quant'");
  // The file alone tells less.
  const auto alone = range_report(*back, {});
  EXPECT_EQ(row(alone, "x_int8").source, "stored in the file");
  EXPECT_EQ(row(alone, "pool").source, "same as 'conv'");
  EXPECT_EQ(row(alone, "b").source, "product of scales");
}

TEST(ExplainRanges, RecordsAreReadOrRefused) {
  const auto path = (std::filesystem::path(testing::TempDir()) / "m.quantization.json").string();
  const auto read = [&](std::string_view text) {
    EXPECT_TRUE(write_file(path, text));
    return read_quantization_record(path);
  };
  const auto r = read(R"({"recipe": {}, "calibration": {"file": "a", "fingerprint": "0a", "samples": 7},
    "ranges": [{"tensor": "t", "source": "s", "range": [-1, 2], "scale": [0.5], "zero_point": [3]}, {"tensor": "u", "source": "v", "scale": [1, 2]}],
    "float_operators": [{"operator": "SIN", "node": "n", "reason": "why"}]})");
  ASSERT_TRUE(r) << str(r.error());
  EXPECT_EQ(r->samples, 7u);
  EXPECT_EQ(r->fingerprint, "0a");
  EXPECT_EQ(r->tensors.find("t")->second.range->max, 2);
  EXPECT_FALSE(r->tensors.find("u")->second.range);
  EXPECT_EQ(r->floats.at("n"), "why");
  for (const char* bad :
       {"", "[]", "{\"ranges\": [{\"tensor\": 1}]}", "{\"ranges\": [{\"tensor\": \"t\", \"source\": \"s\", \"scale\": [1], \"range\": [1]}]}"}) {
    const auto e = read(bad);
    ASSERT_FALSE(e) << bad;
    EXPECT_EQ(e.error()[0].code, "TN8007");
  }
  EXPECT_EQ(quantization_record_of((std::filesystem::path(testing::TempDir()) / "m.tflite").string()), path);
  std::filesystem::remove(path);
  EXPECT_EQ(quantization_record_of((std::filesystem::path(testing::TempDir()) / "m.tflite").string()), "");
}

TEST(ExplainRanges, HistogramsAreSpreadOverColumns) {
  const std::vector<Histogram::Bin> bins{{-1, 0, 10}, {0, 0, 4}, {0, 2, 20}, {2, 3, 5}};
  EXPECT_EQ(columns(bins, {-1, 3}, 4), (std::vector<double>{10, 14, 10, 5}));
  EXPECT_EQ(columns(bins, {0, 1}, 2), (std::vector<double>{9, 5})) << "what lies outside is left out";
  EXPECT_EQ(columns(bins, {1, 1}, 3)[1], 39) << "no width";
  EXPECT_EQ(blocks(std::vector<double>{0, 1, 64}), " ▂█");
}

}  // namespace
}  // namespace toucanet
