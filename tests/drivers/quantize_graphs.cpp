// Quantisation beyond one graph and one reader: signatures, graphs that are called, constants that are shared, tables.
#include <algorithm>

#include "calibration_samples.h"
#include "export/write_tflite.h"
#include "ops/custom/custom.h"
#include "pipeline/convert.h"
#include "quantize/quantize.h"
#include "runtime/model_runner.h"

namespace toucanet {
namespace {

constexpr const char* two_graphs = R"(graph "main"
  %x = input "x" : f32[1,4]
  %y = relu(%x) "y"
  return %y "y"
graph "other"
  %x = input "x" : f32[1,4]
  %a = relu(%x) "a"
  %w = const : f32[3,4] "w"
  %b = const : f32[3] "b"
  %y = fully_connected(%a, %w, %b) "z"
  return %y "z"
)";

Module two_signatures() {
  Module m = parsed(two_graphs);
  m.signatures = {{.key = "first", .graph = 0, .inputs = {{"x", 0}}, .outputs = {{"y", 0}}},
                  {.key = "second", .graph = 1, .inputs = {{"v", 0}}, .outputs = {{"z", 0}}}};
  return m;
}

std::vector<NodeId> nodes(const Graph& g, std::string_view builtin) {
  std::vector<NodeId> found;
  for (NodeId id : g.topological())
    if (g[id].op->tflite.builtin == builtin) found.push_back(id);
  return found;
}

size_t constants_of(const Graph& g, DType t) {
  size_t n = 0;
  for (NodeId id : g.topological()) n += g[id].is<Const>() && g.type({id, 0}).dtype == t;
  return n;
}

const RangeSource& source_of(const Quantized& done, std::string_view tensor) {
  const auto at = std::find_if(done.ranges.begin(), done.ranges.end(), [&](const RangeSource& r) { return r.tensor == tensor; });
  if (at != done.ranges.end()) return *at;
  ADD_FAILURE() << "no range of " << tensor;
  static const RangeSource none;
  return none;
}

TEST(QuantizeGraphs, EverySignatureIsQuantised) {
  Module m = two_signatures();
  const auto done = quantize(m, {.mode = QuantMode::Int8, .input_type = DType::I8, .output_type = DType::I8, .default_range = MinMax{-1, 3}}, {});
  ASSERT_TRUE(done) << str(done.error());
  for (const Graph& g : m.graphs) {
    EXPECT_EQ(g.type(g.inputs[0]).dtype, DType::I8) << g.name;
    EXPECT_EQ(g.type(g.outputs()[0].value).dtype, DType::I8) << g.name;
  }
  EXPECT_EQ(m.graphs[1].type(m.graphs[1][nodes(m.graphs[1], "FULLY_CONNECTED")[0]].inputs[2]).dtype, DType::I32) << "the bias";
  EXPECT_EQ(source_of(*done, "other::w").source, "its own values, per channel");
  EXPECT_EQ(source_of(*done, "x").source, "given default");
}

// Ranges are observed, trained and given for what the source computes.
TEST(QuantizeGraphs, IntegersStandForTheSourcesOwnActivations) {
  const Module source = parsed(R"(graph "main"
  %x = input "x" : f32[1,2,2,2]
  %size = const : i32[2] = [4, 4]
  %r = resize_bilinear(%x, %size) "resized"
  %w = const : f32[2,1,1,2] = [1, 2, -1, 0]
  %y = conv_2d(%r, %w) "y"
  return %y "y"
)");
  const auto convolved = [&](QuantMode mode) {
    ConvertOptions options;
    options.verify = false;
    options.recipe.mode = mode;
    options.recipe.default_range = MinMax{-1, 1};
    auto done = convert(source.clone(), options);
    EXPECT_TRUE(done) << str(done.error());
    const Graph& g = done->module.main();
    return g[g[nodes(g, "CONV_2D")[0]].inputs[0]].op->name;
  };
  EXPECT_EQ(convolved(QuantMode::None), "input");
  EXPECT_EQ(convolved(QuantMode::DynamicRange), "input");
  EXPECT_EQ(convolved(QuantMode::Int8), "resize_bilinear");
}

TEST(QuantizeGraphs, GraphsThatAreCalledKeepTheirCallersTypes) {
  Module m = parsed(R"(graph "main"
  %i = input "i" : i32[]
  %x = input "x" : f32[2]
  %t0 = effect_start() : token[]
  %n, %y, %t1 = while(%i, %x, %t0) {cond_subgraph_index=graph1, body_subgraph_index=graph2}
  return %n "n", %y "y"
graph "cond"
  %i = input "i" : i32[]
  %x = input "x" : f32[2]
  %three = const : i32[] = [3]
  %go = less(%i, %three)
  return %go
graph "body"
  %i = input "i" : i32[]
  %x = input "x" : f32[2] "bx"
  %one = const : i32[] = [1]
  %next = add(%i, %one)
  %half = const : f32[1] = [0.5]
  %y = mul(%x, %half) "half"
  return %next, %y
)");
  const auto done = quantize(m, {.mode = QuantMode::Int8, .default_range = MinMax{-2, 2}}, {});
  ASSERT_TRUE(done) << str(done.error());
  ASSERT_EQ(done->floats.size(), 1u);
  EXPECT_EQ(done->floats[0].op, "WHILE");
  EXPECT_EQ(done->floats[0].reason, "it hands floats to the graphs that it calls");
  const Graph& body = m.graphs[2];
  EXPECT_EQ(body.type(body.inputs[1]).dtype, DType::F32);
  EXPECT_EQ(body.type({nodes(body, "MUL")[0], 0}).dtype, DType::I8);
  EXPECT_EQ(source_of(*done, "body::half").source, "given default");

  auto bytes = write_tflite(m);
  ASSERT_TRUE(bytes) << str(bytes.error());
  auto owner = std::make_shared<const std::string>(*bytes);
  auto model = ModelRunner::load(owner, *owner);
  ASSERT_TRUE(model) << str(model.error());
  ASSERT_TRUE((*model)->allocate());
  (*model)->tensor(0, (*model)->file().inputs[0])->as_mutable<int32_t>()[0] = 1;
  const auto x = (*model)->tensor(0, (*model)->file().inputs[1])->as_mutable<float>();
  x[0] = 2, x[1] = -1;
  ASSERT_TRUE((*model)->invoke());
  const auto y = (*model)->tensor(0, (*model)->file().outputs[1])->as<float>();
  EXPECT_NEAR(y[0], 0.5f, 0.02f);
  EXPECT_NEAR(y[1], -0.25f, 0.02f);
}

TEST(QuantizeGraphs, RulesSelectByTheNodesOfTheirOwnGraph) {
  for (const QuantMode mode : {QuantMode::Int8, QuantMode::WeightOnly}) {
    Module m = two_signatures();
    Recipe r{.mode = mode, .min_weight_elements = 1, .default_range = MinMax{-1, 3}};
    r.rules = {{.tensor = "z", .weights = Granularity::PerTensor}, {.op = "RELU", .mode = QuantMode::None}};
    const auto done = quantize(m, r, {});
    ASSERT_TRUE(done) << str(done.error());
    EXPECT_EQ(source_of(*done, "other::w").quant.scale.size(), 1u) << name(mode);
  }
}

TEST(QuantizeGraphs, SamplesOfEverySignatureAreObserved) {
  const Module floats = two_signatures();
  class Both : public SampleSource {
    std::optional<uint64_t> size() const override { return 6; }
    std::vector<uint32_t> graphs() const override { return {0, 1}; }
    uint32_t graph(uint64_t i) const override { return i < 2 ? 0 : 1; }
    std::string description() const override { return "both"; }
    Expected<std::optional<std::vector<Tensor>>> sample(uint64_t i) override {
      if (i >= 6) return std::optional<std::vector<Tensor>>{};
      return std::optional(std::vector<Tensor>{Tensor::of<float>(DType::F32, {1, 4}, {static_cast<float>(i), 1, -1, 0})});
    }
  } source;
  const auto seen = calibrate(floats, source, {.threads = 2});
  ASSERT_TRUE(seen) << str(seen.error());
  EXPECT_EQ(seen->observations.samples, 6u);
  EXPECT_EQ(seen->observations.tensors.at("y").range().max, 1);
  EXPECT_EQ(seen->observations.tensors.at("other::a").range().max, 5);
  Module m = floats.clone();
  const auto done = quantize(m, {.mode = QuantMode::Int8, .allow_float = false}, seen->observations);
  ASSERT_TRUE(done) << str(done.error());
  EXPECT_EQ(source_of(*done, "other::a").range.max, 5);
  EXPECT_EQ(source_of(*done, "y").range.max, 1);
}

constexpr const char* shared_weights = R"(graph main
  %a = input "a" : f32[1,4]
  %b = input "b" : f32[1,4]
  %w = const : f32[3,4] "w"
  %z = const : f32[3] = [0, 0, 0]
  %y = fully_connected(%a, %w, %z) "y"
  %v = fully_connected(%b, %w, %z) "v"
  return %y "y", %v "v"
)";

