// Files that fail while they are read, seen through a disk that does so at will.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "tests/support/process.h"
#include "tests/support/project.h"
#include "tests/support/scratch.h"

namespace querylint::driver {
namespace {

/// Lists files that it then does not give.
class FailingDisk : public MemoryDisk {
 public:
  FailingDisk(tests::Files files, std::string error)
      : MemoryDisk(files), error_(std::move(error)) {}

  std::vector<std::string> list() override {
    std::vector<std::string> paths = MemoryDisk::list();
    paths.push_back("shop/zzz.py");
    return paths;
  }
  Content read(const std::string& path) override {
    return path == "shop/zzz.py" ? Content{std::nullopt, error_} : MemoryDisk::read(path);
  }

 private:
  std::string error_;
};

Project load_from(Disk& disk) {
  Input input;
  input.disk = &disk;
  return load(input);
}

TEST(Loading, SaysWhatCannotBeRead) {
  FailingDisk disk({{"shop/a.py", "x = 1\n"}}, "Permission denied");
  const Project project = load_from(disk);
  EXPECT_EQ(project.notices,
            std::vector<std::string>{"shop/zzz.py: not analysed: Permission denied"});
  EXPECT_FALSE(project.was_complete);
  EXPECT_EQ(project.texts.size(), 1u);
}

TEST(Loading, KnowsNothingOfAFileThatIsGone) {
  FailingDisk disk({{"shop/a.py", "x = 1\n"}}, "");
  const Project project = load_from(disk);
  EXPECT_TRUE(project.notices.empty());
  EXPECT_TRUE(project.was_complete);
}

TEST(Folder, TellsGoneFromUnreadable) {
  const tests::ScratchFolder scratch;
  scratch.write("folder.py/x", "");
  Folder folder(scratch.path());
  EXPECT_EQ(folder.read("folder.py").error, "Is a directory");
  const Content gone = folder.read("gone.py");
  EXPECT_FALSE(gone.bytes);
  EXPECT_EQ(gone.error, "");
  EXPECT_EQ(folder.size("gone.py"), 0u);
}

TEST(Folder, ListsWhatIsThereSorted) {
  const tests::ScratchFolder scratch;
  for (const char* path : {"b.py", "a/c.py", "a.py", "venv/x.py", "node_modules/y.py", ".git/z.py"})
    scratch.write(path, "");
  std::filesystem::create_directory_symlink(scratch.path(), scratch / "loop");
  EXPECT_EQ(Folder(scratch.path()).list(), (std::vector<std::string>{"a.py", "a/c.py", "b.py"}));
}

/// A variable of the environment, for as long as the object lives.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    setenv(name, value.c_str(), 1);
  }
  ~Variable() { unsetenv(name_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
};

TEST(Folder, ListsItsOwnRepositoryWhenGitRunsUsAsAHook) {
  const tests::ScratchFolder scratch;
  const tests::ScratchFolder other;
  for (const tests::ScratchFolder* folder : {&scratch, &other}) {
    const tests::Circumstances here{.folder = folder->path()};
    ASSERT_EQ(tests::run("/usr/bin/git", {"init", "--quiet"}, here).exit_code, 0);
  }
  scratch.write("app/kept.py", "");
  scratch.write("app/ignored.py", "");
  scratch.write(".gitignore", "ignored.py\n");
  const tests::Circumstances here{.folder = scratch.path()};
  ASSERT_EQ(tests::run("/usr/bin/git", {"add", "-f", "app"}, here).exit_code, 0);
  const Variable git_folder("GIT_DIR", other / ".git");
  const Variable index("GIT_INDEX_FILE", ".git/index.lock");
  EXPECT_EQ(Folder(scratch / "app").list(), (std::vector<std::string>{"ignored.py", "kept.py"}));
}

TEST(WriteFile, WritesAllOrNothing) {
  const tests::ScratchFolder scratch;
  EXPECT_EQ(write_file(scratch / "a", "text"), std::nullopt);
  EXPECT_EQ(scratch.read("a"), "text");
  EXPECT_NE(write_file(scratch / "no/a", "text"), std::nullopt);
  EXPECT_NE(write_file("/dev/full", "text"), std::nullopt);
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/full"));
}

}  // namespace
}  // namespace querylint::driver
