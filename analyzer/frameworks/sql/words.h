// The words of statements that are written as text, which stores with a language close to SQL
// share.
#pragma once

#include "analyzer/flow/words.h"

namespace querylint::frameworks::sql {

class SqlWords : public flow::Words {
 public:
  std::string load_join(flow::Way way) const override;
  std::string load_separate(flow::Way way) const override;
  std::string load_some(flow::Way way) const override;
  std::string use_loaded() const override;
  std::string load_column() const override;
  std::string only(std::string_view entity, const flow::ColumnNames& columns) const override;
  std::string defer(std::string_view entity, const flow::ColumnNames& columns) const override;
  std::string values_of(std::string_view entity, std::string_view column) const override;
  std::string distinct_values(std::string_view entity, std::string_view column) const override;
  std::string only_of_relation(flow::Way way, std::string_view target,
                               const flow::ColumnNames& columns) const override;
  std::string stream() const override;
  std::string limit_to_one() const override;
  std::string slice() const override;
  std::string order_by(std::string_view entity, std::string_view column,
                       bool descends) const override;
  std::string count_of(flow::Way way, bool is_distinct, bool is_narrowed) const override;
  std::string existence_of(flow::Way way) const override;
  std::string aggregate_of(flow::Way way) const override;
  std::string fetch_many() const override;
  std::string write_many() const override;
  std::string update_many(std::string_view entity, std::string_view column) const override;
  std::string insert_many(std::string_view entity) const override;
  std::string exists() const override;
  std::string contains() const override;
  std::string count() const override;
  std::string numbers(std::string_view entity, const flow::Number::Condition& shared,
                      std::span<const flow::Number> numbers, bool has_more) const override;
  std::string column(std::string_view entity, std::string_view lookup) const override;
  std::string total(std::string_view entity, std::string_view function, std::string_view lookup,
                    std::string_view expression) const override;
  std::string groups(std::string_view entity, std::string_view key,
                     std::string_view sum) const override;
  bool gives_query(std::string_view name) const override;
  std::optional<flow::Import> loader(bool joins) const override;
  std::string_view existence_method(std::string_view method) const override;
};

}  // namespace querylint::frameworks::sql
