#include "driver/config.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "driver/config_schema.h"
#include "driver/selection.h"
#include "rules/engine/rule.h"

namespace querylint::driver {
namespace {

TEST(Config, ReadsEveryKey) {
  const ParsedConfig parsed = parse_config("pyproject.toml", R"(
[project]
name = "shop"

[tool.querylint]
select = ["loops"]
ignore = ["save-in-loop"]
exclude = ["vendor"]
source-roots = ["src"]
include-tests = true
baseline = "known.json"

[tool.querylint.per-path-ignores]
"scripts/**" = ["ALL"]
)");
  ASSERT_TRUE(parsed.config) << parsed.error;
  EXPECT_EQ(parsed.config->select, Strings{"loops"});
  EXPECT_EQ(parsed.config->ignore, Strings{"save-in-loop"});
  EXPECT_EQ(parsed.config->exclude, Strings{"vendor"});
  EXPECT_EQ(parsed.config->source_roots, Strings{"src"});
  EXPECT_TRUE(parsed.config->include_tests);
  EXPECT_EQ(parsed.config->baseline, "known.json");
  ASSERT_EQ(parsed.config->per_path_ignores.size(), 1u);
  EXPECT_EQ(parsed.config->per_path_ignores[0].first, "scripts/**");
}

TEST(Config, APyprojectWithoutATableIsNone) {
  const ParsedConfig parsed = parse_config("pyproject.toml", "[tool.ruff]\nselect = 1\n");
  EXPECT_FALSE(parsed.config);
  EXPECT_EQ(parsed.error, "");
}

TEST(Config, AFileOfItsOwnNeedsNoTable) {
  EXPECT_TRUE(parse_config("querylint.toml", "").config);
  EXPECT_EQ(parse_config("querylint.toml", "select = [\"sql\"]").config->select, Strings{"sql"});
}

TEST(Config, ReadsWhateverItsTableOfKeysHas) {
  for (const ConfigKey& key : config_keys()) {
    const ParsedConfig parsed =
        parse_config("querylint.toml", std::string(key.name) + " = 1979-05-27\n");
    EXPECT_TRUE(parsed.error.find("`" + std::string(key.name) + "` must be") != std::string::npos)
        << parsed.error;
  }
}

TEST(ConfigSchema, HasEveryKeyAndEveryRule) {
  const auto schema = nlohmann::json::parse(config_schema());
  EXPECT_EQ(schema.at("properties").size(), config_keys().size());
  for (const ConfigKey& key : config_keys())
    EXPECT_EQ(schema.at("properties").at(std::string(key.name)).at("description"), key.summary);
  const nlohmann::json& names = schema.at("definitions").at("rule").at("enum");
  for (const nlohmann::json& name : names) {
    std::string error;
    EXPECT_TRUE(select_rules(Strings{name.get<std::string>()}, {}, error)) << error;
  }
  const auto lists = [&](std::string_view wanted) {
    return std::ranges::any_of(names, [&](const auto& name) { return name == wanted; });
  };
  for (const rules::Rule& rule : rules::all_rules()) {
    EXPECT_TRUE(lists(rule.name)) << rule.name;
    EXPECT_TRUE(lists(rule.family)) << rule.family;
  }
}

struct Mistake {
  std::string text;
  std::string error;
};

void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.text; }

class ConfigMistakes : public testing::TestWithParam<Mistake> {};

TEST_P(ConfigMistakes, NameThePlace) {
  const ParsedConfig parsed = parse_config("shop/querylint.toml", GetParam().text);
  EXPECT_FALSE(parsed.config);
  EXPECT_TRUE(parsed.error.starts_with("shop/querylint.toml:" + GetParam().error)) << parsed.error;
}

INSTANTIATE_TEST_SUITE_P(
    Config, ConfigMistakes,
    testing::Values(Mistake{"\nselct = []", "2:1: unknown key `selct`; known are select, "},
                    Mistake{"select = \"loops\"", "1:10: `select` must be a list of strings"},
                    Mistake{"ignore = [\"a\", 1]", "1:16: `ignore` must hold strings only"},
                    Mistake{"baseline = true", "1:12: `baseline` must be the path of a file"},
                    Mistake{"include-tests = 1", "1:17: `include-tests` must be true or false"},
                    Mistake{"per-path-ignores = 1", "1:20: `per-path-ignores` must be a table"},
                    Mistake{"[per-path-ignores]\n\"a/*\" = 1",
                            "2:9: `a/*` must be a list of strings"},
                    Mistake{"select = [\n", "1:12: "}, Mistake{"\xFF", "1:1: "},
                    Mistake{"sel\u00E4ct = []", "1:"}));

TEST(Config, ATableThatIsNoneIsAnError) {
  EXPECT_TRUE(parse_config("pyproject.toml", "[tool]\nquerylint = 1\n")
                  .error.starts_with("pyproject.toml:2:"));
}

TEST(Patterns, MatchAsGitIgnoresDo) {
  EXPECT_TRUE(matches("vendor", "vendor/a.py"));
  EXPECT_TRUE(matches("vendor", "shop/vendor/a.py"));
  EXPECT_TRUE(matches("vendor/", "vendor/a.py"));
  EXPECT_TRUE(matches("*.gen.py", "shop/a.gen.py"));
  EXPECT_TRUE(matches("shop/*.py", "shop/a.py"));
  EXPECT_TRUE(matches("./shop", "shop/a.py"));
  EXPECT_TRUE(matches("shop/**/a.py", "shop/b/c/a.py"));
  EXPECT_TRUE(matches("shop/**/a.py", "shop/a.py"));
  EXPECT_TRUE(matches("a?.py", "ab.py"));
  EXPECT_FALSE(matches("vendor", "vendors/a.py"));
  EXPECT_FALSE(matches("shop/*.py", "shop/b/a.py"));
  EXPECT_FALSE(matches("shop/a.py", "other/shop/a.py"));
  EXPECT_FALSE(matches("a?.py", "a/.py"));
}

std::vector<std::string_view> selected(const std::optional<Strings>& select,
                                       const Strings& ignore) {
  std::string error;
  const auto selection = select_rules(select, ignore, error);
  EXPECT_TRUE(selection) << error;
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < rules::all_rules().size(); ++i) {
    if (selection->rules[i]) names.push_back(rules::all_rules()[i].name);
  }
  return names;
}

