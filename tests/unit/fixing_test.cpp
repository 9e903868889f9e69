// Fixing a project in memory, and what happens where the disk has gone on.
#include "driver/fixing.h"

#include <gtest/gtest.h>

#include "driver/source_text.h"
#include "tests/support/project.h"
#include "tests/support/scratch.h"

namespace querylint::driver {
namespace {

using tests::ScratchFolder;

TEST(WriteChanges, LeavesAFileAloneThatHasChanged) {
  const ScratchFolder folder;
  folder.write("a.py", "new");
  folder.write("b.py", "old");
  Folder disk(folder.path());
  const auto notices =
      write_changes(folder.path(), disk,
                    {{"a.py", "old", "fixed"}, {"b.py", "old", "fixed"}, {"c.py", "old", "fixed"}});
  EXPECT_EQ(notices, (std::vector<std::string>{"a.py: not fixed: it has changed since it was read",
                                               "c.py: not fixed: it is gone"}));
  EXPECT_EQ(folder.read("a.py"), "new");
  EXPECT_EQ(folder.read("b.py"), "fixed");
}

TEST(WriteChanges, NeedsAnEncodingThatHoldsTheFix) {
  const ScratchFolder folder;
  folder.write("a.py", "# \xE9");
  Folder disk(folder.path());
  const auto notices = write_changes(folder.path(), disk, {{"a.py", "# é", "# é €"}});
  EXPECT_EQ(notices, std::vector<std::string>{"a.py: not fixed: its encoding cannot hold the fix"});
  EXPECT_TRUE(write_changes(folder.path(), disk, {{"a.py", "# é", "# é ÿ"}}).empty());
  EXPECT_EQ(folder.read("a.py"), "# \xE9 \xFF");
}

TEST(SourceText, GoesBackToItsEncoding) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all.push_back(static_cast<char>(byte));
  EXPECT_EQ(from_utf8(*to_utf8(all), all), all);
  EXPECT_EQ(from_utf8("€", "plain"), "€");
}

/// Fixes every finding by that edit of its file.
ChooseFix always(std::string replacement) {
  return [=](const diagnostics::Diagnostic& diagnostic, std::string_view) {
    return diagnostics::Fix{"Do it",
                            diagnostics::Safety::safe,
                            {{diagnostic.place, replacement, diagnostics::Layout::as_it_is}}};
  };
}

class FixProject : public testing::Test {
 protected:
  FixProject()
      : disk_({{"shop/models.py", tests::read_repository_file("examples/bookshop/shop/models.py")},
               {"shop/views.py",
                "from shop.models import Book\n\n\ndef save_all():\n"
                "    for book in Book.objects.all():\n        book.save()\n"}}) {
    std::string error;
    input_.disk = &disk_;
    input_.selection = *select_rules(std::nullopt, {}, error);
  }

  MemoryDisk disk_;
  Input input_;
};

TEST_F(FixProject, AFixThatBreaksTheSyntaxIsTakenBack) {
  const Fixed fixed = fix(input_, always("save(("));
  EXPECT_TRUE(fixed.changes.empty());
  EXPECT_EQ(fixed.count, 0u);
  EXPECT_EQ(fixed.notices, std::vector<std::string>{
                               "shop/views.py: not fixed: the result would be no valid Python"});
}

TEST_F(FixProject, AFixThatRepairsNothingIsTakenBack) {
  const Fixed fixed = fix(input_, always("save( )"));
  EXPECT_TRUE(fixed.changes.empty());
  EXPECT_EQ(fixed.count, 0u);
  EXPECT_EQ(fixed.checked.outcome.diagnostics.size(), 1u);
  EXPECT_EQ(fixed.notices,
            std::vector<std::string>{
                "shop/views.py: save-in-loop not fixed: this would not help: Do it"});
}

TEST_F(FixProject, AFixThatRepairsNothingLeavesTheOthers) {
  disk_ = MemoryDisk({{"shop/models.py", disk_.read("shop/models.py").bytes.value()},
                      {"shop/views.py",
                       "from shop.models import Book\n\n\ndef save_all():\n"
                       "    for book in Book.objects.all():\n        book.save()\n\n\n"
                       "def save_some():\n"
                       "    for book in Book.objects.order_by(\"pk\"):\n        book.save()\n"}});
  const Fixed fixed = fix(input_, [](const diagnostics::Diagnostic& diagnostic, std::string_view) {
    const bool is_useless = diagnostic.function == "save_all";
    return diagnostics::Fix{
        "Do it",
        diagnostics::Safety::safe,
        {{diagnostic.place, is_useless ? "save( )" : "clean()", diagnostics::Layout::as_it_is}}};
  });
  EXPECT_EQ(fixed.count, 1u);
  ASSERT_EQ(fixed.changes.size(), 1u);
  EXPECT_NE(fixed.changes[0].after.find("book.save()\n"), std::string::npos);
  EXPECT_TRUE(fixed.changes[0].after.ends_with("book.clean()\n"));
}

TEST_F(FixProject, WhatWasFixedIsGone) {
  const Fixed fixed = fix(input_, always("clean()"));
  EXPECT_EQ(fixed.count, 1u);
  EXPECT_TRUE(fixed.checked.outcome.diagnostics.empty());
  ASSERT_EQ(fixed.changes.size(), 1u);
  EXPECT_TRUE(fixed.changes[0].before.ends_with("book.save()\n"));
  EXPECT_TRUE(fixed.changes[0].after.ends_with("book.clean()\n"));
}

}  // namespace
}  // namespace querylint::driver