TEST(QuantizeGraphs, WeightsOfTwoOperatorsAreStoredOnce) {
  for (const QuantMode mode : {QuantMode::Int8, QuantMode::DynamicRange, QuantMode::WeightOnly, QuantMode::Float16}) {
    SCOPED_TRACE(name(mode));
    Module m = parsed(shared_weights);
    const auto done = quantize(m, {.mode = mode, .min_weight_elements = 1, .default_range = MinMax{-2, 2}}, {});
    ASSERT_TRUE(done) << str(done.error());
    EXPECT_EQ(constants_of(m.main(), mode == QuantMode::Float16 ? DType::F16 : DType::I8), mode == QuantMode::Float16 ? 2u : 1u);
    EXPECT_LE(nodes(m.main(), "DEQUANTIZE").size(), mode == QuantMode::Int8 || mode == QuantMode::WeightOnly || mode == QuantMode::Float16 ? 2u : 0u);
    const auto reported = std::count_if(done->ranges.begin(), done->ranges.end(), [](const RangeSource& r) { return r.tensor == "w"; });
    EXPECT_EQ(reported, mode == QuantMode::Float16 ? 0 : 1);
  }
}

TEST(QuantizeGraphs, WeightsThatWereHalvesAreWeights) {
  Module m = parsed(shared_weights);
  ASSERT_TRUE(quantize(m, {.mode = QuantMode::Float16}, {}));
  ASSERT_EQ(constants_of(m.main(), DType::F16), 2u);
  const auto done = quantize(m, {.mode = QuantMode::Int8, .allow_float = false, .default_range = MinMax{-2, 2}}, {});
  ASSERT_TRUE(done) << str(done.error());
  EXPECT_EQ(constants_of(m.main(), DType::I8), 1u);
  EXPECT_EQ(constants_of(m.main(), DType::F16), 0u);
}