TEST(Selection, GoesByRuleFamilyAndAll) {
  EXPECT_EQ(selected(Strings{"save-in-loop"}, {}), std::vector<std::string_view>{"save-in-loop"});
  EXPECT_EQ(selected(Strings{"ALL"}, {}).size(), rules::all_rules().size());
  const auto loops = selected(Strings{"loops"}, {});
  EXPECT_GT(loops.size(), 1u);
  EXPECT_EQ(selected(Strings{"loops"}, {"save-in-loop"}).size(), loops.size() - 1);
  EXPECT_TRUE(selected(Strings{"loops"}, {"loops"}).empty());
}

TEST(Selection, WithoutWishesHasTheDefaultRules) {
  for (const std::string_view name : selected(std::nullopt, {}))
    EXPECT_TRUE(rules::find_rule(name)->is_default);
}

TEST(Selection, KnowsWhatIsOn) {
  std::string error;
  const auto selection = select_rules(Strings{"save-in-loop"}, {}, error);
  EXPECT_TRUE(selection->has("save-in-loop"));
  EXPECT_TRUE(selection->has("loops")) << "one of the family is on";
  EXPECT_FALSE(selection->has("delete-in-loop"));
  EXPECT_FALSE(selection->has("no-such-rule"));
}

TEST(Selection, RefusesUnknownNames) {
  std::string error;
  EXPECT_FALSE(select_rules(Strings{"sav-in-loop"}, {}, error));
  EXPECT_TRUE(error.starts_with("no rule or family is called `sav-in-loop`")) << error;
  EXPECT_FALSE(select_rules(std::nullopt, {"loop"}, error));
}

TEST(Selection, ShowsGuessesAndAdviceOnlyWhenAsked) {
  std::string error;
  diagnostics::Diagnostic guess;
  guess.rule = "save-in-loop";
  guess.certainty = diagnostics::Certainty::possible;
  EXPECT_TRUE(select_rules(Strings{"ALL"}, {}, error)->shows(guess));
  EXPECT_FALSE(select_rules(Strings{"loops"}, {}, error)->shows(guess));
  diagnostics::Diagnostic advice;
  advice.rule = "save-in-loop";
  advice.severity = diagnostics::Severity::advice;
  EXPECT_TRUE(select_rules(Strings{"loops"}, {}, error)->shows(advice));
  EXPECT_FALSE(select_rules(std::nullopt, {}, error)->shows(advice));
}

}  // namespace
}  // namespace querylint::driver
