// The language server as one editor sees it, in the same process.
#include <gtest/gtest.h>

#include "tests/support/editor.h"
#include "tests/support/project.h"

namespace querylint::tests {
namespace {

const Files example = {{"shop/models.py", read_repository_file("docs/example/shop/models.py")},
                       {"shop/views.py", read_repository_file("docs/example/shop/views.py")}};

Json position(int line, int character) { return {{"line", line}, {"character", character}}; }

Json everything() { return {{"start", position(0, 0)}, {"end", position(9999, 0)}}; }

/// `line:character rule` of each diagnostic.
std::vector<std::string> summary(const Json& diagnostics) {
  std::vector<std::string> lines;
  for (const Json& item : diagnostics) {
    const Json& start = item["range"]["start"];
    lines.push_back(start["line"].dump() + ":" + start["character"].dump() + " " +
                    item["code"].get<std::string>());
  }
  return lines;
}

using Lines = std::vector<std::string>;

TEST(Server, PublishesWhatTheProjectOnTheDiskHas) {
  Editor editor(example);
  editor.settle();
  EXPECT_EQ(summary(editor.published("shop/views.py")), Lines{"4:23 lazy-relation-in-loop"});
  EXPECT_EQ(editor.published("shop/views.py")[0]["relatedInformation"].size(), 3);
}

TEST(Server, UnsavedTextWinsOverTheDisk) {
  Editor editor(example);
  const std::string text = example.at("shop/views.py");
  editor.open("shop/views.py", text);
  const std::size_t end = text.find("\"title\")") + 8;
  editor.edit("shop/views.py", end, end, ".select_related(\"author\")");
  editor.settle();
  EXPECT_EQ(summary(editor.published("shop/views.py")), Lines{});
  editor.close("shop/views.py");
  editor.settle();
  EXPECT_EQ(summary(editor.published("shop/views.py")), Lines{"4:23 lazy-relation-in-loop"});
}

TEST(Server, EditsCountInTheAgreedEncoding) {
  for (const auto& [encoding, column] :
       std::map<std::string, int>{{"utf-8", 33}, {"utf-16", 28}, {"utf-32", 27}}) {
    Files files = example;
    std::string& text = files["shop/views.py"];
    const std::string line = "    return book.title, book.author.name";
    text.replace(text.find(line), line.size(), "    return \"ä€😀\", 1, 2, 3, book.author.name");
    Editor editor(files, {.encoding = encoding});
    editor.settle();
    EXPECT_EQ(summary(editor.published("shop/views.py")),
              Lines{"4:" + std::to_string(column) + " lazy-relation-in-loop"})
        << encoding;
  }
}

TEST(Server, AnswersPullsAndKnowsWhatIsUnchanged) {
  Editor editor(example, {.pulls = true});
  const Json first = editor.request("textDocument/diagnostic",
                                    {{"textDocument", {{"uri", Editor::uri("shop/views.py")}}}});
  EXPECT_EQ(first["result"]["kind"], "full");
  EXPECT_EQ(summary(first["result"]["items"]), Lines{"4:23 lazy-relation-in-loop"});
  const Json second = editor.request("textDocument/diagnostic",
                                     {{"textDocument", {{"uri", Editor::uri("shop/views.py")}}},
                                      {"previousResultId", first["result"]["resultId"]}});
  EXPECT_EQ(second["result"]["kind"], "unchanged");
  const Json whole = editor.request("workspace/diagnostic", {{"previousResultIds", Json::array()}});
  ASSERT_EQ(whole["result"]["items"].size(), 1);
  EXPECT_EQ(whole["result"]["items"][0]["uri"], Editor::uri("shop/views.py"));
}

/// Works until the request of that number is answered, and no further.
Json first_answer(Editor& editor, int id, const std::string& path) {
  editor.forget_messages();
  editor.server().receive(driver::server::request_message(
      id, "textDocument/diagnostic", {{"textDocument", {{"uri", Editor::uri(path)}}}}));
  const auto is_it = [&](const Json& message) { return message.value("id", Json()) == id; };
  while (std::ranges::none_of(editor.messages(), is_it) && editor.server().step()) {
  }
  return *std::ranges::find_if(editor.messages(), is_it);
}

TEST(Server, KnowsAnEditedFileBeforeItsCallers) {
  Files files = example;
  files["shop/other.py"] =
      "from shop.views import credit\n\n\ndef one(book):\n    return credit(book)\n";
  Editor editor(files, {.pulls = true});
  const std::string text = files["shop/views.py"];
  editor.open("shop/views.py", text);
  editor.settle();
  const std::size_t name = text.find("book.author.name");
  editor.edit("shop/views.py", name, name, "1, ");
  const Json answer = first_answer(editor, 1000, "shop/views.py");
  EXPECT_EQ(summary(answer["result"]["items"]), Lines{"4:26 lazy-relation-in-loop"});
  EXPECT_FALSE(editor.server().roots().front()->is_current());
  editor.settle();
  EXPECT_TRUE(editor.server().roots().front()->is_current());
  const Json last = first_answer(editor, 1001, "shop/views.py");
  EXPECT_EQ(last["result"]["items"], answer["result"]["items"]);
}

TEST(Server, TellsAgainWhenCallersAddFindings) {
  Files files = example;
  files["shop/lists.py"] = "def names(books):\n    return [book.title for book in books]\n";
  files["shop/other.py"] =
      "from shop.lists import names\nfrom shop.models import Book\n\n\n"
      "def all_names():\n    return names(Book.objects.all())\n";
  Editor editor(files, {.pulls = true});
  const std::string text = files["shop/lists.py"];
  editor.open("shop/lists.py", text);
  editor.settle();
  const std::size_t title = text.find("title");
  editor.edit("shop/lists.py", title, title + 5, "author.name");
  const Json answer = first_answer(editor, 1000, "shop/lists.py");
  EXPECT_EQ(summary(answer["result"]["items"]), Lines{});
  editor.settle();
  const auto& messages = editor.messages();
  EXPECT_TRUE(std::ranges::any_of(messages, [](const Json& message) {
    return message.value("method", "") == "workspace/diagnostic/refresh";
  }));
  const Json last = first_answer(editor, 1001, "shop/lists.py");
  EXPECT_EQ(summary(last["result"]["items"]), Lines{"1:12 lazy-relation-in-loop"});
}

TEST(Server, MovesFindingsOfCodeThatAnEditMoves) {
  Files files = example;
  files["shop/views.py"] += "\n\ndef last():\n    return 1\n";
  Editor editor(files);
  editor.open("shop/views.py", files["shop/views.py"]);
  editor.settle();
  editor.edit("shop/views.py", 0, 0, "# one line more\n");
  const std::size_t last = editor.files().at("shop/views.py").find("return 1");
  editor.edit("shop/views.py", last, last, "x = 2\n    ");
  editor.settle();
  EXPECT_EQ(summary(editor.published("shop/views.py")), Lines{"5:23 lazy-relation-in-loop"});
}

TEST(Server, ShowsTheRulesPageOnHover) {
  Editor editor(example);
  const Json hover = editor.request(
      "textDocument/hover",
      {{"textDocument", {{"uri", Editor::uri("shop/views.py")}}}, {"position", position(4, 25)}});
  EXPECT_NE(hover["result"]["contents"]["value"].get<std::string>().find("lazy-relation-in-loop"),
            std::string::npos);
  const Json elsewhere = editor.request(
      "textDocument/hover",
      {{"textDocument", {{"uri", Editor::uri("shop/views.py")}}}, {"position", position(0, 0)}});
  EXPECT_TRUE(elsewhere["result"].is_null());
}

TEST(Server, OffersToSilenceAndToExplain) {
  Editor editor(example);
  const Json actions = editor.request("textDocument/codeAction",
                                      {{"textDocument", {{"uri", Editor::uri("shop/views.py")}}},
                                       {"range", everything()},
                                       {"context", {{"diagnostics", Json::array()}}}});
  std::vector<std::string> titles;
  for (const Json& action : actions["result"]) titles.push_back(action["title"]);
  EXPECT_NE(std::ranges::find(titles, "Ignore lazy-relation-in-loop on this line"), titles.end());
  EXPECT_NE(std::ranges::find(titles, "Explain lazy-relation-in-loop"), titles.end());
}

TEST(Server, KeepsTheOrderOfASession) {
  Editor editor(example);
  EXPECT_EQ(editor.request("initialize", Json::object())["error"]["code"], -32600);
  EXPECT_EQ(editor.request("no/such", Json::object())["error"]["code"], -32601);
  EXPECT_TRUE(editor.request("shutdown", nullptr)["result"].is_null());
  EXPECT_EQ(editor.request("textDocument/hover", Json::object())["error"]["code"], -32600);
  editor.notify("exit", nullptr);
  editor.settle();
  EXPECT_EQ(editor.server().exit_code(), 0);
}

}  // namespace
}  // namespace querylint::tests
