// Any bytes, as a Python file: parse, lower, serialize and back, print, and follow. Nothing may
// crash or hang, and what comes back from bytes is what went in.
#include <cstdlib>
#include <string>

#include "analyzer/ir/serialize.h"
#include "analyzer/lower/python.h"
#include "driver/pipeline.h"
#include "driver/source_text.h"

namespace {

using namespace querylint;

void require(bool holds) {
  if (!holds) std::abort();
}

void lower_and_back(const std::string& text, lower::Depth depth) {
  static syntax::PythonParser parser;
  const ir::Module module = lower::lower_python(parser.parse(text), text, depth);
  const std::string bytes = ir::serialize(module);
  const auto back = ir::deserialize(bytes);
  require(back.has_value());
  require(ir::dump(*back) == ir::dump(module));
  for (const ir::Instruction& instruction : module.code) {
    require(instruction.range.begin <= instruction.range.end &&
            instruction.range.end <= text.size());
  }
}

void lint(const std::string& text) {
  driver::MemoryDisk disk(
      {{"shop/models.py", text}, {"shop/views.py", "from shop.models import *\n" + text}});
  driver::Input input;
  std::string error;
  input.disk = &disk;
  input.selection = *driver::select_rules(std::vector<std::string>{"ALL"}, {}, error);
  const driver::Project project = driver::load(input);
  driver::judge(project, input);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = driver::to_utf8(std::string(reinterpret_cast<const char*>(data), size));
  if (!text) return 0;
  lower_and_back(*text, lower::Depth::everything);
  lower_and_back(*text, lower::Depth::declarations);
  lint(*text);
  return 0;
}
