// pandas: frames made of a query's rows, and what Python then does that the database could.
//
// Facts are those of the reference for pandas 2.3 (https://pandas.pydata.org/docs/reference/).
#pragma once

#include <memory>

#include "analyzer/flow/framework.h"

namespace querylint::frameworks::pandas {

std::unique_ptr<flow::Framework> make_pandas();

}  // namespace querylint::frameworks::pandas
