// Accuracy of models that classify: labels, agreement, confusion, and what is refused.
#include "evaluate/accuracy.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "export/output_file.h"
#include "export/write_tflite.h"
#include "import/npy.h"
#include "ir/text.h"

namespace toucanet {
namespace {

namespace fs = std::filesystem;

class Evaluate : public testing::Test {
 protected:
  fs::path folder = fs::path(testing::TempDir()) / ("evaluate_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
  void SetUp() override { fs::remove_all(folder), fs::create_directories(folder); }
  void TearDown() override { fs::remove_all(folder); }

  std::string file(const std::string& name, std::string_view bytes) {
    const auto path = folder / name;
    fs::create_directories(path.parent_path());
    EXPECT_TRUE(write_file(path.string(), bytes));
    return path.string();
  }
  std::string array(const std::string& name, const Tensor& t) {
    EXPECT_TRUE(write_npy_file((folder / name).string(), t));
    return (folder / name).string();
  }
  std::string model(const std::string& name, const std::string& text) {
    auto m = parse_module(text);
    EXPECT_TRUE(m) << str(m.error());
    auto bytes = write_tflite(*m);
    EXPECT_TRUE(bytes) << str(bytes.error());
    return file(name, *bytes);
  }
  // The class is the largest of four numbers; the smallest.
  std::string largest() { return model("largest.tflite", "graph main\n  %x = input \"x\" : f32[1,4]\n  %y = softmax(%x) {beta=1} \"y\"\n  return %y \"y\"\n"); }
  std::string smallest() { return model("smallest.tflite", "graph main\n  %x = input \"x\" : f32[1,4]\n  %y = neg(%x) \"y\"\n  return %y \"y\"\n"); }
  // A photo of one colour.
  std::string photo(const std::string& name, unsigned char red, unsigned char green, unsigned char blue) {
    std::string b("BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x02\0\0\0\x02\0\0\0\x01\0\x18\0\0\0\0\0\x10\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 54);
    for (int row = 0; row < 2; ++row) {
      for (int i = 0; i < 2; ++i) b += static_cast<char>(blue), b += static_cast<char>(green), b += static_cast<char>(red);
      b += std::string(2, '\0');
    }
    return file(name, b);
  }
  // Which colour is the strongest: the mean of each channel.
  std::string colour(const std::string& batch = "1") {
    return model("colour.tflite", "graph main\n  %x = input \"x\" : f32[" + batch +
                                      ",2,2,3]\n  %a = const : i32[2] = [1, 2]\n  %y = mean(%x, %a) {keep_dims=false} \"y\"\n  return %y \"y\"\n");
  }
};

Tensor rows(std::vector<float> values) { return Tensor::of<float>(DType::F32, {static_cast<int64_t>(values.size()) / 4, 4}, values); }
Tensor classes(std::vector<int64_t> values) { return Tensor::of<int64_t>(DType::I64, {static_cast<int64_t>(values.size())}, values); }
const std::vector<float> five{9, 1, 2, 3, 1, 9, 2, 3, 1, 2, 9, 3, 1, 2, 3, 9, 5, 5, 1, 2};

TEST_F(Evaluate, CountsWhatIsRightAndWhoAgrees) {
  auto samples = LabelledSamples::open({array("x.npy", rows(five)), array("y.npy", classes({0, 1, 3, 3, 1})), {}});
  ASSERT_TRUE(samples) << str(samples.error());
  const auto done = measure_accuracy({largest(), smallest()}, *samples, {});
  ASSERT_TRUE(done) << str(done.error());
  const auto& a = (*done)[0];
  EXPECT_EQ(a.best, (std::vector<int64_t>{0, 1, 2, 3, 0})) << "the first of equals";
  EXPECT_EQ(a.rank, (std::vector<int64_t>{0, 0, 1, 0, 1}));
  EXPECT_EQ(a.within(1), 3u);
  EXPECT_EQ(a.within(2), 5u);
  EXPECT_EQ((*done)[1].best, (std::vector<int64_t>{1, 0, 0, 0, 2}));
  EXPECT_EQ((*done)[1].agreeing(a), 0u);
  EXPECT_EQ(a.agreeing(a), 5u);
  const auto worst = by_class(a, *samples);
  ASSERT_EQ(worst.size(), 3u);
  EXPECT_EQ(worst[0].label, 1);
  EXPECT_EQ(worst[0].right, 1u);
  EXPECT_EQ(worst[0].taken_for, (std::vector<std::pair<int64_t, size_t>>{{0, 1}}));
  EXPECT_EQ(worst[1].label, 3);
  EXPECT_EQ(worst[2].label, 0);
}

TEST_F(Evaluate, ThreadsChangeNothing) {
  std::vector<float> values;
  std::vector<int64_t> labels;
  for (int i = 0; i < 400; ++i) values.push_back(static_cast<float>(i * 7919 % 997));
  for (int i = 0; i < 100; ++i) labels.push_back(i % 4);
  auto samples = LabelledSamples::open({array("x.npy", rows(values)), array("y.npy", classes(labels)), {}});
  ASSERT_TRUE(samples);
  AccuracyOptions one, three;
  three.threads = 3;
  size_t told = 0;
  three.progress = [&](size_t done) { told = done; };
  const auto a = measure_accuracy({largest()}, *samples, one), b = measure_accuracy({largest()}, *samples, three);
  ASSERT_TRUE(a && b);
  EXPECT_EQ((*a)[0].rank, (*b)[0].rank);
  EXPECT_EQ((*a)[0].best, (*b)[0].best);
  EXPECT_EQ(told, 100u);
}

TEST_F(Evaluate, PhotosGoByTheTableOrByTheirFolders) {
  photo("p/red/1.bmp", 200, 10, 10), photo("p/green/1.bmp", 10, 200, 10), photo("p/green/2.bmp", 250, 200, 10), photo("p/blue/1.bmp", 1, 2, 3);
  auto by_folder = LabelledSamples::open({(folder / "p").string(), "", {}});
  ASSERT_TRUE(by_folder) << str(by_folder.error());
  EXPECT_EQ(by_folder->class_names(), (std::vector<std::string>{"blue", "green", "red"}));
  EXPECT_FALSE(by_folder->found().empty());
  auto table =
      LabelledSamples::open({(folder / "p").string(), file("l.csv", "file,class_index\nred/1.bmp,0\n\"green/1.bmp\", 1\r\ngreen/2.bmp,1\nblue/1.bmp,2\n"), {}});
  ASSERT_TRUE(table) << str(table.error());
  const auto done = measure_accuracy({colour(), colour("n")}, *table, {});
  ASSERT_TRUE(done) << str(done.error());
  EXPECT_EQ((*done)[0].best, (std::vector<int64_t>{0, 1, 0, 2}));
  EXPECT_EQ((*done)[0].within(1), 3u);
  EXPECT_EQ((*done)[1].best, (*done)[0].best) << "an open batch";
  auto rest = LabelledSamples::open({(folder / "p").string(), (folder / "l.csv").string(), {}, 1, 2});
  ASSERT_TRUE(rest);
  EXPECT_EQ(rest->size(), 2u);
  EXPECT_TRUE(rest->name(0).ends_with("green/1.bmp"));
}

TEST_F(Evaluate, BytesAreStoredByTheParametersOfTheInput) {
  auto m = parse_module("graph main\n  %x = input \"x\" : f32[1,4]\n  %y = softmax(%x) {beta=1} \"y\"\n  return %y \"y\"\n");
  ASSERT_TRUE(m);
  m->main().result(m->main().inputs[0]).type = {DType::I8, Shape::of({1, 4}), std::make_shared<const Quant>(Quant{{0.5f}, {-3}, 0, {}, {}})};
  const NodeId y = m->main().result(m->main().inputs[0]).uses[0].node;
  m->main().result({y, 0}).type = {DType::I8, Shape::of({1, 4}), std::make_shared<const Quant>(Quant{{1.0f / 256}, {-128}, 0, {}, {}})};
  auto bytes = write_tflite(*m);
  ASSERT_TRUE(bytes) << str(bytes.error());
  auto owner = std::make_shared<const std::string>(*bytes);
  auto runner = ModelRunner::load(owner, *owner);
  ASSERT_TRUE(runner) << str(runner.error());
  LabelledSample s;
  s.arrays[""] = Tensor::of<uint8_t>(DType::U8, {4}, {0, 10, 20, 255});
  Preprocessing p;
  p.mean = 10, p.std = 5;
  ASSERT_TRUE(allocate_for(**runner, s, p));
  ASSERT_TRUE(fill(**runner, s, p));
  const auto x = (*runner)->tensor(0, (*runner)->file().inputs[0])->as<int8_t>();
  EXPECT_EQ(std::vector<int>(x.begin(), x.end()), (std::vector<int>{-7, -3, 1, 95})) << "(pixel - 10) / 5 / 0.5 - 3";
  s.arrays[""] = Tensor::of<float>(DType::F32, {1, 4}, {-1000, 0.3f, 1, 1000});
  ASSERT_TRUE(fill(**runner, s, p));
  EXPECT_EQ(std::vector<int>(x.begin(), x.end()), (std::vector<int>{-128, -2, -1, 127}));
}

TEST_F(Evaluate, MnistsFilesAreRead) {
  const std::string images("\0\0\x08\x03\0\0\0\x02\0\0\0\x02\0\0\0\x02\x09\x01\x02\x03\x01\x02\x09\x03", 24), labels("\0\0\x08\x01\0\0\0\x02\0\x02", 10);
  auto samples = LabelledSamples::open({file("images", images), file("labels", labels), {}});
  ASSERT_TRUE(samples) << str(samples.error());
  const auto done = measure_accuracy({largest()}, *samples, {});
  ASSERT_TRUE(done) << str(done.error());
  EXPECT_EQ((*done)[0].within(1), 2u);
  EXPECT_EQ(read_idx_file(file("cut", images.substr(0, 20))).error()[0].code, "TN8001");
  EXPECT_EQ(read_idx_file(file("big", std::string("\0\0\x08\x03\x7f\0\0\0\x7f\0\0\0\0\0\0\x02", 16))).error()[0].code, "TN8001");
  EXPECT_EQ(read_idx_file(file("floats", std::string("\0\0\x0d\x01\0\0\0\x01\0\0\0\0", 12))).error()[0].code, "TN8001");
}

TEST_F(Evaluate, AThousandAndOneOutputsHaveABackground) {
  const auto wide = model("wide.tflite", "graph main\n  %x = input \"x\" : f32[1,1001]\n  %y = softmax(%x) {beta=1} \"y\"\n  return %y \"y\"\n");
  Tensor x = Tensor::zeros(DType::F32, {2, 1001});
  x.as_mutable<float>()[8] = 1, x.as_mutable<float>()[1001 + 1000] = 1;
  auto samples = LabelledSamples::open({array("x.npy", x), array("y.npy", classes({7, 999})), {}});
  ASSERT_TRUE(samples);
  const auto guessed = measure_accuracy({wide}, *samples, {});
  ASSERT_TRUE(guessed) << str(guessed.error());
  EXPECT_TRUE((*guessed)[0].offset_found);
  EXPECT_EQ((*guessed)[0].within(1), 2u);
  AccuracyOptions none;
  none.label_offset = 0;
  EXPECT_EQ((*measure_accuracy({wide}, *samples, none))[0].within(1), 0u);
}

TEST_F(Evaluate, NumbersThatAreNoneAreCounted) {
  auto samples =
      LabelledSamples::open({array("x.npy", rows({9, 1, 2, 3, 1, std::numeric_limits<float>::quiet_NaN(), 2, 3})), array("y.npy", classes({0, 1})), {}});
  ASSERT_TRUE(samples);
  const auto done = measure_accuracy({smallest()}, *samples, {});
  ASSERT_TRUE(done);
  EXPECT_EQ((*done)[0].not_finite, 1u);
  EXPECT_EQ((*done)[0].rank[1], 4) << "NaN is never right";
}

TEST_F(Evaluate, WhatDoesNotFitIsNamed) {
  const auto code = [](const auto& e) { return e ? std::string("none") : e.error()[0].code; };
  const auto x = array("x.npy", rows(five));
  const auto open = [&](std::string data, std::string labels, size_t skip = 0) {
    return LabelledSamples::open({std::move(data), std::move(labels), {}, skip});
  };
  EXPECT_EQ(code(open(x, array("short.npy", classes({1})))), "TN8002");
  EXPECT_EQ(code(open(x, "", 5)), "TN8003");
  EXPECT_EQ(code(open(folder.string(), "")), "TN8003") << "no photos";
  EXPECT_EQ(code(open(x, file("l.csv", "a.jpg,1\n"))), "TN8001");
  photo("p/a.bmp", 1, 2, 3);
  const auto p = (folder / "p").string();
  EXPECT_EQ(code(open(p, file("empty.csv", ""))), "TN8001");
  const auto missing = open(p, file("m.csv", "a.bmp,1\nb.bmp,1\nc.bmp,2\n"));
  ASSERT_EQ(code(missing), "TN8002");
  EXPECT_EQ(missing.error()[0].nodes, (std::vector<std::string>{"b.bmp", "c.bmp"})) << "all at once";
  const auto unread = open(p, file("u.csv", "file,class\na.bmp,cat\na.bmp,1\na.bmp,1\n"));
  ASSERT_EQ(code(unread), "TN8001");
  EXPECT_NE(unread.error()[0].what.find("2 lines"), std::string::npos) << unread.error()[0].what;
  EXPECT_EQ(code(LabelledSamples::open({p, file("n.csv", "file,class\na.bmp,cat\n"), {"dog", "cat"}})), "none");

  auto samples = open(x, array("y.npy", classes({0, 1, 4, 3, -1})));
  ASSERT_TRUE(samples);
  const auto beyond = measure_accuracy({largest(), smallest()}, *samples, {});
  ASSERT_EQ(code(beyond), "TN8004");
  EXPECT_EQ(beyond.error().size(), 2u) << "of each model";
  EXPECT_EQ(beyond.error()[0].nodes.size(), 2u);
  samples = open(x, "");
  EXPECT_EQ(code(measure_accuracy({model("map.tflite",
                                         "graph main\n  %x = input \"x\" : f32[4]\n  %s = const : i32[2] = [2, 2]\n  %y = reshape(%x, %s) \"y\"\n  "
                                         "return %y \"y\"\n")},
                                  *samples, {})),
            "TN8005");
  EXPECT_EQ(code(measure_accuracy({colour()}, *samples, {})), "TN3006");
  photo("q/a.jpg", 1, 2, 3);
  file("q/b.jpg", "not a photo");
  samples = open((folder / "q").string(), "");
  EXPECT_EQ(code(measure_accuracy({colour()}, *samples, {})), "TN1304");
}

}  // namespace
}  // namespace toucanet
