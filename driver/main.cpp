#include <csignal>
#include <cstdio>
#include <exception>

#include "driver/options.h"

int main(int count, char** arguments) {
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is an error of the write, which is reported
  try {
    return querylint::driver::run(count, arguments);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "querylint: %s\n", error.what());
    return querylint::driver::exit_failure;
  }
}
