// The cache never changes a result, whatever happens to it.
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/support/process.h"
#include "tests/support/project.h"
#include "tests/support/scratch.h"

namespace querylint::tests {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

/// A project on disk that takes a moment: copies of the bookshop, each with a finding.
class CacheTest : public testing::Test {
 protected:
  void make_project(int copies) {
    const std::string models = read_repository_file("examples/bookshop/shop/models.py");
    for (int i = 0; i < copies; ++i) {
      const std::string app = "app" + std::to_string(i);
      project_.write(app + "/models.py", models + "# " + app + "\n");
      project_.write(app + "/views.py",
                     "from " + app +
                         ".models import Book\n\n\ndef save_all():\n"
                         "    for book in Book.objects.all():\n        book.save()\n");
    }
    expected_ = check({"--no-cache"}).out;
    ASSERT_NE(expected_.find("save-in-loop"), std::string::npos);
  }

  Ran check(std::vector<std::string> more, Circumstances circumstances = {}) const {
    circumstances.folder = project_.path();
    std::vector<std::string> arguments = {"check", ".", "--output-format", "json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return querylint(arguments, circumstances);
  }

  Ran check_cached(Circumstances circumstances = {}) const {
    return check({"--cache-dir", cache_.path(), "--timings"}, circumstances);
  }

  void expect_right(const Ran& ran) const {
    EXPECT_EQ(ran.exit_code, 1) << ran.err;
    EXPECT_EQ(ran.out, expected_) << ran.err;
  }

  /// After whatever happened the next run is right, and the one after it finds everything.
  void expect_recovery() const {
    expect_right(check_cached());
    const Ran warm = check_cached();
    expect_right(warm);
    EXPECT_NE(warm.err.find(" files, 0 parsed"), std::string::npos) << warm.err;
  }

  ScratchFolder project_;
  ScratchFolder cache_;
  std::string expected_;
};

TEST_F(CacheTest, SavesTheParsing) {
  make_project(3);
  const Ran cold = check_cached();
  expect_right(cold);
  EXPECT_NE(cold.err.find("6 files, 6 parsed"), std::string::npos) << cold.err;
  expect_recovery();
}

TEST_F(CacheTest, GoesByContentNotByTime) {
  make_project(2);
  check_cached();
  fs::last_write_time(project_ / "app0/models.py", fs::file_time_type::clock::now() + 1h);
  expect_recovery();
  fs::rename(project_ / "app0/views.py", project_ / "app0/other.py");
  const Ran moved = check_cached();
  EXPECT_NE(moved.err.find("4 files, 0 parsed"), std::string::npos) << moved.err;
  EXPECT_NE(moved.out.find("app0/other.py"), std::string::npos);
}

TEST_F(CacheTest, MayBeDamagedAnywhere) {
  make_project(2);
  check_cached();
  const std::string whole = cache_.read("modules.mdb");
  ASSERT_GT(whole.size(), 4096u);
  for (std::size_t at = 0; at < whole.size(); at += whole.size() / 12) {
    std::string damaged = whole;
    for (std::size_t i = at; i < std::min(at + 64, whole.size()); ++i)
      damaged[i] = static_cast<char>(~damaged[i]);
    cache_.write("modules.mdb", damaged);
    expect_right(check_cached());
  }
  expect_recovery();
}

TEST_F(CacheTest, MayBeTruncated) {
  make_project(2);
  check_cached();
  const std::string whole = cache_.read("modules.mdb");
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, std::size_t{4096}, whole.size() / 2, whole.size() - 1}) {
    cache_.write("modules.mdb", std::string_view(whole).substr(0, size));
    expect_right(check_cached());
  }
  expect_recovery();
}

TEST_F(CacheTest, MayBeForeign) {
  make_project(2);
  cache_.write("modules.mdb", "SQLite format 3" + std::string(100000, 'x'));
  cache_.write("seal", "x");
  expect_recovery();
}

TEST_F(CacheTest, MayHoldWhatASealVouchesFor) {
  make_project(2);
  check_cached();
  const std::string old_seal = cache_.read("seal");
  const std::string old_data = cache_.read("modules.mdb");
  project_.write("app0/views.py", "x = 1\n");
  check_cached();
  cache_.write("modules.mdb", old_data);  // a seal of another database
  EXPECT_EQ(check_cached().out, check({"--no-cache"}).out);
  cache_.write("seal", old_seal);
  cache_.write("modules.mdb", old_data);
  EXPECT_EQ(check_cached().out, check({"--no-cache"}).out);
}

TEST_F(CacheTest, MayHaveNoPlace) {
  make_project(1);
  project_.write("file", "x");
  const Ran ran = check({"--cache-dir", project_ / "file/cache"});
  expect_right(ran);
  EXPECT_NE(ran.err.find("cannot be made"), std::string::npos) << ran.err;
  fs::create_directories(project_ / "taken/modules.mdb/x");
  expect_right(check({"--cache-dir", project_ / "taken"}));
}

TEST_F(CacheTest, MayMeetAFullDisk) {
  make_project(4);
  for (const std::size_t most : {0u, 100u, 4096u, 20000u, 40000u}) {
    expect_right(check_cached({.most_bytes = most}));
  }
  expect_recovery();
}

TEST_F(CacheTest, MayMeetAFullDiskWhenItGrows) {
  make_project(2);
  check_cached();
  project_.write("app9/models.py",
                 read_repository_file("examples/bookshop/shop/models.py") + "# new\n");
  expected_ = check({"--no-cache"}).out;
  expect_right(check_cached({.most_bytes = cache_.read("modules.mdb").size()}));
  expect_recovery();
}

TEST_F(CacheTest, MayBeInterruptedAtAnyTime) {
  make_project(120);
  for (const auto after : {3ms, 20ms, 60ms, 120ms, 200ms, 300ms}) {
    const auto begin = std::chrono::steady_clock::now();
    const Ran ran = check_cached({.interrupt_after = after});
    const auto lasted = std::chrono::steady_clock::now() - begin;
    EXPECT_TRUE(ran.signal == SIGINT || ran.exit_code == 1) << ran.exit_code;
    EXPECT_TRUE(ran.signal != SIGINT || lasted < after + 2s) << "it dies at once";
  }
  expect_recovery();
}

TEST_F(CacheTest, MayBeSharedByRunsAtOnce) {
  make_project(20);
  std::vector<Ran> runs(4);
  std::vector<std::thread> users;
  for (Ran& ran : runs) users.emplace_back([&ran, this] { ran = check_cached(); });
  for (std::thread& user : users) user.join();
  for (const Ran& ran : runs) expect_right(ran);
  expect_recovery();
}

}  // namespace
}  // namespace querylint::tests
