// Calibration over batches, threads, shards and interruptions gives the same bytes as one pass; .calib files are checked.
#include <algorithm>

#include "calibration_samples.h"
#include "quantize/fingerprint.h"

namespace toucanet {
namespace {

using Calibrate = InFolder;

TEST_F(Calibrate, threads_shards_and_the_order_of_merging_do_not_matter) {
  const Module m = parsed(convolutions);
  MadeSamples source(23);
  for (uint64_t batch : {1u, 4u}) {
    const auto base = fmt::format("{}", batch);
    const std::string whole = calibrated(m, source, base + "whole", {.batch = batch, .channels = true});
    ASSERT_GT(whole.size(), 64u);
    EXPECT_TRUE(whole == calibrated(m, source, base + "threads", {.batch = batch, .threads = 3, .channels = true}));
    for (uint64_t shards : {2u, 3u, 5u}) {
      std::vector<std::string> parts;
      for (uint64_t i = 1; i <= shards; ++i) {
        parts.push_back(fmt::format("{}part{}of{}", base, i, shards));
        calibrated(m, source, parts.back(), {.batch = batch, .threads = i % 2 + 1, .shard = i, .shards = shards, .channels = true});
      }
      do {
        Observations all;
        for (const auto& p : parts) {
          auto one = read_calibration(path(p));
          ASSERT_TRUE(one) << str(one.error());
          ASSERT_TRUE(all.merge(*one));
        }
        EXPECT_TRUE(all.complete());
        ASSERT_TRUE(write_calibration(path("merged"), all));
        EXPECT_TRUE(bytes("merged") == whole) << shards;
      } while (shards < 5 && std::next_permutation(parts.begin(), parts.end()));
    }
  }
}

TEST_F(Calibrate, padding_of_the_last_batch_is_not_counted) {
  const Module m = parsed(convolutions);
  MadeSamples source(5);
  const auto done = calibrate(m, source, {.batch = 4});
  ASSERT_TRUE(done) << str(done.error());
  EXPECT_EQ(done->observations.samples, 5u);
  EXPECT_EQ(done->observations.tensors.at("x").histogram.count(), 5u * 9 * 9 * 3);
  ASSERT_EQ(done->observations.rows->size(), 1u);
  EXPECT_EQ((*done->observations.rows)[0].count, 5u);
}

TEST_F(Calibrate, no_sample_depends_on_the_others_of_its_batch) {
  const Module m = parsed(convolutions);
  const auto run = [&](const std::vector<uint64_t>& seeds) {
    Observer o(m, {.batch = 4, .channels = true});
    std::vector<std::vector<Tensor>> samples;
    for (uint64_t s : seeds) samples.push_back({sample_of(s)});
    std::vector<Extremes> rows(4 * observed_values(m).size());
    const auto s = o.add(0, samples, rows);
    EXPECT_TRUE(s) << str(s.error());
    return rows;
  };
  const size_t columns = observed_values(m).size();
  const auto rows = run({7, 1, 2, 3}), others = run({7, 90, 91, 92}), last = run({1, 90, 91, 3});
  EXPECT_TRUE(std::equal(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(columns), others.begin()));
  EXPECT_TRUE(std::equal(rows.end() - static_cast<std::ptrdiff_t>(columns), rows.end(), last.end() - static_cast<std::ptrdiff_t>(columns)));
  EXPECT_FALSE(rows == others);
}

TEST_F(Calibrate, work_that_was_stopped_is_continued) {
  const Module m = parsed(convolutions);
  MadeSamples source(20);
  const std::string whole = calibrated(m, source, "whole", {.batch = 2});
  CalibrateOptions o{.batch = 2, .path = path("x.calib")};
  o.progress = [](uint64_t done, uint64_t of) {
    EXPECT_EQ(of, 20u);
    return done < 6;
  };
  const auto stopped = calibrate(m, source, o);
  ASSERT_TRUE(stopped) << str(stopped.error());
  EXPECT_TRUE(stopped->stopped);
  const auto part = read_calibration(o.path);
  ASSERT_TRUE(part) << str(part.error());
  EXPECT_EQ(part->samples, 6u);
  EXPECT_FALSE(part->complete());
  o.progress = {};
  const auto done = calibrate(m, source, o);
  ASSERT_TRUE(done) << str(done.error());
  EXPECT_EQ(done->resumed, 6u);
  EXPECT_TRUE(bytes("x.calib") == whole);
  EXPECT_EQ(calibrate(m, source, o)->resumed, 20u) << "nothing is left to do";
}

TEST_F(Calibrate, checkpoints_do_not_change_the_result) {
  const Module m = parsed(convolutions);
  MadeSamples source(9);
  const std::string whole = calibrated(m, source, "whole", {});
  EXPECT_TRUE(whole == calibrated(m, source, "often", {.threads = 2, .checkpoint_seconds = 1e-3}));
}

TEST_F(Calibrate, another_file_is_not_continued) {
  const Module m = parsed(convolutions);
  MadeSamples source(6), more(7);
  calibrated(m, source, "x.calib", {});
  for (const CalibrateOptions& o : {CalibrateOptions{.batch = 2}, CalibrateOptions{.shard = 2, .shards = 2}, CalibrateOptions{.channels = true}}) {
    CalibrateOptions there = o;
    there.path = path("x.calib");
    const auto done = calibrate(m, source, there);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error()[0].code, "TN7006");
  }
  EXPECT_EQ(calibrate(m, more, {.path = path("x.calib")}).error()[0].code, "TN7006");
}

TEST_F(Calibrate, the_first_bad_sample_is_named_whatever_the_threads) {
  const Module m = parsed(convolutions);
  MadeSamples source(40, 3);
  for (size_t threads : {1u, 4u}) {
    const auto done = calibrate(m, source, {.threads = threads, .path = path("x.calib")});
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error()[0].what, "sample 3: 'x' holds nan");
    EXPECT_FALSE(std::filesystem::exists(path("x.calib")));
  }
}

