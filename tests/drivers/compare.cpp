// Two models layer by layer: pairs by name, noise, clipping; the report for programs and readers.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "export/write_tflite.h"
#include "ir/text.h"
#include "quantize/comparison_report.h"
#include "quantize/observe.h"
#include "quantize/quantize.h"

namespace toucanet {
namespace {

constexpr const char* classifier = R"(graph main
  %x = input "x" : f32[1,8]
  %w1 = const : f32[6,8]
  %b1 = const : f32[6]
  %a = fully_connected(%x, %w1, %b1) {fused_activation_function=relu} "a/Relu"
  %w2 = const : f32[5,6]
  %b2 = const : f32[5]
  %b = fully_connected(%a, %w2, %b2) "b</script>"
  %r = softmax(%b) {beta=1} "softmax"
  return %r "softmax"
)";

Module parsed(std::string_view text) {
  auto m = parse_module(text);
  EXPECT_TRUE(m) << str(m.error());
  return std::move(*m);
}

Tensor sample_of(unsigned seed, float factor = 1) {
  std::mt19937 random(seed);
  Tensor t = Tensor::zeros(DType::F32, {1, 8});
  for (float& f : t.as_mutable<float>()) f = factor * (static_cast<float>(random() % 2001) / 1000.0f - 1.0f);
  return t;
}

Module as_int8(const Module& floats, DType io = DType::F32) {
  Observer o(floats);
  for (unsigned i = 0; i < 10; ++i) EXPECT_TRUE(o.add(i, {sample_of(i)}));
  const auto seen = o.seen();
  EXPECT_TRUE(seen);
  Module m = floats.clone();
  const auto done = quantize(m, {.mode = QuantMode::Int8, .input_type = io, .output_type = io}, *seen);
  EXPECT_TRUE(done) << str(done.error());
  return m;
}

std::unique_ptr<ModelRunner> runner(const Module& m) {
  auto bytes = write_tflite(m);
  EXPECT_TRUE(bytes) << str(bytes.error());
  auto owner = std::make_shared<const std::string>(*bytes);
  auto r = ModelRunner::load(owner, *owner, {.runner = {.preserve_all_tensors = true}});
  EXPECT_TRUE(r) << str(r.error());
  return std::move(*r);
}

const LayerDifference& layer(const std::vector<LayerDifference>& all, std::string_view name) {
  for (const auto& l : all)
    if (l.tensor == name) return l;
  ADD_FAILURE() << "no layer " << name;
  return all.front();
}

// Signal and noise of the first layer, from its own parameters.
TEST(Compare, NoiseIsThatOfTheTensorsThemselves) {
  const Module floats = parsed(classifier), ints = as_int8(floats);
  const auto f = runner(floats), q = runner(ints);
  LayerComparison c(*f, *q, {}, true);
  double signal = 0, noise = 0, largest = 0;
  for (unsigned i = 0; i < 4; ++i) {
    const auto s = c.add({sample_of(100 + i)});
    ASSERT_TRUE(s) << str(s.error());
    const Tensor *x = nullptr, *y = nullptr;
    for (size_t t = 0; t < f->file().tensors.size(); ++t)
      if (f->file().tensors[t].name == "a/Relu") x = f->tensor(0, t);
    for (size_t t = 0; t < q->file().tensors.size(); ++t)
      if (q->file().tensors[t].name == "a/Relu") y = q->tensor(0, t);
    ASSERT_TRUE(x && y);
    ASSERT_EQ(y->dtype, DType::I8);
    for (int64_t k = 0; k < x->elements(); ++k) {
      const double back = static_cast<double>(y->quant->scale[0]) * (y->number(k) - static_cast<double>(y->quant->zero_point[0]));
      signal += x->number(k) * x->number(k), noise += (x->number(k) - back) * (x->number(k) - back);
      largest = std::max(largest, std::fabs(x->number(k) - back));
    }
  }
  EXPECT_EQ(c.samples(), 4u);
  ASSERT_TRUE(c.same_answer());
  EXPECT_GE(*c.same_answer(), 3u);
  EXPECT_TRUE(c.unmatched().empty());
  const auto layers = c.take();
  ASSERT_EQ(layers.size(), 3u) << "in execution order";
  EXPECT_EQ(layers[0].tensor, "a/Relu");
  EXPECT_NEAR(layers[0].sqnr_db(), 10 * std::log10(signal / noise), 1e-3);
  EXPECT_NEAR(layers[0].largest, largest, 1e-6);
  EXPECT_EQ(layers[0].stored_type, DType::I8);
  EXPECT_EQ(layers[0].seen.histogram.count(), 24u);
  EXPECT_EQ(layer(layers, "softmax").stored_type, DType::I8) << "through DEQUANTIZE";
}

TEST(Compare, WhatIsBeyondTheStoredRangeIsClipped) {
  const Module floats = parsed(classifier), ints = as_int8(floats);
  const auto f = runner(floats), q = runner(ints);
  LayerComparison c(*f, *q, {}, false);
  for (unsigned i = 0; i < 4; ++i) ASSERT_TRUE(c.add({sample_of(i, 50)}));
  const auto layers = c.take();
  const auto& a = layer(layers, "a/Relu");
  EXPECT_GT(a.clipped_share(), 0.2);
  EXPECT_LT(a.sqnr_db(), 3);
  EXPECT_TRUE(a.seen.extremes.empty()) << "nothing was to be observed";
}

TEST(Compare, InputsAreGivenAsTheNumbersThatTheyStandFor) {
  const Module floats = parsed(classifier), ints = as_int8(floats, DType::I8);
  const auto f = runner(floats), q = runner(ints);
  LayerComparison c(*f, *q, {}, false), back(*q, *f, {}, false);
  ASSERT_TRUE(c.add({sample_of(3)}));
  const auto layers = c.take();
  EXPECT_GT(layer(layers, "a/Relu").sqnr_db(), 25);
  const Tensor stored = *q->tensor(0, q->file().inputs[0]);
  ASSERT_EQ(stored.dtype, DType::I8);
  ASSERT_TRUE(back.add({stored.copy()}));
  EXPECT_GT(layer(back.layers(), "a/Relu").sqnr_db(), 25) << "and from integers to floats";
}

TEST(Compare, EqualModelsAreEqualAndOthersPartSomewhere) {
  const Module floats = parsed(classifier);
  const auto a = runner(floats), b = runner(floats);
  LayerComparison same(*a, *b, {0, 0}, false);
  ASSERT_TRUE(same.add({sample_of(1)}));
  for (const auto& l : same.layers()) EXPECT_TRUE(!l.past && std::isinf(l.sqnr_db()) && l.largest == 0) << l.tensor;
  std::string other = classifier;
  other.replace(other.find("beta=1"), 6, "beta=2");
  const auto d = runner(parsed(other));
  LayerComparison parts(*a, *d, {}, false);
  ASSERT_TRUE(parts.add({sample_of(1)}));
  EXPECT_FALSE(parts.layers()[1].past);
  EXPECT_TRUE(parts.layers()[2].past);
  EXPECT_TRUE(loses_precision(floats, as_int8(floats)));
  EXPECT_FALSE(loses_precision(floats, parsed(other)));
}

TEST(Compare, JoinedNamesMeetByTheirParts) {
  const char* text = "graph main\n  %x = input \"x\" : f32[1,4]\n  %y = relu(%x) \"{}\"\n  %z = neg(%y) \"{}\"\n  return %z \"{}\"\n";
  const auto f = runner(parsed(fmt::format(fmt::runtime(text), "m/Relu", "out", "out")));
  const auto g = runner(parsed(fmt::format(fmt::runtime(text), "m/Relu;m/BiasAdd;m/Conv2D", "other", "other")));
  LayerComparison c(*f, *g, {}, false);
  ASSERT_TRUE(c.add({Tensor::zeros(DType::F32, {1, 4})}));
  ASSERT_EQ(c.layers().size(), 1u);
  EXPECT_EQ(c.layers()[0].other, "m/Relu;m/BiasAdd;m/Conv2D");
  EXPECT_EQ(c.unmatched(), (std::vector<std::string>{"out"}));
  const auto h = runner(parsed(fmt::format(fmt::runtime(text), "p", "q", "q")));
  EXPECT_EQ(LayerComparison(*f, *h, {}, false).add({Tensor::zeros(DType::F32, {1, 4})}).error()[0].code, "TN3012");
  const auto square =
      runner(parsed("graph main\n  %x = input \"x\" : f32[1,4]\n  %s = const : i32[2] = [2, 2]\n  %y = reshape(%x, %s) \"m/Relu\"\n  return %y \"m/Relu\"\n"));
  LayerComparison shapes(*f, *square, {}, false);
  ASSERT_TRUE(shapes.add({Tensor::zeros(DType::F32, {1, 4})}));
  EXPECT_EQ(shapes.layers()[0].problem, "the shapes differ: [1,4] and [2,2]");
  EXPECT_TRUE(shapes.layers()[0].past);
}

TEST(Compare, NumbersThatAreNoneAreFarApart) {
  const auto f = runner(parsed("graph main\n  %x = input \"x\" : f32[1,4]\n  %y = log(%x) \"y\"\n  return %y \"y\"\n"));
  const auto g = runner(parsed("graph main\n  %x = input \"x\" : f32[1,4]\n  %y = neg(%x) \"y\"\n  return %y \"y\"\n"));
  LayerComparison c(*f, *g, {}, true);
  ASSERT_TRUE(c.add({Tensor::of<float>(DType::F32, {1, 4}, {-1, 1, 1, 1})}));
  EXPECT_TRUE(c.layers()[0].past);
  EXPECT_LT(c.layers()[0].sqnr_db(), -1000);
  const auto layers = c.take();
  EXPECT_TRUE(layers[0].seen.extremes.empty()) << "no histogram of NaN";
}

ComparisonReport report() {
  const Module floats = parsed(classifier), ints = as_int8(floats);
  const auto f = runner(floats), q = runner(ints);
  LayerComparison c(*f, *q, {}, true);
  for (unsigned i = 0; i < 20; ++i) EXPECT_TRUE(c.add({sample_of(i)}));
  ComparisonReport r;
  r.first = {"dir/float.tflite", 1000, 2}, r.second = {"int8.tflite", 400, 1};
  r.data = "numbers", r.samples = c.samples(), r.same_answer = c.same_answer(), r.layers = c.take();
  return r;
}

TEST(Compare, TheReportHoldsEveryLayerWithItsChoices) {
  const auto r = report();
  const auto j = json_of(r, true);
  ASSERT_EQ(j["layers"].size(), 3u);
  const auto& a = j["layers"][0];
  EXPECT_EQ(a["stored"], "int8");
  EXPECT_EQ(a["choices"].size(), std::size(range_algorithm_names));
  EXPECT_EQ(a["choices"][0]["range"][1], a["range"][1]) << "minmax is what was seen";
  EXPECT_NEAR(a["limits"][1].get<double>(), a["range"][1].get<double>(), 0.02 * a["range"][1].get<double>());
  uint64_t counted = 0;
  for (const auto& n : a["histogram"]["counts"]) counted += n.get<uint64_t>();
  EXPECT_GE(counted, 120u);
  EXPECT_FALSE(json_of(r, false)["layers"][0].contains("histogram"));
  const auto order = worst_first(r.layers);
  for (size_t k = 1; k < order.size(); ++k) EXPECT_LE(r.layers[order[k - 1]].sqnr_db(), r.layers[order[k]].sqnr_db());
}

TEST(Compare, ThePageIsOneFileWithoutANetwork) {
  const std::string page = html(report());
  EXPECT_EQ(page.find("TOUCANET_REPORT"), std::string::npos);
  EXPECT_EQ(page.find("http://"), page.find("http://www.w3.org/2000/svg")) << "only the name of SVG";
  EXPECT_EQ(page.find("https://"), std::string::npos);
  EXPECT_EQ(page.find("src="), std::string::npos);
  const auto from = page.find("id=\"report\">") + 12, to = page.find("</script>", from);
  const auto data = nlohmann::json::parse(page.substr(from, to - from), nullptr, false);
  ASSERT_FALSE(data.is_discarded()) << "a name with </script> ends the data";
  EXPECT_EQ(data["layers"][1]["tensor"], "b</script>");
}

TEST(Compare, ModelExplorerFindsEveryLayer) {
  const auto r = report();
  const auto j = node_data(r);
  for (const auto& l : r.layers) EXPECT_NEAR(j["results"][l.tensor]["value"].get<double>(), l.sqnr_db(), 1e-9);
  double last = -1e9;
  for (const auto& t : j["thresholds"]) {
    EXPECT_GT(t["value"].get<double>(), last) << "they rise";
    last = t["value"].get<double>();
    EXPECT_TRUE(t["bgColor"].is_string());
  }
}

}  // namespace
}  // namespace toucanet
