// Any bytes, as what a client sends: each answer is a message of the protocol, and at the end there
// is nothing left to do.
#include <cstdlib>
#include <map>
#include <string_view>

#include "driver/server/framing.h"
#include "driver/server/server.h"

namespace {

using namespace querylint::driver;
using namespace querylint::driver::server;

RootOptions options() {
  RootOptions roots;
  roots.find_workspace = [](const std::string& folder) {
    Workspace workspace;
    workspace.root = folder;
    return workspace;
  };
  roots.open_disk = [](const std::string&) {
    return std::make_unique<MemoryDisk>(std::map<std::string, std::string>{
        {"shop/models.py",
         "from django.db import models\n\n\nclass Author(models.Model):\n    name = "
         "models.TextField()\n\n\nclass Book(models.Model):\n    author = "
         "models.ForeignKey(Author, models.CASCADE)\n"},
        {"shop/views.py",
         "from shop.models import Book\n\n\ndef f():\n    for book in Book.objects.all():\n        "
         "print(book.author.name)\n"}});
  };
  return roots;
}

void check_answer(const std::string& body) {
  const Json message = Json::parse(body);
  const bool is_call = message.contains("method");
  const bool is_answer = message.contains("result") != message.contains("error");
  if (message.at("jsonrpc") != "2.0" || is_call == is_answer) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Server served(options(), check_answer);
  FrameReader frames;
  frames.feed({reinterpret_cast<const char*>(data), size});
  while (const auto frame = frames.next()) {
    if (frame->error.empty()) {
      served.receive(frame->body);
    } else {
      served.reject(frame->error);
    }
  }
  while (served.step()) {
  }
  return 0;
}
