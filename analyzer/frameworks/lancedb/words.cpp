// Repairs as LanceDB's users write them: conditions are SQL, and what its queries lack is left to
// DuckDB, which reads its tables (https://github.com/lancedb/lancedb/issues/1422).
#include "analyzer/frameworks/sql/words.h"
#include "analyzer/frameworks/dictionary.h"

namespace querylint::frameworks::lancedb {
namespace {

class LanceWords : public sql::SqlWords {
 public:
  std::string slice() const override {
    return "`.limit(...)` and `.offset(...)` make the table give no more.";
  }
  std::string count() const override { return ".count_rows(...)"; }
  std::string fetch_many() const override {
    return "Fetch all of them before the loop with one `.where(\"... IN (...)\")`, and look them "
           "up.";
  }
  std::string insert_many(std::string_view) const override { return ".add([...])"; }
};

}  // namespace

const flow::Words& words() {
  static const LanceWords all;
  return all;
}

}  // namespace querylint::frameworks::lancedb
