// The text of a baseline, and what it knows of a run.
#include "driver/baseline.h"

#include <gtest/gtest.h>

namespace querylint::driver {
namespace {

using diagnostics::Diagnostic;

Reading reading_of(std::vector<SourceText> texts) {
  Reading reading;
  reading.texts = std::move(texts);
  return reading;
}

/// Findings at each place where `code` stands in a text.
std::vector<Diagnostic> found(const SourceText& source, std::string_view code) {
  std::vector<Diagnostic> all;
  for (std::size_t at = 0; (at = source.text.find(code, at)) != std::string::npos; ++at) {
    Diagnostic diagnostic;
    diagnostic.rule = "save-in-loop";
    diagnostic.function = "f";
    const auto begin = static_cast<std::uint32_t>(at);
    diagnostic.place = {source.path, {begin, begin + 1}};
    all.push_back(diagnostic);
  }
  return all;
}

const SourceText wide{"ä \"b\".py", "x\n  y = \"😀\" ; z \r\n"};
const SourceText twice{"a.py", "\ty.save()\nx\ny.save()\n"};

Baseline both() {
  std::vector<Diagnostic> all = found(wide, "z");
  for (const Diagnostic& diagnostic : found(twice, "y.save")) all.push_back(diagnostic);
  Config config;
  config.select = {{"loops", "counting", "loops"}};
  return baseline_of(all, reading_of({twice, wide}), config);
}

const std::string text_of_both = R"json({
  "version": 1,
  "settings": {"select":["counting","loops"],"ignore":[],"include-tests":false},
  "problems": {
    "a.py": [
      {"rule":"save-in-loop","function":"f","code":"y.save()","fingerprint":"FIRST","count":2}
    ],
    "ä \"b\".py": [
      {"rule":"save-in-loop","function":"f","code":"y = \"😀\" ; z","fingerprint":"SECOND"}
    ]
  }
}
)json";

/// Fingerprints are told apart elsewhere.
std::string without_hashes(std::string text) {
  for (const std::string name : {"FIRST", "SECOND"}) {
    const std::string before = "\"fingerprint\":\"";
    std::size_t at = text.find(before);
    while (text.substr(at + before.size(), 5) == "FIRST") at = text.find(before, at + 1);
    text.replace(at + before.size(), 16, name);
  }
  return text;
}

TEST(BaselineText, IsAProblemOnEachLine) {
  EXPECT_EQ(without_hashes(to_text(both())), text_of_both);
}

TEST(BaselineText, SaysTheSameWhenReadAgain) {
  const ParsedBaseline parsed = parse_baseline("b.json", to_text(both()));
  EXPECT_EQ(parsed.error, "");
  EXPECT_EQ(parsed.baseline, both());
  EXPECT_EQ(to_text(parsed.baseline), to_text(both()));
}

TEST(BaselineText, OfNothing) {
  const std::string text = to_text(baseline_of({}, {}, {}));
  EXPECT_EQ(text,
            "{\n  \"version\": 1,\n  \"settings\": {\"ignore\":[],\"include-tests\":false},\n"
            "  \"problems\": {}\n}\n");
  EXPECT_EQ(parse_baseline("b.json", text).baseline, Baseline());
}

TEST(Baseline, KnowsAsManyAsThereWere) {
  const SourceText thrice{"a.py", "new\n" + twice.text + "    y.save()\n"};
  const Reading reading = reading_of({thrice});
  const Compared compared = compare(both(), found(thrice, "y.save"), reading);
  EXPECT_EQ(compared.hidden, 2u);
  ASSERT_EQ(compared.unknown.size(), 1u);
  EXPECT_EQ(compared.unknown[0].place, found(thrice, "y.save")[2].place);
  EXPECT_EQ(compared.mended, 1u) << "the one in the other file";
  EXPECT_EQ(compared.met.problems.size(), 1u);
  EXPECT_EQ(compared.met.problems.begin()->second, 2u);
  EXPECT_EQ(compared.met.settings, both().settings);
}

TEST(Baseline, LosesWhatIsMended) {
  const SourceText once{"a.py", "y.save()\n"};
  const Compared compared = compare(both(), found(once, "y.save"), reading_of({once}));
  EXPECT_EQ(compared.hidden, 1u);
  EXPECT_EQ(compared.mended, 2u);
  ASSERT_EQ(compared.met.problems.size(), 1u);
  EXPECT_EQ(compared.met.problems.begin()->second, 1u);
}

TEST(Baseline, RuleFileFunctionAndCodeTellProblemsApart) {
  const Reading reading = reading_of({twice});
  const Diagnostic same = found(twice, "y.save").front();
  Diagnostic of_rule = same;
  of_rule.rule = "delete-in-loop";
  Diagnostic of_function = same;
  of_function.function = "g";
  Diagnostic of_code = same;
  of_code.place.range = found(twice, "x").front().place.range;
  EXPECT_EQ(compare(both(), {same}, reading).hidden, 1u);
  EXPECT_EQ(compare(both(), {of_rule, of_function, of_code}, reading).hidden, 0u);
}

struct Mistake {
  std::string text;
  std::string error;
};

void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.error; }

class BrokenBaseline : public testing::TestWithParam<Mistake> {};

TEST_P(BrokenBaseline, IsRefusedWithItsPlace) {
  const std::string error = parse_baseline("b.json", GetParam().text).error;
  EXPECT_TRUE(error.starts_with("b.json:" + GetParam().error)) << error;
}

std::string with_problems(const std::string& problems) {
  return R"({"version": 1, "settings": {"ignore": [], "include-tests": false}, "problems": )" +
         problems + "}";
}

INSTANTIATE_TEST_SUITE_P(
    Texts, BrokenBaseline,
    testing::Values(
        Mistake{"", "1:1: this is no JSON: unexpected end of input"},
        Mistake{"{\n  \"ä\": x\n}", "2:8: this is no JSON: invalid literal"},
        Mistake{"{}}", "1:3: this is no JSON: unexpected '}'"},
        Mistake{"\"\xFF\"", "1:2: this is no JSON: invalid string: ill-formed UTF-8 byte"},
        Mistake{"[]", " must be an object"}, Mistake{"{}", " `version` is missing"},
        Mistake{R"({"version": 2})", " /version: 2 is not known to this querylint, 1 is"},
        Mistake{R"({"version": 1})", " `settings` is missing"},
        Mistake{R"({"version": 1, "settings": 1})", " /settings: must be an object"},
        Mistake{R"({"version": 1, "settings": {"ignore": [1]}})",
                " /settings/ignore: must be a list of strings"},
        Mistake{R"({"version": 1, "settings": {"ignore": [], "include-tests": 0}})",
                " /settings/include-tests: must be true or false"},
        Mistake{with_problems("[]"), " /problems: must be an object"},
        Mistake{with_problems(R"({"a/b.py": {}})"), " /problems/a~1b.py: must be a list"},
        Mistake{with_problems(R"({"a.py": [1]})"), " /problems/a.py/0: must be an object"},
        Mistake{with_problems(R"({"a.py": [{"rule": 1}]})"),
                " /problems/a.py/0/rule: must be a string"},
        Mistake{with_problems(R"({"a.py": [{"rule": "", "code": ""}]})"),
                " /problems/a.py/0: `fingerprint` is missing"},
        Mistake{
            with_problems(R"({"a.py": [{"rule": "", "code": "", "fingerprint": "", "count": 0}]})"),
            " /problems/a.py/0/count: must be a number from 1"},
        Mistake{std::string(100'000, '['), "1:100001: this is no JSON: unexpected end of input"}));

}  // namespace
}  // namespace querylint::driver