TEST(QuantizeGraphs, ModelsWhoseWeightsAreHalvesAreObserved) {
  Module m = parsed(convolutions);
  ASSERT_TRUE(quantize(m, {.mode = QuantMode::Float16}, {}));
  Observer o(m);
  const auto added = o.add(0, {sample_of(1)});
  ASSERT_TRUE(added) << str(added.error());
  const auto seen = o.seen();
  ASSERT_TRUE(seen);
  const auto done = quantize(m, {.mode = QuantMode::Int8, .allow_float = false}, *seen);
  ASSERT_TRUE(done) << str(done.error());
  EXPECT_EQ(constants_of(m.main(), DType::I8), 2u);
}

TEST(QuantizeGraphs, TablesAreMovedAsTheyAreStored) {
  for (const int64_t least : {1, 129}) {
    Module m = parsed(R"(graph main
  %i = input "i" : i32[2]
  %t = const : f32[64,2] "table"
  %y = gather(%t, %i) {axis=0} "y"
  return %y "y"
)");
    const auto done = quantize(m, {.mode = QuantMode::DynamicRange, .min_weight_elements = least}, {});
    ASSERT_TRUE(done) << str(done.error());
    const NodeId gather = nodes(m.main(), "GATHER")[0];
    EXPECT_EQ(m.main().type({gather, 0}).dtype, least == 1 ? DType::I8 : DType::F32);
    EXPECT_EQ(m.main().result(m.main().outputs()[0].value).name, "y");
    EXPECT_EQ(m.main().type(m.main().outputs()[0].value).dtype, DType::F32);
    EXPECT_EQ(done->ranges.size(), least == 1 ? 1u : 0u);
  }
}

