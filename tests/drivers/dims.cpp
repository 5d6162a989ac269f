#include <gtest/gtest.h>

#include "ir/dim.h"
#include "ir/type.h"

namespace toucanet {

TEST(Dim, ExpressionsHaveOneSpelling) {
  const Dim n = Dim::symbol("n"), m = Dim::symbol("m");
  EXPECT_EQ((n * 3 + 1 + n).str(), (Dim(1) + Dim(4) * n).str());
  EXPECT_TRUE(same(n * m, m * n));
  EXPECT_TRUE(same((n + 1) * (n - 1), n * n - 1));
  EXPECT_TRUE((n - n).is(0));
}
TEST(Dim, DivisionIsExactWhereItCanBeProven) {
  const Dim n = Dim::symbol("n");
  EXPECT_TRUE(same(floor_div(n * 6, 3), n * 2));
  EXPECT_TRUE(same(floor_div(n * 6, n), 6));
  EXPECT_EQ(ceil_div(n, 2).str(), "ceil(n,2)");
  EXPECT_TRUE(ceil_div(7, 2).is(4));
  EXPECT_TRUE(floor_div(-7, 2).is(-4));
}
TEST(Dim, UnknownProvesNothing) {
  EXPECT_FALSE(same(Dim::unknown(), Dim::unknown()));
  EXPECT_FALSE(differ(Dim::unknown(), 3));
  EXPECT_TRUE(differ(Dim::symbol("n") + 1, Dim::symbol("n")));
}
TEST(Dim, TextIsReadBack) {
  for (const char* text : {"3", "n", "?", "2*n+1", "ceil(n+1,2)", "max(n,3)", "-1+n"}) {
    const auto d = Dim::parse(text);
    ASSERT_TRUE(d) << text;
    EXPECT_EQ(*Dim::parse(d->str()), *d) << text;
  }
  for (const char* text : {"", "2*", "ceil(n", "n)", "foo(n,2)"}) EXPECT_FALSE(Dim::parse(text)) << text;
}
TEST(TensorType, TextIsReadBack) {
  for (const char* text : {"f32[]", "i8[*]", "f32[n,3,2*n]", "i8[2,3]{scale=0.5:0.25;zero=0:1;axis=0}", "u8[4]{scale=0.5;zero=128}"}) {
    const auto t = TensorType::parse(text);
    ASSERT_TRUE(t) << text;
    EXPECT_EQ(t->str(), text);
  }
}

}  // namespace toucanet
