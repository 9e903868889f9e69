// The words of all ORMs.
#pragma once

#include "analyzer/flow/words.h"

namespace querylint::frameworks {

namespace django {
const flow::Words& words();
}
namespace sqlalchemy {
const flow::Words& words();
}
namespace sql {
const flow::Words& words();
}
namespace lancedb {
const flow::Words& words();
}

flow::Dictionary dictionary();

}  // namespace querylint::frameworks
