// .tflite files whose parts do not fit together are refused when they are loaded, by code and place.
#include <gtest/gtest.h>

#include <functional>

#include "import/tflite/read_tflite.h"
#include "tflite_generated.h"

namespace toucanet {
namespace {

/// One model of y = x + w, with something changed.
struct Sample {
  std::vector<float> scales = {};
  std::vector<int64_t> zero_points = {};
  int32_t axis = 0;
  fb::TensorType type = fb::TensorType::FLOAT32;
  std::vector<int32_t> inputs = {0}, outputs = {2};
  int version = 1;
  bool sparse = false, blockwise = false;
  uint64_t offset = 0, size = 0;              ///< of w's data outside
  std::optional<int64_t> result_zero_point;   ///< of y, where it is another
  std::optional<fb::TensorType> result_type;  ///< of y, where it is another
  std::vector<std::vector<int32_t>> calls;    ///< for each further subgraph, and the first: what it calls
};

std::string write(const Sample& s) {
  flatbuffers::FlatBufferBuilder b;
  const auto quant = [&](bool result) {
    const auto zero_points = result && s.result_zero_point ? std::vector<int64_t>{*s.result_zero_point} : s.zero_points;
    flatbuffers::Offset<fb::CustomQuantization> custom;
    if (s.blockwise) custom = fb::CreateCustomQuantization(b);
    return fb::CreateQuantizationParametersDirect(b, nullptr, nullptr, s.scales.empty() ? nullptr : &s.scales, zero_points.empty() ? nullptr : &zero_points,
                                                  s.blockwise ? fb::QuantizationDetails::CustomQuantization : fb::QuantizationDetails::NONE, custom.Union(),
                                                  s.axis);
  };
  const std::vector<int32_t> shape{2, 3};
  std::vector<flatbuffers::Offset<fb::Tensor>> tensors;
  for (const char* name : {"x", "w", "y"}) {
    const bool w = *name == 'w';
    const auto q = quant(*name == 'y');
    const auto sparsity = s.sparse && w ? fb::CreateSparsityParameters(b) : flatbuffers::Offset<fb::SparsityParameters>();
    tensors.push_back(fb::CreateTensorDirect(b, &shape, *name == 'y' ? s.result_type.value_or(s.type) : s.type, w ? 1 : 0, name, q, false, sparsity));
  }
  const std::vector<int32_t> operands{0, 1}, results{2};
  std::vector<flatbuffers::Offset<fb::SubGraph>> graphs;
  const auto operators = [&](const std::vector<int32_t>& called) {
    std::vector<flatbuffers::Offset<fb::Operator>> all;
    for (int32_t g : called)
      all.push_back(fb::CreateOperatorDirect(b, 1, nullptr, nullptr, fb::BuiltinOptions::CallOnceOptions, fb::CreateCallOnceOptions(b, g).Union()));
    return all;
  };
  auto first = operators(s.calls.empty() ? std::vector<int32_t>{} : s.calls[0]);
  first.push_back(fb::CreateOperatorDirect(b, 0, &operands, &results, fb::BuiltinOptions::AddOptions, fb::CreateAddOptions(b).Union()));
  graphs.push_back(fb::CreateSubGraphDirect(b, &tensors, &s.inputs, &s.outputs, &first, "main"));
  for (size_t i = 1; i < s.calls.size(); ++i) {
    const auto more = operators(s.calls[i]);
    graphs.push_back(fb::CreateSubGraphDirect(b, nullptr, nullptr, nullptr, &more));
  }
  std::vector<flatbuffers::Offset<fb::OperatorCode>> codes{fb::CreateOperatorCode(b, 0, 0, s.version, fb::BuiltinOperator::ADD),
                                                           fb::CreateOperatorCode(b, 0, 0, 1, fb::BuiltinOperator::CALL_ONCE)};
  const std::vector<uint8_t> data(6 * (s.type == fb::TensorType::FLOAT32 ? 4 : 1), 0);
  std::vector<flatbuffers::Offset<fb::Buffer>> buffers{fb::CreateBuffer(b)};
  buffers.push_back(s.offset ? fb::CreateBuffer(b, 0, s.offset, s.size) : fb::CreateBufferDirect(b, &data));
  fb::FinishModelBuffer(b, fb::CreateModelDirect(b, 3, &codes, &graphs, nullptr, &buffers));
  return {reinterpret_cast<const char*>(b.GetBufferPointer()), b.GetSize()};
}

Expected<Module> read(const std::string& bytes) {
  auto owner = std::make_shared<const std::string>(bytes);
  return read_tflite(owner, *owner);
}

// "TN1103: what", "" for an accepted file.
std::string refusal(const Sample& s) {
  const auto m = read(write(s));
  return m ? "" : m.error()[0].code + ": " + m.error()[0].what + (m.error()[0].notes.empty() ? "" : " | " + m.error()[0].notes[0]);
}

TEST(DamagedModels, TheSampleItselfIsRead) { EXPECT_EQ(refusal({}), ""); }

// As LiteRT does: what ADD gives follows from its operands.
TEST(DamagedModels, AnElementwiseResultHasTheOperandsTypeWhateverTheFileSays) {
  const auto m = read(write({.scales = {0.5f}, .zero_points = {3}, .type = fb::TensorType::INT8, .result_type = fb::TensorType::FLOAT32}));
  ASSERT_TRUE(m) << str(m.error());
  const TensorType& y = m->main().type(m->main().outputs()[0].value);
  EXPECT_EQ(y.dtype, DType::I8);
  ASSERT_TRUE(y.quant);
  EXPECT_EQ(y.quant->scale[0], 0.5f);
  EXPECT_EQ(refusal({.scales = {0.5f}, .zero_points = {3}, .type = fb::TensorType::INT8, .result_zero_point = 255, .result_type = fb::TensorType::FLOAT32}),
            "TN1103: subgraph 0, operator 0: add gives i8, tensor 2 is f32");
}

TEST(DamagedModels, ScalesThatDoNotFitAreRefused) {
  const fb::TensorType i8 = fb::TensorType::INT8;
  EXPECT_EQ(refusal({.scales = {0.5f}, .zero_points = {3}, .type = i8}), "");
  EXPECT_EQ(refusal({.scales = {0.5f}, .type = i8}), "");
  EXPECT_EQ(refusal({.scales = {1, 2, 3}, .zero_points = {0, 0, 0}, .axis = 1, .type = i8}), "");
  EXPECT_EQ(refusal({.scales = {1, 2}, .zero_points = {0, 0}, .axis = 1, .type = i8}),
            "TN1103: subgraph 0, tensor 0 'x': 2 scales along axis 1, which has 3 elements");
  EXPECT_EQ(refusal({.scales = {1, 2}, .axis = 2, .type = i8}), "TN1103: subgraph 0, tensor 0 'x': 2 scales along axis 2 of 2 dimensions");
  EXPECT_EQ(refusal({.scales = {1, 2}, .axis = -1, .type = i8}), "TN1103: subgraph 0, tensor 0 'x': 2 scales along axis -1 of 2 dimensions");
  EXPECT_EQ(refusal({.scales = {1}, .zero_points = {0, 0}, .type = i8}), "TN1103: subgraph 0, tensor 0 'x': 1 scales, 2 zero points");
  EXPECT_EQ(refusal({.scales = {1}, .zero_points = {128}, .type = i8}), "TN1103: subgraph 0, tensor 0 'x': the zero point 128 of INT8");
  EXPECT_EQ(refusal({.scales = {-1}, .type = i8}), "TN1103: subgraph 0, tensor 0 'x': the scale -1");
  EXPECT_EQ(refusal({.scales = {std::nanf("")}, .type = i8}), "TN1103: subgraph 0, tensor 0 'x': the scale nan");
}

TEST(DamagedModels, WhatTheReaderCannotHoldIsRefusedByName) {
  EXPECT_EQ(refusal({.sparse = true}), "TN1106: subgraph 0, tensor 1 'w': sparse tensors are not supported");
  EXPECT_EQ(refusal({.scales = {1}, .blockwise = true}), "TN1106: subgraph 0, tensor 0 'x': CustomQuantization is not supported");
}

TEST(DamagedModels, NewerOperatorsAreNamedWithVersionAndTypes) {
  EXPECT_EQ(refusal({.version = 99}),
            "TN1107: the file asks for newer versions of operators than are known here | 1 × ADD version 99 on FLOAT32, FLOAT32 (known up to 6)");
}

TEST(DamagedModels, InputsAndOutputsAreChecked) {
  EXPECT_EQ(refusal({.inputs = {0, 0}}), "TN1103: subgraph 0: the input tensor 0 is listed twice");
  EXPECT_EQ(refusal({.inputs = {0, 2}}), "TN1103: subgraph 0, operator 0: result tensor 2 'y' is computed twice");
  EXPECT_EQ(refusal({.inputs = {7}}), "TN1103: subgraph 0: input 7 does not exist");
  EXPECT_EQ(refusal({.inputs = {0, 1}}), "");  // a constant that may be replaced
  EXPECT_EQ(refusal({.outputs = {0, 2}}), "");
  EXPECT_EQ(refusal({.outputs = {-1}}), "TN1103: subgraph 0: output -1 is not computed");
}

TEST(DamagedModels, SubgraphsThatCallThemselvesAreRefused) {
  EXPECT_EQ(refusal({.calls = {{1}, {}}}), "");
  EXPECT_EQ(refusal({.calls = {{2}, {}, {1}}}), "");  // the callee of a callee stands before it
  EXPECT_EQ(refusal({.calls = {{0}}}), "TN1105: a subgraph calls itself: 0 → 0");
  EXPECT_EQ(refusal({.calls = {{1}, {2}, {1}}}), "TN1105: a subgraph calls itself: 1 → 2 → 1");
}

TEST(DamagedModels, DataBehindTheFlatbufferAreReadWhereTheyLie) {
  Sample s{.offset = 1 << 20, .size = 24};
  EXPECT_NE(refusal(s).find("lie beyond the file"), std::string::npos);
  s.offset = write(s).size();
  std::string bytes = write(s);
  ASSERT_EQ(bytes.size(), s.offset);
  const float w[6] = {1, 2, 3, 4, 5, 6};
  bytes.append(reinterpret_cast<const char*>(w), sizeof w);
  const auto m = read(bytes);
  ASSERT_TRUE(m) << str(m.error());
  const Graph& g = m->main();
  const Tensor* c = g.constant(g[g.outputs()[0].value].inputs[1]);
  ASSERT_NE(c, nullptr);
  EXPECT_EQ(std::memcmp(c->raw(), w, sizeof w), 0);
  s.size = UINT64_MAX;
  EXPECT_NE(refusal(s).find("lie beyond the file"), std::string::npos);
}

}  // namespace
}  // namespace toucanet
