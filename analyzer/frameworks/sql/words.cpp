// Repairs in statements that are written as text.
#include "analyzer/frameworks/sql/words.h"

#include <fmt/format.h>

#include <cctype>

#include "analyzer/frameworks/dictionary.h"

namespace querylint::frameworks::sql {
namespace {

using flow::ColumnNames;
using flow::Number;
using flow::Way;

std::string listed(const ColumnNames& columns) {
  std::string text;
  for (const std::string_view column : columns)
    text.append(text.empty() ? "" : ", ").append(column);
  return text;
}

std::string call(std::string_view function, std::string_view argument) {
  std::string name(function);
  for (char& letter : name) letter = static_cast<char>(std::toupper(letter));
  return fmt::format("{}({})", name, argument.empty() ? "*" : argument);
}

}  // namespace

std::string SqlWords::load_join(Way) const { return "JOIN ..."; }

std::string SqlWords::load_separate(Way) const { return "WHERE ... IN (...)"; }

std::string SqlWords::load_some(Way) const { return "Fetch them with one statement."; }

std::string SqlWords::use_loaded() const { return "Work on the loaded rows in Python."; }

std::string SqlWords::load_column() const { return "Add it to the columns of the statement."; }

std::string SqlWords::only(std::string_view, const ColumnNames& columns) const {
  return "SELECT " + listed(columns);
}

std::string SqlWords::defer(std::string_view, const ColumnNames&) const { return "SELECT ..."; }

std::string SqlWords::values_of(std::string_view, std::string_view column) const {
  return fmt::format("SELECT {}", column);
}

std::string SqlWords::distinct_values(std::string_view, std::string_view column) const {
  return fmt::format("SELECT DISTINCT {}", column);
}

std::string SqlWords::only_of_relation(Way, std::string_view, const ColumnNames& columns) const {
  return "SELECT " + listed(columns);
}

std::string SqlWords::stream() const { return "chunksize="; }

std::string SqlWords::limit_to_one() const { return "LIMIT 1"; }

std::string SqlWords::slice() const {
  return "`LIMIT` in the statement makes the database send no more.";
}

std::string SqlWords::order_by(std::string_view, std::string_view column, bool descends) const {
  return fmt::format("ORDER BY {}{}", column, descends ? " DESC" : "");
}

std::string SqlWords::count_of(Way, bool, bool) const {
  return "Count for all of them with one statement that groups them.";
}

std::string SqlWords::existence_of(Way) const { return "Ask in one statement, with `EXISTS`."; }

std::string SqlWords::aggregate_of(Way) const {
  return "Aggregate for all of them with one statement that groups them.";
}

std::string SqlWords::fetch_many() const {
  return "Fetch all of them before the loop with one `WHERE ... IN (...)`, and look them up.";
}

std::string SqlWords::write_many() const { return "Collect the rows and write them at once."; }

std::string SqlWords::update_many(std::string_view, std::string_view column) const {
  return fmt::format("UPDATE ... SET {} = ...", column);
}

std::string SqlWords::insert_many(std::string_view) const { return "INSERT ... VALUES ..."; }

std::string SqlWords::exists() const { return "SELECT EXISTS (...)"; }

std::string SqlWords::contains() const { return "Ask the database, with the key in `WHERE`."; }

std::string SqlWords::count() const { return "SELECT COUNT(*)"; }

std::string SqlWords::numbers(std::string_view, const Number::Condition&,
                              std::span<const Number> numbers, bool has_more) const {
  std::string text;
  for (const Number& number : numbers) {
    text += fmt::format("{}{}{}", text.empty() ? "" : ", ", call(number.function, number.column),
                        number.conditions.empty() ? "" : " FILTER (WHERE ...)");
  }
  return fmt::format("SELECT {}{}", text, has_more ? ", ..." : "");
}

std::string SqlWords::column(std::string_view, std::string_view lookup) const {
  return std::string(lookup);
}

std::string SqlWords::total(std::string_view, std::string_view function, std::string_view lookup,
                            std::string_view expression) const {
  return "SELECT " + call(function, lookup.empty() ? expression : lookup);
}

std::string SqlWords::groups(std::string_view, std::string_view key, std::string_view sum) const {
  return fmt::format("SELECT {0}, {1} ... GROUP BY {0}", key,
                     sum.empty() ? "COUNT(*)" : call("sum", sum));
}

const flow::Words& words() {
  static const SqlWords all;
  return all;
}

// A statement is one text: nothing can be added to it by a call.

bool SqlWords::gives_query(std::string_view) const { return false; }

std::optional<flow::Import> SqlWords::loader(bool) const { return std::nullopt; }

std::string_view SqlWords::existence_method(std::string_view) const { return {}; }

}  // namespace querylint::frameworks::sql