TEST(QuantizeGraphs, EmbeddingsGiveWhatTheirReadersTake) {
  for (const QuantMode mode : {QuantMode::Int8, QuantMode::DynamicRange}) {
    SCOPED_TRACE(name(mode));
    Module m = parsed(R"(graph main
  %i = input "i" : i32[2]
  %t = const : f32[64,2] "table"
  %y = embedding_lookup(%i, %t) {result_dtype=f32} "y"
  return %y "y"
)");
    const auto done = quantize(m, {.mode = mode, .min_weight_elements = 1, .default_range = MinMax{-1, 1}}, {});
    ASSERT_TRUE(done) << str(done.error());
    const Graph& g = m.main();
    EXPECT_EQ(g.type({nodes(g, "EMBEDDING_LOOKUP")[0], 0}).dtype, mode == QuantMode::Int8 ? DType::I8 : DType::F32);
    EXPECT_EQ(nodes(g, "DEQUANTIZE").size(), mode == QuantMode::Int8 ? 1u : 0u);
    EXPECT_EQ(g.type(g.outputs()[0].value).dtype, DType::F32);
  }
}

TEST(QuantizeGraphs, RangesOfChannelsSpeakForTheTensor) {
  Module m = parsed("graph main\n  %x = input \"x\" : f32[1,2]\n  %y = relu(%x) \"y\"\n  return %y \"y\"\n");
  Graph& g = m.main();
  g.result(g.inputs[0]).type.quant = std::make_shared<const Quant>(Quant{{}, {}, 0, {0, -1}, {4, 3}});
  g.result(g.outputs()[0].value).type.quant = std::make_shared<const Quant>(Quant{{}, {}, 0, {0}, {5}});
  const auto done = quantize(m, {.mode = QuantMode::Int8, .allow_float = false}, {});
  ASSERT_TRUE(done) << str(done.error());
  EXPECT_EQ(source_of(*done, "x").range, (MinMax{-1, 4}));
  EXPECT_EQ(source_of(*done, "x").source, "stored in the file");
  EXPECT_EQ(source_of(*done, "y").range, (MinMax{0, 5}));
}

TEST(QuantizeGraphs, TensorsOfOneNameHaveTheirOwnRanges) {
  const Module floats = parsed(R"(graph main
  %x = input "x" : f32[1,2]
  %two = const : f32[1] = [2]
  %a = mul(%x, %two) "same"
  %y = mul(%a, %a) "same"
  return %y "y"
)");
  Observer o(floats);
  ASSERT_TRUE(o.add(0, {Tensor::of<float>(DType::F32, {1, 2}, {-1, 3})}));
  Module m = floats.clone();
  const auto done = quantize(m, {.mode = QuantMode::Int8}, *o.seen());
  ASSERT_TRUE(done) << str(done.error());
  std::vector<double> most;
  for (const RangeSource& r : done->ranges)
    if (r.tensor == "same") most.push_back(r.range.max);
  EXPECT_EQ(most, (std::vector<double>{6, 36}));
}

TEST(QuantizeGraphs, CustomOperatorsAreNamedAndKeepFloats) {
  Module m = parsed("graph main\n  %x = input \"x\" : f32[1,2]\n  %y = relu(%x) \"y\"\n  return %y \"y\"\n");
  Graph& g = m.main();
  const auto custom = g.add<Custom>({g.outputs()[0].value}, {.custom_code = "Mine", .types = {static_cast<int64_t>(DType::F32)}}, "z");
  ASSERT_TRUE(custom);
  g.set_output(0, {*custom, 0});
  const auto done = quantize(m, {.mode = QuantMode::Int8, .default_range = MinMax{-1, 1}}, {});
  ASSERT_TRUE(done) << str(done.error());
  ASSERT_EQ(done->floats.size(), 1u);
  EXPECT_EQ(done->floats[0].op, "Mine");
  EXPECT_EQ(done->floats[0].reason, "a custom operator takes floats");
}

TEST(QuantizeGraphs, ConstantsThatNoScaleStoresStayFloats) {
  const auto with = [](const char* numbers) {
    return parsed(fmt::format(R"(graph main
  %x = input "x" : f32[1,2]
  %w = const : f32[2,2] = [{}] "w"
  %b = const : f32[2] = [0, 0] "b"
  %y = fully_connected(%x, %w, %b) "y"
  return %y "y"
)",
                              numbers)
                      .c_str());
  };
  for (const char* numbers : {"1, inf, 2, 3", "1, nan, 2, 3"})
    for (const QuantMode mode : {QuantMode::Int8, QuantMode::DynamicRange}) {
      SCOPED_TRACE(fmt::format("{} {}", name(mode), numbers));
      Module m = with(numbers);
      const auto done = quantize(m, {.mode = mode, .min_weight_elements = 1, .default_range = MinMax{-1, 1}}, {});
      ASSERT_TRUE(done) << str(done.error());
      ASSERT_EQ(done->floats.size(), 1u);
      EXPECT_EQ(done->floats[0].reason, fmt::format("its constant 'w' holds {}", std::string(numbers).substr(3, 3)));
    }
}