TEST_F(Calibrate, what_cannot_be_grouped_is_refused) {
  MadeSamples source(6), none(0);
  const Module m = parsed(convolutions);
  EXPECT_EQ(calibrate(m, none, {}).error()[0].code, "TN7008");
  EXPECT_EQ(calibrate(m, source, {.shard = 1, .shards = 8}).error()[0].code, "TN7009");
  const Module flat = parsed(R"(graph main
  %x = input "x" : f32[1,9,9,3]
  %s = const : i32[2] = [1, -1]
  %f = reshape(%x, %s) "flat"
  return %f "flat"
)");
  const auto refused = calibrate(flat, source, {.batch = 3});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error()[0].code, "TN7009");
  EXPECT_EQ(refused.error()[0].what, "the model cannot take 3 samples at once: 'flat' is [1,243] for one and [1,729] for 3");
  EXPECT_TRUE(calibrate(flat, source, {}));
}

constexpr const char* counter = R"(graph main
  %x = input "x" : f32[1,9,9,3]
  %h = var_handle() {shared_name="sum"} : resource[]
  %t0 = effect_start() : token[]
  %t1 = call_once(%t0) {init_subgraph_index=graph1}
  %r, %t2 = read_variable(%h, %t1) {result_type="f32[1,9,9,3]"}
  %y = add(%r, %x) "y"
  %t3 = assign_variable(%h, %y, %t2)
  return %y "y"
graph init
  %h = var_handle() {shared_name="sum"} : resource[]
  %t0 = effect_start() : token[]
  %z = const : f32[1,9,9,3]
  %t1 = assign_variable(%h, %z, %t0)
  return
)";

TEST_F(Calibrate, a_model_with_state_takes_its_samples_one_after_the_other) {
  const Module m = parsed(counter);
  EXPECT_TRUE(has_state(m));
  EXPECT_FALSE(has_state(parsed(convolutions)));
  MadeSamples source(6);
  EXPECT_EQ(calibrate(m, source, {.threads = 2}).error()[0].code, "TN7009");
  EXPECT_EQ(calibrate(m, source, {.shard = 1, .shards = 2}).error()[0].code, "TN7009");
  const std::string whole = calibrated(m, source, "whole", {});
  CalibrateOptions o{.path = path("x.calib"), .progress = [](uint64_t done, uint64_t) { return done < 3; }};
  ASSERT_TRUE(calibrate(m, source, o));
  EXPECT_TRUE(calibrated(m, source, "x.calib", {}) == whole);
}

