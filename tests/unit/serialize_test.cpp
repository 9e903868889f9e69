#include "analyzer/ir/serialize.h"

#include <gtest/gtest.h>

#include "analyzer/lower/python.h"
#include "tests/support/project.h"

namespace querylint::ir {
namespace {

Module sample() {
  const std::string text =
      tests::read_repository_file("examples/bookshop/shop/models.py") +
      "x = = 1  # querylint: ignore[save-in-loop]\ny = " + std::string(900, '(') + "\n";
  return lower::lower_python(syntax::PythonParser().parse(text), text);
}

TEST(Serialize, ComesBackAsItWas) {
  const Module module = sample();
  const std::string bytes = serialize(module);
  const auto back = deserialize(bytes);
  ASSERT_TRUE(back);
  EXPECT_EQ(dump(*back), dump(module));
  EXPECT_EQ(back->comments, module.comments);
  EXPECT_EQ(back->cut, module.cut);
  EXPECT_EQ(back->has_errors, module.has_errors);
  EXPECT_EQ(serialize(*back), bytes);
}

TEST(Serialize, AnEmptyModuleComesBack) { EXPECT_TRUE(deserialize(serialize(Module()))); }

TEST(Serialize, RefusesAFlippedBitAnywhere) {
  std::string bytes = serialize(sample());
  for (std::size_t at = 0; at < bytes.size(); at += 1 + at / 64) {
    for (const char bit : {'\x01', '\x80'}) {
      bytes[at] = static_cast<char>(bytes[at] ^ bit);
      ASSERT_FALSE(deserialize(bytes)) << "byte " << at;
      bytes[at] = static_cast<char>(bytes[at] ^ bit);
    }
  }
}

TEST(Serialize, RefusesLessAndMore) {
  const std::string bytes = serialize(sample());
  for (std::size_t size = 0; size < bytes.size(); size += 1 + size / 16) {
    ASSERT_FALSE(deserialize(std::string_view(bytes).substr(0, size))) << size;
  }
  EXPECT_FALSE(deserialize(bytes + "x"));
}

}  // namespace
}  // namespace querylint::ir