TEST(QuantizeGraphs, APadOfInfinityIsTheLeastNumber) {
  Module m = parsed(R"(graph main
  %x = input "x" : f32[1,2]
  %p = const : i32[2,2] = [0, 0, 1, 1]
  %v = const : f32[] = [-inf]
  %y = pad_with_value(%x, %p, %v) "y"
  return %y "y"
)");
  m.main().result(m.main().inputs[0]).type.quant = std::make_shared<const Quant>(Quant{{}, {}, 0, {-1}, {3}});
  const auto done = quantize(m, {.mode = QuantMode::Int8, .allow_float = false, .default_range = MinMax{-3e38, 3e38}}, {});
  ASSERT_TRUE(done) << str(done.error());
  const Graph& g = m.main();
  EXPECT_EQ(g.constant(g[nodes(g, "PADV2")[0]].inputs[2])->as<int8_t>()[0], -128);
  EXPECT_EQ(source_of(*done, "y").range, (MinMax{-1, 3}));
}

TEST(QuantizeGraphs, ARangeThatIsNoneIsSaid) {
  for (const auto& [low, high, reason] : {std::tuple{3.0f, 1.0f, "'x' has no range: [3, 1] is stored in the file, which is none"},
                                          {0.0f, std::numeric_limits<float>::infinity(), "'x' has no range: [0, inf] is stored in the file, which is none"}}) {
    Module m = parsed("graph main\n  %x = input \"x\" : f32[1,2]\n  %y = softmax(%x) {beta=1} \"y\"\n  return %y \"y\"\n");
    m.main().result(m.main().inputs[0]).type.quant = std::make_shared<const Quant>(Quant{{}, {}, 0, {low}, {high}});
    const auto done = quantize(m, {.mode = QuantMode::Int8, .allow_float = false}, {});
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error()[0].code, "TN7002") << "nothing has a range";
    Recipe r{.mode = QuantMode::Int8, .allow_float = false};
    r.rules = {{.tensor = "y", .range = MinMax{0, 1}}};
    Observations seen;
    seen.samples = 1;
    const auto strict = quantize(m, r, seen);
    ASSERT_FALSE(strict);
    EXPECT_EQ(strict.error()[0].code, "TN7003");
    EXPECT_NE(strict.error()[0].what.find(reason), std::string::npos) << strict.error()[0].what;
  }
}

// Operators whose kernels cannot do with the scales that were found, and ranges with which they can.
TEST(QuantizeGraphs, ScalesThatNoKernelTakesLeaveFloats) {
  struct Case {
    const char *node, *reason;
    MinMax x, y, z;  // of operands and result
    MinMax fit_x, fit_y, fit_z;
    QuantMode mode = QuantMode::Int8;
  };
  const Case cases[] = {
      {"less(%x, %y)", "1 or more", {-200, 200}, {-300, 300}, {0, 1}, {-100, 100}, {-100, 100}, {0, 1}},
      {"add(%x, %y)", "too narrow", {-1, 1}, {-1, 1}, {-1e-6, 1e-6}, {-1, 1}, {-1, 1}, {-1e-3, 1e-3}},
      {"sub(%x, %y)", "too narrow", {-1, 1}, {-1, 1}, {-1e-6, 1e-6}, {-1, 1}, {-1, 1}, {-1e-3, 1e-3}, QuantMode::Int16x8},
      {"squared_difference(%x, %y)", "too narrow", {-9, 9}, {-9, 9}, {0, 1e-4}, {-9, 9}, {-9, 9}, {0, 300}},
  };
  for (const Case& c : cases)
    for (const bool fits : {false, true}) {
      SCOPED_TRACE(fmt::format("{} {}", c.node, fits));
      Module m =
          parsed(fmt::format("graph main\n  %x = input \"x\" : f32[1,4]\n  %y = input \"y\" : f32[1,4]\n  %z = {} \"z\"\n  return %z \"z\"\n", c.node).c_str());
      const Recipe r{
          .mode = c.mode,
          .rules = {
              {.tensor = "x", .range = fits ? c.fit_x : c.x}, {.tensor = "y", .range = fits ? c.fit_y : c.y}, {.tensor = "z", .range = fits ? c.fit_z : c.z}}};
      const auto done = quantize(m, r, {});
      ASSERT_TRUE(done) << str(done.error());
      ASSERT_EQ(done->floats.size(), fits ? 0u : 1u);
      if (!fits) {
        EXPECT_NE(done->floats[0].reason.find(c.reason), std::string::npos) << done->floats[0].reason;
      }
    }
}

