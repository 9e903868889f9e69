// Budgets. See tests/cases/stages/follow.md for what is followed.
#include <gtest/gtest.h>

#include <algorithm>

#include "analyzer/flow/dump.h"
#include "analyzer/flow/interpreter.h"
#include "analyzer/frameworks/dictionary.h"
#include "tests/support/project.h"

namespace querylint::flow {
namespace {

/// What following a function gave, and which functions it called with rows.
struct Outcome {
  std::string trace;
  std::vector<FunctionId> entered;
};

/// Of the function `start` of `shop/views.py`, beside the models of the bookshop; the function
/// `before`, if there is one, is followed first.
Outcome follow_start(const std::string& views, std::string_view before, Budget budget = {}) {
  driver::MemoryDisk disk(
      {{"shop/views.py", views},
       {"shop/models.py", tests::read_repository_file("examples/bookshop/shop/models.py")}});
  driver::Input input;
  input.disk = &disk;
  const driver::Project project = driver::load(input);
  const Preparation preparation = prepare(project.program, project.frameworks);
  World world(project.program, project.schema, frameworks::dictionary());
  Interpreter interpreter(world, project.frameworks, preparation, budget);
  Outcome outcome;
  for (const std::string_view wanted : {before, std::string_view("start")}) {
    if (wanted.empty()) continue;
    for (std::uint32_t i = 0; i < project.program.functions.size(); ++i) {
      if (world.text(project.program.functions[i].name) != wanted) continue;
      outcome.trace = dump(world, interpreter.follow({i}));
      outcome.entered = interpreter.reach().entered;
    }
  }
  return outcome;
}

std::string follow(const std::string& views, Budget budget = {}) {
  return follow_start(views, {}, budget).trace;
}

void expect_no_history(const std::string& views) {
  const Outcome alone = follow_start(views, {});
  const Outcome later = follow_start(views, "before");
  EXPECT_NE(alone.trace.find("execution"), std::string::npos) << alone.trace;
  EXPECT_EQ(later.trace, alone.trace);
  EXPECT_EQ(later.entered, alone.entered);
}

const std::string deep = R"(
from shop.models import Book


def last(book):
    return book.author


def middle(book):
    return last(book)


def start():
    return middle(Book.objects.get(pk=1))
)";

TEST(History, OfWhoCalledItBeforeDoesNotHideALocalFunction) {
  expect_no_history(R"(
from shop.models import Book


def start():
    def names():
        return [book.author.name for book in Book.objects.all()]
    return names


def before():
    return start()
)");
}

TEST(History, OfACapturedVariableDoesNotCount) {
  expect_no_history(R"(
from shop.models import Book


def names_of(books):
    def names():
        return [book.author.name for book in rows]
    rows = books
    return names()


def start():
    return names_of(Book.objects.select_related("author"))


def before():
    return names_of(Book.objects.all())
)");
}

TEST(Budget, IsEnoughForWhatIsUsual) {
  const std::string trace = follow(deep);
  EXPECT_NE(trace.find("lazy_relation .author"), std::string::npos) << trace;
  EXPECT_EQ(trace.find("  cut\n"), std::string::npos) << trace;
}

TEST(Budget, OfDepthEndsInUnknown) {
  const std::string trace = follow(deep, {.depth = 1});
  EXPECT_NE(trace.find("execution fetched"), std::string::npos) << trace;
  EXPECT_EQ(trace.find("lazy_relation"), std::string::npos) << trace;
  EXPECT_NE(trace.find("escape of row Book"), std::string::npos)
      << "what was not followed may use it\n"
      << trace;
}

TEST(Budget, OfStepsCutsTheTraceAndSaysSo) {
  std::string views = "from shop.models import Book\n\n\ndef start():\n";
  for (int i = 0; i < 400; ++i) views += "    Book.objects.count()\n";
  const std::string trace = follow(views, {.steps = 300});
  EXPECT_TRUE(trace.ends_with("  cut\n"));
  EXPECT_FALSE(follow(views).ends_with("  cut\n"));
}

TEST(Budget, RecursionEnds) {
  const std::string trace = follow(R"(
from shop.models import Book


def walk(book, others):
    book.author
    return walk(others[0], [book]) or start()


def start():
    return walk(Book.objects.first(), list(Book.objects.all()))
)");
  EXPECT_NE(trace.find("lazy_relation .author"), std::string::npos) << trace;
}

TEST(Budget, ManyWaysThroughAFunctionAreNotCountedOut) {
  std::string views =
      "from shop.models import Book\n\n\ndef start(a):\n    books = Book.objects.all()\n";
  for (int i = 0; i < 40; ++i) {
    views += "    if a.x" + std::to_string(i) +
             ":\n        books = books.filter(stock=" + std::to_string(i) + ")\n";
  }
  views += "    for book in books:\n        book.author\n";
  const std::string trace = follow(views);
  EXPECT_NE(trace.find("lazy_relation .author"), std::string::npos) << trace.substr(0, 2000);
  EXPECT_LT(trace.size(), 100000u);
}

}  // namespace
}  // namespace querylint::flow
