#include "reports/json_diagnostic.h"

#include <nlohmann/json.hpp>

namespace querylint::reports {
namespace {

using diagnostics::Diagnostic;
using diagnostics::Edit;
using diagnostics::Fix;
using diagnostics::Related;
using nlohmann::ordered_json;

void add_range(ordered_json& object, const LineIndex& index, base::ByteRange range) {
  const Position begin = index.position(range.begin);
  const Position end = index.position(std::max(range.begin, range.end));
  object["line"] = begin.line;
  object["column"] = begin.column;
  object["end_line"] = end.line;
  object["end_column"] = end.column;
}

ordered_json related_of(const Related& related, Sources& sources) {
  const Position begin = sources.of(related.place.path).position(related.place.range.begin);
  return {{"path", related.place.path}, {"line", begin.line}, {"message", related.message}};
}

ordered_json edit_of(const Edit& edit, Sources& sources) {
  ordered_json object = {{"path", edit.place.path}};
  add_range(object, sources.of(edit.place.path), edit.place.range);
  object["replacement"] = edit.replacement;
  return object;
}

ordered_json fix_of(const Fix& fix, Sources& sources) {
  ordered_json object = {{"title", fix.title}, {"safety", name_of(fix.safety)}};
  object["edits"] = ordered_json::array();
  for (const Edit& edit : fix.edits) object["edits"].push_back(edit_of(edit, sources));
  return object;
}

}  // namespace

ordered_json json_diagnostic(const Diagnostic& diagnostic, Sources& sources) {
  ordered_json object = {
      {"rule", diagnostic.rule},
      {"family", diagnostic.family},
      {"severity", name_of(diagnostic.severity)},
      {"certainty", name_of(diagnostic.certainty)},
      {"message", diagnostic.message},
      {"path", diagnostic.place.path},
  };
  add_range(object, sources.of(diagnostic.place.path), diagnostic.place.range);
  object["fingerprint"] = diagnostic.fingerprint;
  object["related"] = ordered_json::array();
  for (const Related& related : diagnostic.related) {
    object["related"].push_back(related_of(related, sources));
  }
  object["fixes"] = ordered_json::array();
  for (const Fix& fix : diagnostic.fixes) object["fixes"].push_back(fix_of(fix, sources));
  return object;
}

}  // namespace querylint::reports