// Divisors and what a root is taken of, by what was observed.
TEST(QuantizeGraphs, WhatMayBeStoredAsZeroIsNoDivisor) {
  struct Case {
    const char* node;
    float least;
    QuantMode mode;
    bool stored;
  };
  for (const Case& c :
       {Case{"div(%x, %p)", 0.0f, QuantMode::Int8, false}, Case{"div(%x, %p)", 0.5f, QuantMode::Int8, true}, Case{"rsqrt(%p)", 0.0f, QuantMode::Int8, true},
        Case{"rsqrt(%p)", 0.0f, QuantMode::Int16x8, false}, Case{"rsqrt(%p)", 0.5f, QuantMode::Int16x8, true}, Case{"rsqrt(%p)", -0.5f, QuantMode::Int8, false},
        Case{"sqrt(%p)", -0.5f, QuantMode::Int8, false}, Case{"sqrt(%p)", 0.0f, QuantMode::Int8, true}}) {
    SCOPED_TRACE(fmt::format("{} from {} {}", c.node, c.least, name(c.mode)));
    Module m = parsed(fmt::format("graph main\n  %x = input \"x\" : f32[1,4]\n  %p = input \"p\" : f32[1,4]\n  %z = {} \"z\"\n  %s = sin(%p)\n  return %z "
                                  "\"z\", %x \"same\", %s \"s\"\n",
                                  c.node)
                          .c_str());
    Observer o(m);
    ASSERT_TRUE(o.add(0, {Tensor::of<float>(DType::F32, {1, 4}, {0, 1, -1, 2}), Tensor::of<float>(DType::F32, {1, 4}, {1, 2, 3, 4})}));
    auto seen = *o.seen();
    seen.tensors.at("p").extremes.low = c.least;
    const auto done = quantize(m, {.mode = c.mode}, seen);
    ASSERT_TRUE(done) << str(done.error());
    EXPECT_EQ(std::none_of(done->floats.begin(), done->floats.end(), [](const StayedFloat& f) { return f.node == "z"; }), c.stored);
  }
}

// LiteRT's kernel of float32 reads a scale for each channel.
TEST(QuantizeGraphs, DepthwiseWeightsBesideFloatsHaveAScaleForEachChannel) {
  Module m = parsed(
      "graph main\n  %x = input \"x\" : f32[1,6,6,4]\n  %w = const : f32[1,3,3,8] \"w\"\n  %y = depthwise_conv_2d(%x, %w, _) \"y\"\n  return %y \"y\"\n");
  const auto done = quantize(m, {.mode = QuantMode::DynamicRange, .min_weight_elements = 1, .weights = Granularity::PerTensor}, {});
  ASSERT_TRUE(done) << str(done.error());
  const auto& scales = source_of(*done, "w").quant.scale;
  EXPECT_EQ(scales, std::vector<float>(8, scales[0]));
}

TEST(QuantizeGraphs, RequantisedValuesSayForWhom) {
  Module m = parsed(R"(graph main
  %x = input "x" : f32[1,2]
  %s = softmax(%x) {beta=1} "s"
  %a = relu(%x) "a"
  %c = concatenation(%s, %a) {axis=1} "c"
  return %c "c", %s "s"
)");
  const auto done = quantize(m, {.mode = QuantMode::Int8, .default_range = MinMax{-4, 4}}, {});
  ASSERT_TRUE(done) << str(done.error());
  EXPECT_EQ(source_of(*done, "s").source, "fixed by SOFTMAX");
  EXPECT_TRUE(std::any_of(done->ranges.begin(), done->ranges.end(),
                          [](const RangeSource& r) { return r.tensor == "s" && r.source == "requantised for CONCATENATION 'c'"; }));
}

}  // namespace
}  // namespace toucanet
