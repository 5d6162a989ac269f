// Archives of NumPy's arrays.
#include "import/npz.h"

#include <gtest/gtest.h>
#include <zip.h>

#include <fstream>

namespace toucanet {
namespace {

using Entries = std::vector<std::pair<std::string, std::string>>;

class Npz : public testing::Test {
 protected:
  const std::string path = testing::TempDir() + "toucanet_npz_" + testing::UnitTest::GetInstance()->current_test_info()->name();
  const Tensor x = Tensor::of<float>(DType::F32, {2}, {1, 2});

  void TearDown() override { std::remove(path.c_str()); }
  void write(const Entries& entries, int method) {
    int error = 0;
    zip_t* z = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &error);
    ASSERT_TRUE(z);
    for (const auto& [name, bytes] : entries) {
      const auto i = zip_file_add(z, name.c_str(), zip_source_buffer(z, bytes.data(), bytes.size(), 0), 0);
      ASSERT_GE(i, 0);
      zip_set_file_compression(z, static_cast<zip_uint64_t>(i), method, 0);
    }
    ASSERT_EQ(zip_close(z), 0);
  }
  std::string contents() {
    std::ifstream f(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(f), {}};
  }
  void replace(const std::string& bytes) { std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes; }
  std::string code() {
    const auto r = read_npz_file(path);
    return r ? "" : r.error()[0].code;
  }
};

TEST_F(Npz, ArraysAreFoundByName) {
  for (const int method : {ZIP_CM_STORE, ZIP_CM_DEFLATE}) {
    write({{"x.npy", *write_npy(x)}, {"net/y.npy", *write_npy(Tensor::scalar_i32(5))}}, method);
    const auto r = read_npz_file(path);
    ASSERT_TRUE(r) << str(r.error());
    ASSERT_EQ(r->size(), 2u);
    EXPECT_TRUE(r->at("x").identical(x));
    EXPECT_TRUE(r->at("net/y").identical(Tensor::scalar_i32(5)));
  }
}
TEST_F(Npz, EveryTruncationIsRefused) {
  write({{"x.npy", *write_npy(x)}}, ZIP_CM_DEFLATE);
  const auto whole = contents();
  for (size_t n = 0; n < whole.size(); ++n) {
    replace(whole.substr(0, n));
    EXPECT_EQ(code(), "TN1303") << n;
  }
}
TEST_F(Npz, AChangedByteOfAnArrayIsSeen) {
  write({{"x.npy", *write_npy(x)}}, ZIP_CM_STORE);
  auto bytes = contents();
  const size_t header = bytes.find("\x93NUMPY");
  ASSERT_NE(header, bytes.npos);
  bytes[header + 130] ^= 1;
  replace(bytes);
  EXPECT_EQ(code(), "TN1303");
}
TEST_F(Npz, OtherThingsAreRefused) {
  EXPECT_EQ(code(), "TN1001");
  replace(*write_npy(x));
  EXPECT_EQ(code(), "TN1303");
  write({{"x.txt", "hello"}}, ZIP_CM_STORE);
  EXPECT_EQ(code(), "TN1303");
  write({{"x.npy", "hello"}}, ZIP_CM_STORE);
  EXPECT_EQ(code(), "TN1301");
}

}  // namespace
}  // namespace toucanet