TEST_F(Calibrate, samples_of_a_function_come_in_order) {
  const Module m = parsed(convolutions);
  uint64_t at = 0;
  const auto source = function_samples(
      [&]() -> Expected<std::optional<std::vector<Tensor>>> {
        if (at == 7) return std::optional<std::vector<Tensor>>{};
        return std::optional(std::vector<Tensor>{sample_of(at++)});
      },
      "made");
  MadeSamples known(7);
  const std::string whole = calibrated(m, known, "known", {.batch = 2});
  EXPECT_TRUE(whole == calibrated(m, *source, "function", {.batch = 2, .threads = 3}));
}

TEST_F(Calibrate, a_file_that_is_damaged_is_refused) {
  const Module m = parsed(convolutions);
  MadeSamples source(2);
  const std::string whole = calibrated(m, source, "x", {});
  const auto code = [&](const std::string& b) {
    const auto copy = std::make_shared<const std::string>(b);
    const auto o = parse_calibration(*copy, copy, "x");
    return o ? "" : o.error()[0].code;
  };
  EXPECT_EQ(code(whole), "");
  for (size_t n = 0; n < whole.size(); n += n < 200 ? 1 : 97) EXPECT_EQ(code(whole.substr(0, n)), "TN7005") << n;
  for (size_t i = 0; i < whole.size(); i += i < 200 ? 1 : 41) {
    std::string b = whole;
    b[i] = static_cast<char>(b[i] ^ 0x10);
    EXPECT_EQ(code(b), "TN7005") << i;
  }
  EXPECT_EQ(code(whole + "x"), "TN7005");
  EXPECT_EQ(read_calibration(path("nothing")).error()[0].code, "TN1001");
}

TEST_F(Calibrate, what_does_not_belong_together_is_not_merged) {
  const Module m = parsed(convolutions);
  MadeSamples source(8), more(9);
  const auto part = [&](SampleSource& s, CalibrateOptions o) { return calibrate(m, s, o)->observations; };
  const Observations first = part(source, {.shard = 1, .shards = 2}), second = part(source, {.shard = 2, .shards = 2});
  Observations all = first;
  EXPECT_EQ(all.merge(first).error()[0].code, "TN7007");
  EXPECT_EQ(all.merge(first).error()[0].what, "samples 0 to 3 were observed twice");
  EXPECT_EQ(all.merge(part(more, {.shard = 2, .shards = 2})).error()[0].code, "TN7006");
  EXPECT_EQ(all.merge(part(source, {.batch = 2, .shard = 2, .shards = 2})).error()[0].code, "TN7006");
  Observations other_kernels = second;
  other_kernels.source.kernels = "scalar";
  EXPECT_EQ(all.merge(other_kernels).error()[0].code, "TN7006");
  EXPECT_FALSE(all.complete());
  EXPECT_EQ(all.samples, 4u) << "nothing has changed";
  ASSERT_TRUE(all.merge(second));
  EXPECT_TRUE(all.complete());
}

TEST_F(Calibrate, a_model_is_known_by_what_it_computes) {
  const std::string text = convolutions;
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string t = text;
    t.replace(t.find(from), from.size(), to);
    return fingerprint(parsed(t.c_str()));
  };
  const uint64_t own = fingerprint(parsed(convolutions));
  EXPECT_EQ(with("\"depthwise\"", "\"another\""), own) << "names do not count";
  EXPECT_NE(with("relu6", "relu"), own);
  EXPECT_NE(with("9,9,3]", "9,10,3]"), own);
  EXPECT_NE(with(
                "%b1 = const : f32[32]", "%b1 = const : f32[32] = [" +
                                             [] {
                                               std::string s = "1";
                                               for (int i = 1; i < 32; ++i) s += ", 0";
                                               return s;
                                             }() +
                                             "]"),
            own);
  MadeSamples source(2);
  const auto seen = calibrate(parsed(convolutions), source, {});
  ASSERT_TRUE(seen);
  EXPECT_TRUE(check_model(seen->observations, parsed(convolutions)));
  EXPECT_EQ(check_model(seen->observations, parsed("graph main\n  %x = input \"x\" : f32[1]\n  return %x \"x\"\n")).error()[0].code, "TN7006");
}

}  // namespace
}  // namespace toucanet
