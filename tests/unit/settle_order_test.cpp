// One finding of each cause is left, whatever order they come in.
#include <gtest/gtest.h>

#include "analyzer/diagnostics/settle.h"

namespace querylint::diagnostics {
namespace {

Diagnostic read_at(std::uint32_t begin) {
  Diagnostic diagnostic;
  diagnostic.rule = "query-in-loop";
  diagnostic.cause.detail = "the same";
  diagnostic.message = "N queries";
  diagnostic.place = {"shop/views.py", {10, 20}};
  diagnostic.related = {{{"shop/models.py", {begin, begin + 5}}, "it is read here"}};
  return diagnostic;
}

std::uint32_t explained_at(const Diagnostic& one, const Diagnostic& other) {
  const Settled settled =
      settle(std::vector{&one, &other}, {}, [](const std::string&) { return ""; });
  EXPECT_EQ(settled.diagnostics.size(), 1u);
  return settled.diagnostics.front().related.front().place.range.begin;
}

TEST(SettleOrder, TheEarliestOfEqualExplanationsIsKept) {
  EXPECT_EQ(explained_at(read_at(7), read_at(3)), 3u);
  EXPECT_EQ(explained_at(read_at(3), read_at(7)), 3u);
}

}  // namespace
}  // namespace querylint::diagnostics
