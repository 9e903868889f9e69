#include "driver/server/analysis.h"

#include "driver/rule_infos.h"

namespace querylint::driver::server {

void Analysis::work() {
  if (is_current_) return;
  checked_ = check(input_);
  findings_ = checked_.outcome.diagnostics;
  is_current_ = true;
}

}  // namespace querylint::driver::server
