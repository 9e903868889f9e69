// What the language server does with what no client should send: it answers with the protocol's
// errors and goes on.
#include <gtest/gtest.h>

#include <algorithm>

#include "driver/server/framing.h"
#include "tests/support/editor.h"

namespace querylint::tests {
namespace {

using driver::server::Frame;
using driver::server::framed;
using driver::server::FrameReader;

/// All frames of a stream that comes in pieces of `step` bytes.
std::vector<Frame> frames_of(const std::string& stream, std::size_t step) {
  FrameReader reader;
  std::vector<Frame> frames;
  for (std::size_t at = 0; at < stream.size(); at += step) {
    reader.feed(std::string_view(stream).substr(at, step));
    while (auto frame = reader.next()) frames.push_back(std::move(*frame));
  }
  return frames;
}

TEST(Framing, GivesBodiesWhateverThePieces) {
  const std::string stream =
      framed("{}") +
      "Content-Type: application/vscode-jsonrpc; charset=utf-8\r\ncontent-length:3\r\n\r\n[1]" +
      framed("");
  for (const std::size_t step : {1U, 7U, 1000U}) {
    const auto frames = frames_of(stream, step);
    ASSERT_EQ(frames.size(), 3) << step;
    EXPECT_EQ(frames[0].body, "{}");
    EXPECT_EQ(frames[1].body, "[1]");
    EXPECT_EQ(frames[2].body, "");
  }
}

TEST(Framing, ReportsBadHeadersOnceAndFindsTheNextMessage) {
  for (const std::string bad :
       {"nonsense\r\n\r\n", "Content-Length: minus one\r\n\r\n", "Content-Length: -5\r\n\r\n",
        "Content-Length: 99999999999999999999\r\n\r\n", "Content-Length: 99999999999\r\n\r\n",
        "Content-Length 5\r\n\r\nhello", "\r\n\r\n"}) {
    const auto frames = frames_of(bad + framed("{}"), 5);
    ASSERT_EQ(frames.size(), 2) << bad;
    EXPECT_NE(frames[0].error, "") << bad;
    EXPECT_EQ(frames[1].body, "{}") << bad;
  }
}

TEST(Framing, GivesUpHeadersWithoutEnd) {
  const std::string endless(3 * FrameReader::longest_header, 'x');
  const auto frames = frames_of(endless + framed("{}"), 1000);
  ASSERT_FALSE(frames.empty());
  EXPECT_NE(frames.front().error, "");
  EXPECT_EQ(frames.back().body, "{}");
}

const Files one_file = {{"shop/views.py", "def f():\n    return 1\n"}};

int error_of(Editor& editor, const std::string& body) {
  const std::size_t before = editor.messages().size();
  editor.server().receive(body);
  editor.settle();
  for (std::size_t i = before; i < editor.messages().size(); ++i) {
    const Json& message = editor.messages()[i];
    if (message.contains("error")) return message["error"]["code"];
  }
  return 0;
}

TEST(ServerAbuse, AnswersWhatIsNoMessageWithTheProtocolsErrors) {
  Editor editor(one_file);
  EXPECT_EQ(error_of(editor, "no JSON"), -32700);
  EXPECT_EQ(error_of(editor, ""), -32700);
  EXPECT_EQ(error_of(editor, "{\"jsonrpc\":\"2.0\",\"method\":\"a\xFF\"}"), -32700);
  EXPECT_EQ(error_of(editor, std::string(200, '[') + std::string(200, ']')), -32700);
  EXPECT_EQ(error_of(editor, std::string(1000000, '[')), -32700);
  EXPECT_EQ(error_of(editor, "[]"), -32600);
  EXPECT_EQ(error_of(editor, "{}"), -32600);
  EXPECT_EQ(error_of(editor, R"({"jsonrpc":"1.0","id":1,"method":"a"})"), -32600);
  EXPECT_EQ(error_of(editor, R"({"jsonrpc":"2.0","id":{},"method":"a"})"), -32600);
  EXPECT_EQ(error_of(editor, R"({"jsonrpc":"2.0","id":1,"method":7})"), -32600);
  EXPECT_EQ(error_of(editor, R"({"jsonrpc":"2.0","id":1,"method":"no/such"})"), -32601);
  EXPECT_EQ(error_of(editor, R"({"jsonrpc":"2.0","id":1,"method":"textDocument/hover"})"), -32602);
  EXPECT_EQ(
      error_of(
          editor,
          R"({"jsonrpc":"2.0","id":1,"method":"textDocument/hover","params":{"textDocument":{"uri":"file:///project/shop/views.py"},"position":{"line":-1,"character":0}}})"),
      -32602);
  EXPECT_EQ(
      error_of(
          editor,
          R"({"jsonrpc":"2.0","id":"x","method":"workspace/executeCommand","params":{"command":"rm"}})"),
      -32602);
}

TEST(ServerAbuse, ServesNothingBeforeItIsInitialized) {
  std::vector<Json> messages;
  driver::server::Server server(
      {}, [&](const std::string& body) { messages.push_back(Json::parse(body)); });
  server.receive(R"({"jsonrpc":"2.0","method":"textDocument/didOpen","params":{}})");
  server.receive(R"({"jsonrpc":"2.0","id":1,"method":"textDocument/hover","params":{}})");
  server.receive(R"({"jsonrpc":"2.0","id":2,"method":"shutdown"})");
  server.receive(R"({"jsonrpc":"2.0","method":"exit"})");
  while (server.step()) {
  }
  ASSERT_EQ(messages.size(), 2);
  EXPECT_EQ(messages[0]["error"]["code"], -32002);
  EXPECT_EQ(messages[1]["error"]["code"], -32002);
  EXPECT_EQ(server.exit_code(), 1);
}

TEST(ServerAbuse, CutsPositionsOutsideOfTheText) {
  Editor editor(one_file);
  const std::string text = one_file.at("shop/views.py");
  editor.open("shop/views.py", text);
  for (const std::uint64_t number : {5ull, 1000000ull, 4294967295ull, 18446744073709551615ull}) {
    const Json far = {{"line", number}, {"character", number}};
    const Json range = {{"start", far}, {"end", far}};
    editor.notify("textDocument/didChange",
                  {{"textDocument", {{"uri", Editor::uri("shop/views.py")}, {"version", 2}}},
                   {"contentChanges", Json::array({{{"range", range}, {"text", "x = 1\n"}}})}});
    const Json actions = editor.request("textDocument/codeAction",
                                        {{"textDocument", {{"uri", Editor::uri("shop/views.py")}}},
                                         {"range", range},
                                         {"context", {{"diagnostics", Json::array()}}}});
    EXPECT_TRUE(actions["result"].is_array());
  }
  editor.settle();
  EXPECT_EQ(editor.server().roots()[0]->text_of("shop/views.py"),
            text + "x = 1\nx = 1\nx = 1\nx = 1\n");
}

TEST(ServerAbuse, NotificationsThatMakeNoSenseChangeNothing) {
  Editor editor(one_file);
  editor.open("shop/views.py", one_file.at("shop/views.py"));
  editor.settle();
  for (const char* method :
       {"textDocument/didOpen", "textDocument/didChange", "textDocument/didClose",
        "textDocument/didSave", "workspace/didChangeWatchedFiles",
        "workspace/didChangeWorkspaceFolders", "$/setTrace", "$/cancelRequest", "no/such"}) {
    for (const Json& params :
         {Json(), Json::object(), Json::array({1, 2}),
          Json{{"textDocument", 7}, {"changes", 7}, {"event", 7}, {"id", Json::object()}},
          Json{{"textDocument", {{"uri", "file:///project/shop/gone.py"}}},
               {"contentChanges", Json::array({Json::array()})},
               {"changes", Json::array({Json::array(), {{"uri", "untitled:1"}}})}}}) {
      editor.notify(method, params);
    }
  }
  editor.settle();
  EXPECT_EQ(editor.server().roots()[0]->text_of("shop/views.py"), one_file.at("shop/views.py"));
}

TEST(ServerAbuse, AnswersEachOfAThousandCancelledRequestsOnce) {
  Editor editor(one_file);
  constexpr int count = 1000;
  const auto request = [](int id) {
    return Json{{"jsonrpc", "2.0"},
                {"id", id},
                {"method", "textDocument/diagnostic"},
                {"params", {{"textDocument", {{"uri", Editor::uri("shop/views.py")}}}}}}
        .dump();
  };
  editor.write("shop/views.py", one_file.at("shop/views.py"));  // so that there is work to do
  for (int id = 5000; id < 5000 + count; ++id) editor.server().receive(request(id));
  for (int i = 0; i < count / 2; ++i) editor.server().step();  // some wait for the analysis then
  for (int id = 5000; id < 5000 + count; ++id) editor.notify("$/cancelRequest", {{"id", id}});
  editor.settle();
  std::map<int, int> answers;
  int cancelled = 0;
  for (const Json& message : editor.messages()) {
    if (!message.contains("id") || !message["id"].is_number() || message["id"] < 5000) continue;
    ++answers[message["id"]];
    if (message.contains("error")) {
      EXPECT_EQ(message["error"]["code"], -32800);
      ++cancelled;
    }
  }
  EXPECT_EQ(answers.size(), count);
  EXPECT_TRUE(std::ranges::all_of(answers, [](const auto& answer) { return answer.second == 1; }));
  EXPECT_EQ(cancelled, count);
}

TEST(ServerAbuse, BrokenTextKeepsTheFindingsThatTheEditLeftAlone) {
  const std::string text =
      "from shop.models import Book\n\n\ndef first():\n    for book in Book.objects.all():\n"
      "        book.save()\n\n\ndef second():\n    return 1\n\n\ndef third():\n"
      "    for book in Book.objects.all():\n        book.save()\n";
  Editor editor({{"shop/models.py",
                  "from django.db import models\n\n\nclass Book(models.Model):\n"
                  "    title = models.CharField(max_length=9)\n"},
                 {"shop/views.py", text}});
  editor.open("shop/views.py", text);
  editor.settle();
  const auto lines_of = [](const Json& diagnostics) {
    std::vector<int> lines;
    for (const Json& item : diagnostics) lines.push_back(item["range"]["start"]["line"]);
    return lines;
  };
  EXPECT_EQ(lines_of(editor.published("shop/views.py")), (std::vector<int>{5, 14}));
  const std::size_t at = text.find("return 1");
  editor.edit("shop/views.py", at, at, "(((\n    def \"\"\"\n");
  editor.settle();
  EXPECT_EQ(lines_of(editor.published("shop/views.py")), (std::vector<int>{5, 16}));
  editor.replace_all("shop/views.py", text);
  editor.settle();
  EXPECT_EQ(lines_of(editor.published("shop/views.py")), (std::vector<int>{5, 14}));
}

}  // namespace
}  // namespace querylint::tests
