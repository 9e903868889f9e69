// What no one plans for: files, configurations and circumstances that are not as they should be.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/support/process.h"
#include "tests/support/project.h"
#include "tests/support/scratch.h"

namespace querylint::tests {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const std::string slow =
    "from shop.models import Book\n"
    "\n"
    "\n"
    "def save_all():\n"
    "    for book in Book.objects.all():\n"
    "        book.save()\n";
constexpr int line_of_slow = 6;

/// A project on disk with one finding in `shop/views.py`.
class Shop : public testing::Test {
 protected:
  void SetUp() override {
    scratch_.write("shop/models.py", read_repository_file("examples/bookshop/shop/models.py"));
    scratch_.write("shop/views.py", slow);
  }

  Ran check(std::vector<std::string> more = {"--no-cache"},
            Circumstances circumstances = {}) const {
    circumstances.folder = scratch_.path();
    std::vector<std::string> arguments = {"check", ".", "--output-format", "json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return querylint(arguments, circumstances);
  }

  /// Places and rules of what was found, as `path:line rule` lines.
  static std::string found(const Ran& ran) {
    std::string out;
    const json report = json::parse(ran.out);
    for (const json& one : report.at("diagnostics")) {
      out += one.at("path").get<std::string>() + ":" + std::to_string(one.at("line").get<int>()) +
             " " + one.at("rule").get<std::string>() + "\n";
    }
    return out;
  }

  static std::string at(int line, const std::string& path = "shop/views.py") {
    return path + ":" + std::to_string(line) + " save-in-loop\n";
  }

  /// The other files are judged although one is bad.
  void expect_usual(const Ran& ran) const {
    EXPECT_EQ(ran.exit_code, 1) << ran.err;
    EXPECT_EQ(found(ran), at(line_of_slow)) << ran.err;
  }

  ScratchFolder scratch_;
};

using Files = Shop;

TEST_F(Files, ThatAreNotUtf8KeepTheirLines) {
  scratch_.write("shop/views.py", "# \xE4\xF6\xFC\nname = '\xFF'\n" + slow);
  const Ran ran = check();
  EXPECT_EQ(found(ran), at(line_of_slow + 2)) << ran.err;
}

TEST_F(Files, InUtf16AreLeftOutAndSaidSo) {
  scratch_.write("shop/wide.py", std::string_view("\xFF\xFE"
                                                  "x\0=\0"
                                                  "1\0",
                                                  8));
  const Ran ran = check();
  expect_usual(ran);
  EXPECT_NE(ran.err.find("shop/wide.py: not analysed"), std::string::npos) << ran.err;
}

TEST_F(Files, ThatAreLeftOutAreNamedInEveryFormat) {
  scratch_.write("shop/wide.py", std::string_view("\xFF\xFE"
                                                  "x\0=\0"
                                                  "1\0",
                                                  8));
  for (const char* format : {"full", "concise", "json", "sarif"}) {
    const Ran ran = querylint({"check", ".", "--no-cache", "--output-format", format},
                              {.folder = scratch_.path()});
    EXPECT_NE((ran.out + ran.err).find("shop/wide.py: not analysed"), std::string::npos) << format;
  }
}

TEST_F(Files, WithAByteOrderMark) {
  scratch_.write("shop/views.py", "\xEF\xBB\xBF" + slow);
  expect_usual(check());
  scratch_.write("shop/views.py",
                 "\xEF\xBB\xBF"
                 "from shop.models import Book\nfor book in Book.objects.all(): book.save()\n");
  EXPECT_EQ(found(check()), at(2));
}

TEST_F(Files, WithWindowsLineEnds) {
  std::string text;
  for (const char c : slow) text += c == '\n' ? std::string("\r\n") : std::string(1, c);
  scratch_.write("shop/views.py", text);
  expect_usual(check());
  text.insert(text.rfind('\r'), "  # querylint: ignore[save-in-loop]");
  scratch_.write("shop/views.py", text);
  EXPECT_EQ(check().exit_code, 0);
}

TEST_F(Files, WithNulBytes) {
  scratch_.write("shop/nul.py", std::string(1000, '\0'));
  scratch_.write("shop/mixed.py", slow + std::string("x = '\0'\n\0\0\n", 11));
  const Ran ran = check();
  EXPECT_EQ(found(ran), at(line_of_slow, "shop/mixed.py") + at(line_of_slow)) << ran.err;
}

TEST_F(Files, ThatAreEmpty) {
  scratch_.write("shop/__init__.py", "");
  scratch_.write("shop/blank.py", "\n\n   \n");
  expect_usual(check());
}

TEST_F(Files, OfFiftyMegabytesOnOneLineAreLeftOut) {
  scratch_.write("shop/data.py", "x = [" + std::string(50 << 20, '1') + "]\n");
  const Ran ran = check();
  expect_usual(ran);
  EXPECT_NE(ran.err.find("shop/data.py: not analysed: 52.4 MB"), std::string::npos) << ran.err;
}

TEST_F(Files, WithAHundredThousandParentheses) {
  scratch_.write("shop/deep.py",
                 "x = " + std::string(100000, '(') + "1" + std::string(100000, ')') + "\n");
  scratch_.write("shop/open.py", std::string(100000, '('));
  const Ran ran = check();
  expect_usual(ran);
  EXPECT_NE(ran.err.find("shop/deep.py: 1 places are nested too deeply"), std::string::npos)
      << ran.err;
}

TEST_F(Files, WithASyntaxErrorInOneFunction) {
  scratch_.write("shop/views.py", "def broken(:\n    return = 1 +\n\n\n" + slow);
  EXPECT_EQ(found(check()), at(line_of_slow + 4));
}

TEST_F(Files, OfPythonTwo) {
  scratch_.write("shop/views.py",
                 "from shop.models import Book\n"
                 "def report(out):\n"
                 "    print >>out, 'all'\n"
                 "    try:\n"
                 "        for book in Book.objects.all():\n"
                 "            print book.title\n"
                 "            book.save()\n"
                 "    except ValueError, error:\n"
                 "        exec 'x' in {}\n"
                 "        raise ValueError, `error`\n"
                 "    return 0777L\n");
  EXPECT_EQ(found(check()), at(7));
}

TEST_F(Files, WithTwoModelsOfOneName) {
  scratch_.write("stock/models.py",
                 "from django.db import models\n\n\nclass Book(models.Model):\n    shelf = "
                 "models.IntegerField()\n");
  scratch_.write("stock/views.py",
                 "from stock.models import Book\n\n\ndef move():\n    for book in "
                 "Book.objects.all():\n        book.save()\n        print(book.author.name)\n");
  EXPECT_EQ(found(check()), at(line_of_slow) + at(6, "stock/views.py"))
      << "the other Book has no author";
}

TEST_F(Files, ThatImportEachOther) {
  scratch_.write("shop/a.py",
                 "from shop.b import *\nfrom shop.b import Book as Other\n\n\ndef save_all():\n    "
                 "for book in Other.objects.all():\n        book.save()\n");
  scratch_.write("shop/b.py",
                 "from shop.a import *\nfrom shop.models import Book\n\njobs = [save_all]\n");
  EXPECT_EQ(found(check()), at(7, "shop/a.py") + at(line_of_slow));
}

TEST_F(Files, BehindALoopOfLinks) {
  fs::create_directory_symlink(scratch_.path(), scratch_ / "shop/again");
  fs::create_symlink("ring.py", scratch_ / "shop/ring.py");
  fs::create_symlink("nowhere.py", scratch_ / "shop/dangling.py");
  expect_usual(check());
}

TEST_F(Files, ThatCannotBeRead) {
  scratch_.write("shop/secret.py", slow);
  chmod((scratch_ / "shop/secret.py").c_str(), 0);
  if (access((scratch_ / "shop/secret.py").c_str(), R_OK) == 0)
    GTEST_SKIP() << "root reads everything";
  const Ran ran = check();
  expect_usual(ran);
  EXPECT_NE(ran.err.find("shop/secret.py: not analysed: Permission denied"), std::string::npos)
      << ran.err;
}

TEST_F(Files, ThatGitKnowsAndAreGone) {
  const auto git = [&](std::vector<std::string> arguments) {
    return run("/usr/bin/git", arguments, {.folder = scratch_.path()}).exit_code;
  };
  ASSERT_EQ(git({"init", "--quiet"}), 0);
  scratch_.write("shop/gone.py", slow);
  scratch_.write("shop/ignored.py", slow);
  scratch_.write(".gitignore", "ignored.py\n");
  ASSERT_EQ(git({"add", "."}), 0);
  fs::remove(scratch_ / "shop/gone.py");
  const Ran ran = check();
  expect_usual(ran);
  EXPECT_EQ(ran.err, "");
}

TEST_F(Files, OfARepositoryThatNamesAProgramToRun) {
  const auto git = [&](std::vector<std::string> arguments) {
    return run("/usr/bin/git", arguments, {.folder = scratch_.path()}).exit_code;
  };
  ASSERT_EQ(git({"init", "--quiet"}), 0);
  ASSERT_EQ(git({"config", "core.fsmonitor", "touch '" + (scratch_ / "was_run") + "'; false"}), 0);
  expect_usual(check());
  EXPECT_FALSE(fs::exists(scratch_ / "was_run"));
}

TEST_F(Shop, APathThatIsNotThereIsAnError) {
  const Ran ran = querylint({"check", scratch_ / "missing"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_NE(ran.err.find("missing: No such file or directory"), std::string::npos) << ran.err;
}

TEST_F(Shop, AFolderWithoutPythonIsClean) {
  scratch_.write("docs/a.txt", "x");
  const Ran ran = querylint({"check", scratch_ / "docs", "--no-cache"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
}

TEST_F(Shop, ABrokenConfigurationIsAnErrorWithItsPlace) {
  scratch_.write("pyproject.toml", "[tool.querylint]\nselect = [\"loops\"\n\n[tool.ruff]\n");
  const Ran ran = check();
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_EQ(ran.out, "");
  EXPECT_NE(ran.err.find("pyproject.toml:4:"), std::string::npos) << ran.err;
  scratch_.write("pyproject.toml", "[tool.querylint]\nselekt = []\n");
  EXPECT_NE(check().err.find("pyproject.toml:2:1: unknown key `selekt`"), std::string::npos);
  scratch_.write("pyproject.toml", "[tool.querylint]\nselect = [\"lops\"]\n");
  EXPECT_EQ(check().exit_code, 2);
}

TEST_F(Shop, AReportThatCannotBeWrittenIsAnError) {
  const Ran ran = check({"--no-cache"}, {.standard_output = "/dev/full"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_NE(ran.err.find("cannot be written"), std::string::npos) << ran.err;
  EXPECT_EQ(check({"--no-cache", "--output-file", scratch_ / "no/such/folder"}).exit_code, 2);
  const Ran device = check({"--no-cache", "--output-file", "/dev/full"});
  EXPECT_EQ(device.exit_code, 2);
  EXPECT_TRUE(fs::is_character_file("/dev/full")) << "a device is not replaced by a file";
}

TEST_F(Shop, IsKnownAroundAPathWithoutARepository) {
  scratch_.write("desk/views.py", slow);
  Circumstances here;
  here.folder = scratch_.path();
  const std::vector<std::string> arguments = {"check", "desk", "--output-format", "json",
                                              "--no-cache"};
  EXPECT_EQ(found(querylint(arguments, here)), "") << "the models are out of sight";
  scratch_.write("manage.py", "");
  EXPECT_EQ(found(querylint(arguments, here)), at(line_of_slow, "desk/views.py"));
}

TEST_F(Shop, AReportGoesWhereADeviceTakesIt) {
  const Ran ran = check({"--no-cache", "--output-file", "/dev/stdout"});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_EQ(found(ran), at(line_of_slow));
}

}  // namespace
}  // namespace querylint::tests
