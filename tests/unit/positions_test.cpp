// Where a report says that something stands, and how it knows a line again.
#include <gtest/gtest.h>

#include "reports/code_points.h"
#include "reports/line_hash.h"
#include "reports/positions.h"

namespace querylint::reports {
namespace {

using base::ByteRange;

TEST(Positions, CountCodePointsUtf16UnitsAndBytes) {
  const LineIndex index("ä😀x\ny");
  EXPECT_EQ(index.position(0), (Position{1, 1, 1, 1}));
  EXPECT_EQ(index.position(2), (Position{1, 2, 2, 3}));
  EXPECT_EQ(index.position(6), (Position{1, 3, 4, 7}));
  EXPECT_EQ(index.position(7), (Position{1, 4, 5, 8}));
  EXPECT_EQ(index.position(8), (Position{2, 1, 1, 1}));
}

TEST(Positions, InsideOfACodePointIsItsBeginning) {
  const LineIndex index("ä😀x");
  EXPECT_EQ(index.position(1), (Position{1, 1, 1, 1}));
  EXPECT_EQ(index.position(4), (Position{1, 2, 2, 3}));
}

TEST(Positions, LinesEndWithLfCrOrBoth) {
  const LineIndex index("a\r\nbc\rd\n\ne");
  ASSERT_EQ(index.line_count(), 5u);
  EXPECT_EQ(index.line(1), "a");
  EXPECT_EQ(index.line(2), "bc");
  EXPECT_EQ(index.line(3), "d");
  EXPECT_EQ(index.line(4), "");
  EXPECT_EQ(index.line(5), "e");
  EXPECT_EQ(index.position(2), (Position{1, 2, 2, 2}));  // between CR and LF
  EXPECT_EQ(index.position(3), (Position{2, 1, 1, 1}));
}

TEST(Positions, AByteOrderMarkIsNoColumn) {
  const LineIndex index("\xEF\xBB\xBFx = 1\n");
  EXPECT_EQ(index.line(1), "x = 1");
  EXPECT_EQ(index.position(0), (Position{1, 1, 1, 1}));
  EXPECT_EQ(index.position(3), (Position{1, 1, 1, 1}));
  EXPECT_EQ(index.position(7), (Position{1, 5, 5, 5}));
}

TEST(Positions, BeyondTheTextIsItsEnd) {
  EXPECT_EQ(LineIndex("ab").position(99), (Position{1, 3, 3, 3}));
  EXPECT_EQ(LineIndex("ab\n").position(99), (Position{2, 1, 1, 1}));
  EXPECT_EQ(LineIndex("").position(99), (Position{1, 1, 1, 1}));
  EXPECT_EQ(LineIndex("ab").first_line_of({90, 99}), (ByteRange{2, 2}));
}

TEST(Positions, InvalidUtf8IsCutAsEditorsCutIt) {
  // A lone byte, a sequence that breaks off, a surrogate (three pieces), an overlong form (two).
  const LineIndex index("\xFF|\xE2\x82|\xED\xA0\x80|\xC0\xAF|\xF0\x9F\x98");
  EXPECT_EQ(index.position(1).column, 2u);
  EXPECT_EQ(index.position(4).column, 4u);
  EXPECT_EQ(index.position(8).column, 8u);
  EXPECT_EQ(index.position(11).column, 11u);
  EXPECT_EQ(index.position(99).column, 13u);
}

TEST(Positions, TheFirstLineOfARange) {
  const LineIndex index("ab\r\ncd\n");
  EXPECT_EQ(index.first_line_of({1, 6}), (ByteRange{1, 2}));
  EXPECT_EQ(index.first_line_of({4, 5}), (ByteRange{4, 5}));
  EXPECT_EQ(index.first_line_of({5, 3}), (ByteRange{5, 5}));
}

TEST(CodePoints, WidthInATerminal) {
  EXPECT_EQ(terminal_width('a'), 1u);
  EXPECT_EQ(terminal_width(U'ä'), 1u);
  EXPECT_EQ(terminal_width(U'名'), 2u);
  EXPECT_EQ(terminal_width(U'😀'), 2u);
  EXPECT_EQ(terminal_width(0x0301), 0u);
}

// Line hashes: facts published in github/codeql-action, `src/fingerprints.test.ts`.

/// The hashes of all lines, with blanks between.
std::string hashes_of(std::string_view text) {
  std::string all;
  for (const std::string& hash : line_hashes(text)) all.append(all.empty() ? "" : " ").append(hash);
  return all;
}

TEST(LineHash, OfOrdinaryLines) {
  EXPECT_EQ(hashes_of(""), "c129715d7a2bc9a3:1");
  EXPECT_EQ(hashes_of(" a\nb\n  \t\tc\n d"),
            "271789c17abda88f:1 54703d4cd895b18:1 180aee12dab6264:1 a23a3dc5e078b07b:1");
  EXPECT_EQ(hashes_of(" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End"),
            "8b7cf3e952e7aeb2:1 b1ae1287ec4718d9:1 bff680108adb0fcc:1 c6805c5e1288b612:1 "
            "b86d3392aea1be30:1 e6ceba753e1a442:1");
  EXPECT_EQ(hashes_of("x = 2\nx = 1\nprint(x)\nx = 3\nprint(x)\nx = 4\nprint(x)\n"),
            "e54938cc54b302f1:1 bb609acbe9138d60:1 1131fd5871777f34:1 5c482a0f8b35ea28:1 "
            "54517377da7028d2:1 2c644846cb18d53e:1 f1b89f20de0d133:1 c129715d7a2bc9a3:1");
}

TEST(LineHash, DoesNotDependOnLineEnds) {
  const std::string expected =
      "e9496ae3ebfced30:1 fb7c023a8b9ccb3f:1 ce8ba1a563dcdaca:1 e20e36e16fcb0cc8:1 "
      "b3edc88f2938467e:1 c8e28b0b4002a3a0:1 c129715d7a2bc9a3:1";
  EXPECT_EQ(hashes_of(" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n"), expected);
  EXPECT_EQ(hashes_of(" hello; \t\nworld!!!\r\r\r  \t\tGreetings\r End\r"), expected);
  EXPECT_EQ(hashes_of(" hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n"), expected);
  EXPECT_EQ(hashes_of(" hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n"), expected);
}

TEST(LineHash, CountsRepeats) {
  std::string text;
  for (int i = 0; i < 10; ++i) text += "Lorem ipsum dolor sit amet.\n";
  EXPECT_EQ(hashes_of(text),
            "a7f2ff13bc495cf2:1 a7f2ff13bc495cf2:2 a7f2ff13bc495cf2:3 a7f2ff13bc495cf2:4 "
            "a7f2ff13bc495cf2:5 a7f2ff13bc495cf2:6 a7f2ff1481e87703:1 a9cf91f7bbf1862b:1 "
            "55ec222b86bcae53:1 cc97dc7b1d7d8f7b:1 c129715d7a2bc9a3:1");
}

// Computed with Node's decoder and the published algorithm.
TEST(LineHash, OfUnusualText) {
  EXPECT_EQ(hashes_of("näme = '😀'\nb\n"),
            "cc971c97453688a5:1 ade70578248be16f:1 c129715d7a2bc9a3:1");
  EXPECT_EQ(hashes_of("\xEF\xBB\xBF"
                      "a\nb\n"),
            "8fff498b8a070609:1 ade70578248be16f:1 c129715d7a2bc9a3:1");
  EXPECT_EQ(hashes_of("a\xFF\xE2\x82\n\xED\xA0\x80\xF0\x9F\x98\nb"),
            "ddca8c0f98024068:1 37ddc1a64fe7f8eb:1 8ee5a81e681643c1:1");
  EXPECT_EQ(hashes_of(std::string(150, 'a') + "\n" + std::string(150, 'a') + "b\n" +
                      std::string(99, 'a') + "\n"),
            "871f6af4d0d4dd7c:1 871f6af4d0d4dd7c:2 871f6af4d0d4dd25:1 c129715d7a2bc9a3:1");
  EXPECT_EQ(hashes_of("a\r \nb"), "67c066a59e652f5e:1 cc4c43d77869440f:1 8ee5a81e681643c1:1");
  EXPECT_EQ(hashes_of("a\n \t "), "243cbaa4685aab12:1 c129715d7a2bc9a3:1");
}

}  // namespace
}  // namespace querylint::reports
