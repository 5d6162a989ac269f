// Where samples come from: arrays, photos, functions; what does not fit is told before the first run.
#include <zip.h>

#include "calibration_samples.h"
#include "export/output_file.h"
#include "import/npy.h"

namespace toucanet {
namespace {

class Samples : public InFolder {
 protected:
  const Module two = parsed(R"(graph main
  %a = input "net/a" : f32[1,3]
  %b = input "net/b" : i32[2]
  %y = neg(%a) "y"
  %z = neg(%b) "z"
  return %y "y", %z "z"
)");
  const Module image = parsed("graph main\n  %x = input \"x\" : f32[1,2,3,3]\n  %y = neg(%x) \"y\"\n  return %y \"y\"\n");
  const Tensor a = Tensor::of<float>(DType::F32, {4, 3}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
  const Tensor b = Tensor::of<int32_t>(DType::I32, {4, 2}, {0, 1, 2, 3, 4, 5, 6, 7});

  std::string npz(const std::string& name, const std::vector<std::pair<std::string, Tensor>>& arrays, int method = ZIP_CM_STORE) {
    int error = 0;
    zip_t* z = zip_open(path(name).c_str(), ZIP_CREATE | ZIP_TRUNCATE, &error);
    std::vector<std::string> bytes;
    bytes.reserve(arrays.size());
    for (const auto& [key, t] : arrays) {
      bytes.push_back(*write_npy(t));
      const auto i = zip_file_add(z, (key + ".npy").c_str(), zip_source_buffer(z, bytes.back().data(), bytes.back().size(), 0), 0);
      zip_set_file_compression(z, static_cast<zip_uint64_t>(i), method, 0);
    }
    EXPECT_EQ(zip_close(z), 0);
    return path(name);
  }
  std::string npy(const std::string& name, const Tensor& t) {
    EXPECT_TRUE(write_npy_file(path(name), t));
    return path(name);
  }
  // An uncompressed BMP of one colour.
  void photo(const std::string& name, uint8_t r, uint8_t g, uint8_t b, int width = 6, int height = 4) {
    const int row = (width * 3 + 3) / 4 * 4, size = 54 + row * height;
    std::string s(static_cast<size_t>(size), '\0');
    const auto put32 = [&](size_t at, int v) { std::memcpy(&s[at], &v, 4); };
    s[0] = 'B', s[1] = 'M', s[26] = 1, s[28] = 24;
    put32(2, size), put32(10, 54), put32(14, 40), put32(18, width), put32(22, height);
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x) {
        const auto at = static_cast<size_t>(54 + y * row + x * 3);
        s[at] = static_cast<char>(b), s[at + 1] = static_cast<char>(g), s[at + 2] = static_cast<char>(r);
      }
    put(name, s);
  }
  static std::vector<std::string> whats(const Diags& d) {
    std::vector<std::string> w;
    for (const Diag& x : d) w.push_back(x.code + " " + x.what);
    return w;
  }
};

TEST_F(Samples, arrays_are_cut_into_samples) {
  const Tensor more = Tensor::of<float>(DType::F32, {4, 1, 3}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
  for (const auto& file : {npz("stored", {{"net/a", a}, {"net/b", b}}), npz("deflated", {{"net/a", a}, {"net/b", b}}, ZIP_CM_DEFLATE),
                           npz("own_axis", {{"net/a", more}, {"net/b", b}, {"labels", b}}), npz("unnamed", {{"arr_0", a}, {"arr_1", b}})}) {
    auto s = array_samples(two, file);
    ASSERT_TRUE(s) << str(s.error());
    EXPECT_EQ((*s)->size(), 4u);
    for (uint64_t i : {0u, 2u, 3u}) {
      auto one = (*s)->sample(i);
      ASSERT_TRUE(one) << str(one.error());
      const auto f = static_cast<float>(3 * i);
      EXPECT_TRUE((**one)[0].identical(Tensor::of<float>(DType::F32, {1, 3}, {f, f + 1, f + 2})));
      EXPECT_EQ((**one)[1].as<int32_t>()[1], static_cast<int32_t>(2 * i + 1));
      EXPECT_TRUE(check_sample(two.main(), i, **one).empty());
    }
    EXPECT_FALSE(*(*s)->sample(4));
  }
}

TEST_F(Samples, only_compressed_arrays_must_be_read_in_order) {
  EXPECT_FALSE((*array_samples(two, npz("stored", {{"net/a", a}, {"net/b", b}})))->in_order());
  EXPECT_TRUE((*array_samples(two, npz("deflated", {{"net/a", a}, {"net/b", b}}, ZIP_CM_DEFLATE)))->in_order());
}

TEST_F(Samples, a_single_input_takes_a_single_array) {
  const Module one = parsed("graph main\n  %a = input \"a\" : f32[n,3]\n  %y = neg(%a) \"y\"\n  return %y \"y\"\n");
  auto s = array_samples(one, npy("a.npy", a));
  ASSERT_TRUE(s) << str(s.error());
  EXPECT_EQ((**(*s)->sample(1))[0].dims, (std::vector<int64_t>{1, 3}));
  EXPECT_TRUE(array_samples(one, npz("any.npz", {{"whatever", a}})));
}

TEST_F(Samples, a_signatures_names_are_known) {
  Module m = two.clone();
  m.signatures.push_back({"serving_default", 0, {{"first", 0}, {"second", 1}}, {}});
  EXPECT_TRUE(array_samples(m, npz("x", {{"second", b}, {"first", a}, {"third", b}})));
}

TEST_F(Samples, everything_that_does_not_fit_is_told_at_once) {
  const auto s = array_samples(two, npz("x", {{"net/a", b}, {"other", a}, {"labels", b}}));
  ASSERT_FALSE(s);
  EXPECT_EQ(whats(s.error()), (std::vector<std::string>{"TN7002 the array 'net/a' is int32, the input 'net/a' float32",
                                                        "TN7002 the array 'net/a' is [4,2], which holds no samples for the input 'net/a' [1,3]",
                                                        "TN7002 '" + path("x") + "' holds no array 'net/b'"}));
  const Tensor three = Tensor::zeros(DType::I32, {3, 2}), none = Tensor::zeros(DType::I32, {0, 2}), nothing = Tensor::zeros(DType::F32, {0, 3});
  EXPECT_EQ(whats(array_samples(two, npz("y", {{"net/a", a}, {"net/b", three}})).error()),
            (std::vector<std::string>{"TN7002 the array 'net/b' holds 3 samples, another one 4"}));
  EXPECT_EQ(array_samples(two, npz("z", {{"net/a", nothing}, {"net/b", none}})).error()[0].code, "TN7008");
}

TEST_F(Samples, other_data_have_another_description) {
  const auto of = [&](const std::string& file) { return (*array_samples(two, file))->description(); };
  const Tensor changed = Tensor::of<int32_t>(DType::I32, {4, 2}, {0, 1, 2, 3, 4, 5, 6, 8});
  EXPECT_EQ(of(npz("x", {{"net/a", a}, {"net/b", b}})), of(npz("y", {{"net/a", a}, {"net/b", b}})));
  EXPECT_NE(of(npz("x", {{"net/a", a}, {"net/b", b}})), of(npz("y", {{"net/a", a}, {"net/b", changed}})));
}

TEST_F(Samples, photos_come_in_the_order_of_their_names) {
  photo("b.bmp", 255, 0, 0), photo("a.bmp", 0, 255, 0), photo("C.BMP", 0, 0, 255);
  put("labels.csv", "a");
  auto s = photo_samples(image, folder.string(), {});
  ASSERT_TRUE(s) << str(s.error());
  EXPECT_EQ((*s)->size(), 3u);
  const auto colour = [&](uint64_t i) {
    const auto one = (*s)->sample(i);
    const auto v = (**one)[0].as<float>();
    return std::vector<float>{v[0], v[1], v[2]};
  };
  EXPECT_EQ(colour(0), (std::vector<float>{-1, -1, 1}));
  EXPECT_EQ(colour(1), (std::vector<float>{-1, 1, -1}));
  EXPECT_EQ(colour(2), (std::vector<float>{1, -1, -1}));
}

TEST_F(Samples, arrays_of_signatures_are_for_their_graphs) {
  Module m = parsed(
      "graph main\n  %x = input \"x\" : f32[1,3]\n  %y = neg(%x) \"y\"\n  return %y \"y\"\n"
      "graph other\n  %x = input \"x\" : i32[2]\n  %y = neg(%x) \"y\"\n  return %y \"y\"\n");
  m.signatures = {{.key = "f", .graph = 0, .inputs = {{"v", 0}}, .outputs = {}}, {.key = "g", .graph = 1, .inputs = {{"v", 0}}, .outputs = {}}};
  const Tensor fewer = Tensor::of<int32_t>(DType::I32, {2, 2}, {8, 9, 10, 11});
  auto s = array_samples(m, npz("both", {{"f/v", a}, {"g/v", fewer}}));
  ASSERT_TRUE(s) << str(s.error());
  EXPECT_EQ((*s)->size(), 6u);
  EXPECT_EQ((*s)->graphs(), (std::vector<uint32_t>{0, 1}));
  EXPECT_EQ((*s)->graph(3), 0u);
  EXPECT_EQ((*s)->graph(5), 1u);
  EXPECT_EQ((**(*s)->sample(5))[0].as<int32_t>()[0], 10);
  EXPECT_FALSE(*(*s)->sample(6));
  EXPECT_EQ(whats(array_samples(m, npz("wrong", {{"f/v", a}, {"g/w", fewer}})).error())[0].substr(0, 6), "TN7002");
  auto some = first_samples(std::move(*s), 5);
  EXPECT_EQ(some->size(), 5u);
  EXPECT_EQ(some->graphs(), (std::vector<uint32_t>{0, 1}));
  EXPECT_EQ(some->description().substr(0, 12), "the first 5 ");
  EXPECT_FALSE(*some->sample(5));
}

TEST_F(Samples, photos_are_laid_out_as_asked) {
  photo("a.bmp", 255, 0, 51);
  const Module first = parsed("graph main\n  %x = input \"x\" : f32[1,3,2,4]\n  %y = neg(%x) \"y\"\n  return %y \"y\"\n");
  Preprocessing o;
  o.mean = 0, o.std = 255;
  o.nchw = true;
  auto s = photo_samples(first, folder.string(), o);
  ASSERT_TRUE(s) << str(s.error());
  const Tensor t = (**(*s)->sample(0))[0];
  EXPECT_EQ(t.dims, (std::vector<int64_t>{1, 3, 2, 4}));
  EXPECT_EQ(t.as<float>()[0], 1);
  EXPECT_EQ(t.as<float>()[7], 1);
  EXPECT_EQ(t.as<float>()[8], 0);
  EXPECT_NEAR(t.as<float>()[16], 0.2, 1e-6);
  o.bgr = true;
  EXPECT_NEAR((**(*photo_samples(first, folder.string(), o))->sample(0))[0].as<float>()[0], 0.2, 1e-6);
  o.nchw = false;
  EXPECT_NEAR((**(*photo_samples(image, folder.string(), o))->sample(0))[0].as<float>()[0], 0.2, 1e-6);
}

TEST_F(Samples, folders_that_do_not_fit_are_refused) {
  EXPECT_EQ(photo_samples(image, folder.string(), {}).error()[0].code, "TN7008");
  EXPECT_EQ(photo_samples(image, path("nowhere"), {}).error()[0].code, "TN1001");
  put("a.jpg", "no photo"), put("b.png", "none either");
  photo("c.bmp", 1, 2, 3);
  const auto bad = photo_samples(image, folder.string(), {});
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().size(), 2u) << "both are told";
  EXPECT_EQ(bad.error()[0].code, "TN1304");
  EXPECT_EQ(photo_samples(two, folder.string(), {}).error()[0].code, "TN7002");
  const Module open = parsed("graph main\n  %x = input \"x\" : f32[n,h,w,3]\n  %y = neg(%x) \"y\"\n  return %y \"y\"\n");
  EXPECT_NE(str(photo_samples(open, folder.string(), {}).error()).find("--size"), std::string::npos);
}

}  // namespace
}  // namespace toucanet
