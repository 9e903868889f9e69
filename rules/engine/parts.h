// Walking through values that are made of others.
#pragma once

#include <functional>

#include "analyzer/flow/values.h"

namespace querylint::rules {

/// Calls `visit` for a value and for what it is made of, whole before part: operands, items and
/// elements, alternatives, arguments of terms, objects of methods. Goes inside where `visit`
/// returns true, up to a fixed depth.
void each_part(const flow::Values& values, flow::Value value,
               const std::function<bool(flow::Value)>& visit);

}  // namespace querylint::rules
