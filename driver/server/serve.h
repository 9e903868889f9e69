// The language server over standard input and output.
#pragma once

#include "driver/server/root.h"

namespace querylint::driver::server {

/// Serves until the client asks to exit or is gone; returns the exit code of the protocol: 0 after
/// an orderly shutdown, else 1.
int serve(const RootOptions& options);

}  // namespace querylint::driver::server
