// The language server's ends: what it does when the streams do.
#include <gtest/gtest.h>

#include <chrono>

#include "driver/server/framing.h"
#include "tests/support/process.h"
#include "tests/support/scratch.h"

namespace querylint::tests {
namespace {

using driver::server::framed;

/// What a shell makes of `command`, in which `$QUERYLINT` is the server and `$IN` what is sent.
Ran shell(const std::string& command, const std::string& input, const ScratchFolder& scratch) {
  scratch.write("input", input);
  return run("/bin/bash",
             {"-c", "set -o pipefail; QUERYLINT='" QUERYLINT_BINARY " server --no-cache'; IN='" +
                        scratch.path() + "/input'; " + command},
             {.folder = scratch.path()});
}

std::string initialize(const std::string& process) {
  return framed(R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"processId":)" +
                process + R"(,"rootUri":null,"capabilities":{}}})");
}

const std::string shutdown = framed(R"({"jsonrpc":"2.0","id":2,"method":"shutdown"})");
const std::string leave = framed(R"({"jsonrpc":"2.0","method":"exit"})");

TEST(ServerStreams, EndInOrderWithZero) {
  const ScratchFolder scratch;
  const Ran ran = shell("$QUERYLINT < $IN", initialize("null") + shutdown + leave, scratch);
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_EQ(ran.err, "");
  EXPECT_NE(ran.out.find("\"id\":2"), std::string::npos);
}

TEST(ServerStreams, EndWithOneWithoutAShutdown) {
  const ScratchFolder scratch;
  EXPECT_EQ(shell("$QUERYLINT < $IN", initialize("null") + leave, scratch).exit_code, 1);
}

TEST(ServerStreams, EndWhenTheClientVanishes) {
  const ScratchFolder scratch;
  for (const std::string& input :
       {std::string(), initialize("null"), initialize("null").substr(0, 60),
        std::string("Content-Length: 100\r\n\r\n{"), std::string("Content-"),
        std::string("\0\xFF\xFE\r\n\r\n", 7)}) {
    const Ran ran = shell("$QUERYLINT < $IN", input, scratch);
    EXPECT_EQ(ran.exit_code, 1) << input;
    EXPECT_EQ(ran.signal, 0) << input;
  }
}

TEST(ServerStreams, EndWhenNobodyReadsTheAnswers) {
  const ScratchFolder scratch;
  const std::string many = [] {
    std::string all = initialize("null");
    for (int i = 0; i < 5000; ++i) all += framed(R"({"jsonrpc":"2.0","id":3,"method":"no/such"})");
    return all;
  }();
  EXPECT_EQ(shell("$QUERYLINT < $IN | true", many, scratch).exit_code, 1);
}

TEST(ServerStreams, EndWhenTheClientsProcessIsGone) {
  const ScratchFolder scratch;
  const Ran ran = shell(
      "mkfifo pipe; (cat $IN; exec sleep 40) > pipe & $QUERYLINT < pipe; code=$?; kill %1; exit "
      "$code",
      initialize("4194303"), scratch);  // beyond what Linux counts to
  EXPECT_EQ(ran.exit_code, 1);
}

}  // namespace
}  // namespace querylint::tests
