// Arrays of NumPy: the headers are those that numpy.save writes.
#include "import/npy.h"

#include <gtest/gtest.h>

namespace toucanet {
namespace {

std::string file(const std::string& header, const std::string& data, char major = 1) {
  std::string s("\x93NUMPY");
  const std::string padded = header + std::string(63 - (header.size() + 10) % 64, ' ') + "\n";
  s += {major, '\0', static_cast<char>(padded.size() & 255), static_cast<char>(padded.size() >> 8)};
  if (major > 1) s += {'\0', '\0'};
  return s + padded + data;
}
std::string header(const std::string& descr, const std::string& shape, const std::string& fortran = "False") {
  return "{'descr': '" + descr + "', 'fortran_order': " + fortran + ", 'shape': (" + shape + "), }";
}
template <class T>
std::string bytes_of(const std::vector<T>& v) {
  return {reinterpret_cast<const char*>(v.data()), v.size() * sizeof(T)};
}
// What is read of bytes that live only as long as the call, copied.
Expected<Tensor> read(const std::string& bytes) {
  auto t = read_npy(bytes, nullptr, "x");
  if (t) *t = t->copy();
  return t;
}
void refused(const std::string& bytes, std::string_view code, std::string_view part = "") {
  const auto t = read(bytes);
  ASSERT_FALSE(t);
  EXPECT_EQ(t.error()[0].code, code);
  EXPECT_NE(t.error()[0].what.find(part), std::string::npos) << t.error()[0].what;
}

TEST(Npy, ReadsAnArrayInCOrder) {
  for (const char major : {1, 2, 3}) {
    const auto t = read(file(header("<f4", "2, 3"), bytes_of<float>({1, 2, 3, 4, 5, 6}), major));
    ASSERT_TRUE(t) << str(t.error());
    EXPECT_TRUE(t->identical(Tensor::of<float>(DType::F32, {2, 3}, {1, 2, 3, 4, 5, 6})));
  }
}
TEST(Npy, AnArrayInFortranOrderIsTransposed) {
  const auto t = read(file(header("<i2", "2, 3", "True"), bytes_of<int16_t>({1, 4, 2, 5, 3, 6})));
  ASSERT_TRUE(t) << str(t.error());
  EXPECT_TRUE(t->identical(Tensor::of<int16_t>(DType::I16, {2, 3}, {1, 2, 3, 4, 5, 6})));
}
TEST(Npy, BigEndianElementsAreTurned) {
  const auto t = read(file(header(">i4", "2,"), std::string("\0\0\1\2\0\0\0\3", 8)));
  ASSERT_TRUE(t) << str(t.error());
  EXPECT_TRUE(t->identical(Tensor::of<int32_t>(DType::I32, {2}, {258, 3})));
}
TEST(Npy, StringsLoseTheirPaddingAndUnicodeBecomesUtf8) {
  const auto s = read(file(header("|S3", "2,"), std::string("ab\0xyz", 6)));
  ASSERT_TRUE(s) << str(s.error());
  EXPECT_EQ(s->string_values(), (std::vector<std::string>{"ab", "xyz"}));
  const auto u = read(file(header("<U2", "2,"), bytes_of<uint32_t>({'a', 0, 0x20ac, 0x1f426})));
  ASSERT_TRUE(u) << str(u.error());
  EXPECT_EQ(u->string_values(), (std::vector<std::string>{"a", "\xe2\x82\xac\xf0\x9f\x90\xa6"}));
}
TEST(Npy, EveryTypeThatBothHaveComesBackAsItWas) {
  for (const DType type : {DType::F32, DType::F64, DType::F16, DType::I8, DType::I16, DType::I32, DType::I64, DType::U8, DType::U16, DType::U32, DType::U64,
                           DType::Bool, DType::C64, DType::C128})
    for (const std::vector<int64_t>& dims : {std::vector<int64_t>{}, {5}, {2, 3}, {3, 0, 2}, {1, 2, 3, 4, 5}}) {
      Tensor t = Tensor::zeros(type, dims);
      for (size_t i = 0; i < t.bytes(); ++i) t.raw_mutable()[i] = std::byte(type == DType::Bool ? i % 2 : i * 7);
      const auto bytes = write_npy(t);
      ASSERT_TRUE(bytes);
      EXPECT_EQ((bytes->size() - t.bytes()) % 64, 0u);
      const auto back = read(*bytes);
      ASSERT_TRUE(back) << str(back.error());
      EXPECT_TRUE(back->identical(t)) << name(type);
    }
  const Tensor strings = Tensor::strings({2, 2}, {"", "abc", std::string("d\0e", 3), "f"});
  const auto back = read(*write_npy(strings));
  ASSERT_TRUE(back) << str(back.error());
  EXPECT_TRUE(back->identical(strings));
}
TEST(Npy, QuantisedElementsAreWrittenAsIntegers) {
  const auto back = read(*write_npy(Tensor::of<int8_t>(DType::QI8, {2}, {-1, 5})));
  ASSERT_TRUE(back) << str(back.error());
  EXPECT_TRUE(back->identical(Tensor::of<int8_t>(DType::I8, {2}, {-1, 5})));
  const auto none = write_npy(Tensor::zeros(DType::BF16, {1}));
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error()[0].code, "TN1302");
}
TEST(Npy, AnythingElseIsRefused) {
  const std::string data = bytes_of<float>({1, 2});
  refused("", "TN1301");
  refused("hello", "TN1301", "begin");
  refused(file(header("<f4", "2,"), data, 4), "TN1301", "format 4.0");
  refused(file(header("<f4", "3,"), data), "TN1301", "announced");
  refused(file(header("<f4", "1,"), data), "TN1301", "announced");
  refused(file(header("<f4", "-2,"), data), "TN1301", "shape");
  refused(file(header("<f4", "4294967296, 4294967296"), data), "TN1301", "shape");
  refused(file(header("<f4", "99999999999999999999"), data), "TN1301", "header");
  refused(file(header("<f4", "68719476736"), data), "TN1301", "announced");
  refused(file(header("|S4294967295", "68719476736"), data), "TN1301", "announced");
  refused(file(header("|S0", "68719476736"), ""), "TN1302");
  refused(file("{'descr': '<f4', 'shape': (2,)}", data), "TN1301", "header");
  refused(file(header("<f4", "2,") + "x", data), "TN1301", "header");
  refused(file(header("|O", "2,"), data), "TN1302", "|O");
  refused(file(header("<M8[ns]", "1,"), data), "TN1302", "M8");
  refused(file("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }", data), "TN1302", "('a', '<f4')");
  refused(file(header("<U1", "2,"), bytes_of<uint32_t>({65, 0x110000})), "TN1301", "Unicode");
  const auto whole = file(header("<f4", "2,"), data);
  for (size_t n = 0; n < whole.size(); ++n) refused(whole.substr(0, n), "TN1301");
}
TEST(Npy, AFileIsReadBack) {
  const std::string path = testing::TempDir() + "toucanet_x.npy";
  const Tensor t = Tensor::of<float>(DType::F32, {2}, {1, 2});
  ASSERT_TRUE(write_npy_file(path, t));
  const auto back = read_npy_file(path);
  std::remove(path.c_str());
  ASSERT_TRUE(back) << str(back.error());
  EXPECT_TRUE(back->identical(t));
  EXPECT_EQ(read_npy_file(path).error()[0].code, "TN1001");
  EXPECT_EQ(write_npy_file("/nowhere/x.npy", t).error()[0].code, "TN5004");
}

}  // namespace
}  // namespace toucanet
