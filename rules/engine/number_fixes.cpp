#include "rules/engine/number_fixes.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/engine/edits.h"
#include "rules/engine/same_rows.h"
#include "rules/engine/usage.h"

namespace querylint::rules {
namespace {

using diagnostics::Fix;
using diagnostics::Safety;
using ir::BranchKind;
using ir::Instruction;
using ir::Op;
using ir::Operator;

/// Code around an expression, and whose queries it asks.
struct Around {
  const Evidence& evidence;
  flow::UnitId unit;
  Code code;
  const flow::Words& words;

  const Instruction& at(std::uint32_t index) const { return code.body[index]; }
  std::string_view called(const Instruction& call) const {
    return callee_name(evidence.world(), unit, code, call);
  }
};

std::optional<Around> around(const Evidence& evidence, const Event& event) {
  const auto code = code_around(evidence.world(), event.site);
  if (!code) return std::nullopt;
  return Around{evidence, evidence.world().program.unit_of(event.site), *code,
                evidence.words(evidence.query(event.subject).entity)};
}

/// Whether an expression is a query that serves nothing else: the call that makes it, or a variable
/// that is assigned and used once.
std::optional<Safety> made_there(const Around& in, std::uint32_t at) {
  const Instruction& part = in.at(at);
  if (part.op == Op::index) return made_there(in, part.a);
  if (part.op == Op::call && in.at(part.a).op == Op::attribute)
    return in.words.gives_query(in.called(part)) ? Safety::safe : Safety::unsafe;
  const auto value = only_value(in.code, part);
  const auto loads = std::ranges::count_if(in.code.body, [&](const Instruction& load) {
    return load.op == Op::load && is_local(load) && load.a == part.a;
  });
  return value && loads == 1 && *value < at ? made_there(in, *value) : std::nullopt;
}

/// The argument of `len(...)`.
std::optional<std::uint32_t> measured(const Around& in, std::uint32_t call) {
  const Instruction& len = in.at(call);
  if (len.op != Op::call || len.count != 1 || in.at(len.a).op != Op::load) return std::nullopt;
  const auto operands = in.code.module->operands(len);
  const bool is_len = in.called(len) == "len" && operands[1] == Instruction::nowhere;
  return is_len ? std::optional(operands[0]) : std::nullopt;
}

/// `len(rows)` becomes `rows` with a method.
void call_instead_of_len(const Around& in, std::uint32_t len, std::uint32_t argument,
                         std::string method, Edits& edits) {
  const base::ByteRange whole = in.at(len).range;
  const base::ByteRange inner = in.at(argument).range;
  edits.remove({whole.begin, inner.begin});
  edits.replace({inner.end, whole.end}, std::move(method));
}

bool is_decision(const Instruction& branch) {
  if (branch.op != Op::branch) return false;
  const auto kind = static_cast<BranchKind>(branch.detail);
  return kind != BranchKind::and_ && kind != BranchKind::or_ && kind != BranchKind::case_;
}

/// Whether of what an expression gives only the truth counts, also through `and`, `or` and `not`.
bool is_only_tested(const Around& in, std::uint32_t at, int depth = 0) {
  constexpr int deepest = 8;
  const std::vector<std::uint32_t> users = takers(in.code, at);
  if (users.empty() || depth > deepest) return false;
  return std::ranges::all_of(users, [&](std::uint32_t index) {
    const Instruction& user = in.at(index);
    if (user.op == Op::branch) return user.a == at;  // of `and` and `or` the stored value tells
    if (user.op == Op::operate) return static_cast<Operator>(user.detail) == Operator::not_;
    if (user.op == Op::call) return user.count == 1 && in.called(user) == "bool" && user.a != at;
    if (user.op != Op::store || !is_local(user)) return false;
    for (std::uint32_t load = index + 1; load < in.code.body.size(); ++load) {
      const bool is_result =
          in.at(load).op == Op::load && is_local(in.at(load)) && in.at(load).a == user.a;
      if (!is_result) continue;
      const auto branch = ir::branch_behind(in.code.body, load);
      return branch && !is_decision(in.at(*branch)) && is_only_tested(in, load, depth + 1);
    }
    return false;
  });
}

/// Whether `number operation bound` says that there are rows, or that there are none; nothing where
/// it says something else.
std::optional<bool> means_rows(Operator operation, std::string_view bound) {
  if (bound == "0") {
    if (operation == Operator::greater || operation == Operator::not_equal) return true;
    if (operation == Operator::equal || operation == Operator::less_equal) return false;
  }
  if (bound == "1") {
    if (operation == Operator::greater_equal) return true;
    if (operation == Operator::less) return false;
  }
  return std::nullopt;
}

/// Takes the comparison behind a number away; false where there is none that asks for rows.
bool without_comparison(const Around& in, std::uint32_t number, Edits& edits) {
  const std::vector<std::uint32_t> users = takers(in.code, number);
  if (users.size() != 1 || in.at(users.front()).op != Op::operate) return false;
  const Instruction& comparison = in.at(users.front());
  if (comparison.a != number || comparison.b == Instruction::nowhere) return false;
  const Instruction& bound = in.at(comparison.b);
  if (bound.op != Op::constant ||
      static_cast<ir::ConstantKind>(bound.detail) != ir::ConstantKind::number)
    return false;
  const auto meaning =
      means_rows(static_cast<Operator>(comparison.detail), in.code.module->text({bound.a}));
  if (!meaning) return false;
  const base::ByteRange whole = comparison.range;
  const base::ByteRange kept = in.at(number).range;
  if (!*meaning || whole.begin < kept.begin)
    edits.replace({whole.begin, kept.begin}, *meaning ? "" : "not ");
  edits.remove({kept.end, whole.end});
  return true;
}

/// Whether a row of the entity may be false.
bool has_own_truth(const Evidence& evidence, Value query) {
  const schema::Entity& entity = evidence.entity(evidence.query(query).entity);
  return entity.class_ &&
         std::ranges::any_of(
             std::array<std::string_view, 2>{"__bool__", "__len__"}, [&](std::string_view text) {
               const base::Name name = evidence.world().name(text);
               return name && evidence.world().program.member(entity.class_, name) != nullptr;
             });
}

/// `exists()` for a method that counts, or fetches one row.
std::optional<Fix> instead_of_method(const Around& in, const Event& run, std::uint32_t call) {
  const std::string_view method =
      in.words.existence_method(called_name(in.evidence.world(), run.site));
  const bool counts = run.cause() == flow::Cause::counted;
  if (method.empty() || in.at(call).count > 0) return std::nullopt;
  if (!counts && has_own_truth(in.evidence, run.subject)) return std::nullopt;
  std::uint32_t value = call;
  const std::vector<std::uint32_t> users = takers(in.code, call);
  if (users.size() == 1 && in.at(users.front()).op == Op::await) value = users.front();
  Edits edits(in.evidence.world(), in.unit);
  if (!is_only_tested(in, value) && !(counts && without_comparison(in, value, edits)))
    return std::nullopt;
  edits.replace(name_range(in.evidence.world(), in.unit, in.code, call), std::string(method));
  return Fix{fmt::format("Ask with {}()", method), Safety::safe, edits.take()};
}

/// `exists()` for `len(rows)`.
std::optional<Fix> instead_of_len(const Around& in, std::uint32_t len, std::uint32_t argument) {
  const auto safety = made_there(in, argument);
  Edits edits(in.evidence.world(), in.unit);
  if (!safety || (!is_only_tested(in, len) && !without_comparison(in, len, edits)))
    return std::nullopt;
  call_instead_of_len(in, len, argument, in.words.exists(), edits);
  return Fix{fmt::format("Ask with {}", in.words.exists().substr(1)), *safety, edits.take()};
}

/// `exists()` for the truth of the rows themselves.
std::optional<Fix> instead_of_truth(const Around& in, std::uint32_t tested) {
  const Instruction& test = in.at(tested);
  const bool negates =
      test.op == Op::operate && static_cast<Operator>(test.detail) == Operator::not_;
  if ((!negates && !is_decision(test)) || test.a == Instruction::nowhere) return std::nullopt;
  const auto safety = made_there(in, test.a);
  if (!safety) return std::nullopt;
  Edits edits(in.evidence.world(), in.unit);
  edits.insert(in.at(test.a).range.end, in.words.exists());
  return Fix{fmt::format("Ask with {}", in.words.exists().substr(1)), *safety, edits.take()};
}

/// Whether rows of the same query are fetched afterwards: whether there are any should be seen of
/// them.
bool asks_again(const Evidence& evidence, const Event& run) {
  return std::any_of(&run + 1, evidence.trace().events.data() + evidence.trace().events.size(),
                     [&](const Event& later) {
                       return later.kind == flow::EventKind::execution &&
                              later.cause() == flow::Cause::fetched && later.calls == run.calls &&
                              evidence.is_query(later.subject) && follows(evidence, run, later) &&
                              same_rows(evidence, run, later);
                     });
}

bool is_method(std::string_view call) { return call.starts_with('.'); }

}  // namespace

std::optional<Fix> count_fix(const Evidence& evidence, const Event& length) {
  const auto in = around(evidence, length);
  if (!in || !is_method(in->words.count())) return std::nullopt;
  const Usage usage = usage_of(evidence, length.subject);
  const bool is_asked_once = usage.runs.size() == 1 && usage.folds.size() == 1 &&
                             evidence.query(length.subject).born == length.nest;
  const std::uint32_t len = length.site.instruction;
  const auto argument = measured(*in, len);
  if (!is_asked_once || !argument) return std::nullopt;
  const auto safety = made_there(*in, *argument);
  if (!safety) return std::nullopt;
  Edits edits(evidence.world(), in->unit);
  call_instead_of_len(*in, len, *argument, in->words.count(), edits);
  return Fix{fmt::format("Ask with {}", in->words.count().substr(1)), *safety, edits.take()};
}

std::optional<Fix> existence_fix(const Evidence& evidence, const Event& run) {
  const auto in = around(evidence, run);
  if (!in || !is_method(in->words.exists()) || asks_again(evidence, run)) return std::nullopt;
  const Usage usage = usage_of(evidence, run.subject);
  const auto questions = std::ranges::count_if(usage.folds, [&](const Event* fold) {
    return fold->fold() != flow::FoldKind::length || fold->site != run.site;
  });
  if (usage.runs.size() != 1 || questions != 1) return std::nullopt;
  const std::uint32_t at = run.site.instruction;
  if (run.cause() == flow::Cause::counted || run.cause() == flow::Cause::fetched)
    return in->at(at).op == Op::call ? instead_of_method(*in, run, at) : std::nullopt;
  if (const auto argument = measured(*in, at)) return instead_of_len(*in, at, *argument);
  return instead_of_truth(*in, at);
}

}  // namespace querylint::rules
