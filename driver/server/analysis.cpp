#include "driver/server/analysis.h"

#include <algorithm>
#include <chrono>
#include <limits>

#include "analyzer/schema/compare.h"
#include "analyzer/schema/map.h"
#include "driver/findings.h"
#include "driver/parallel.h"
#include "driver/server/moving.h"

namespace querylint::driver::server {
namespace {

using Clock = std::chrono::steady_clock;

/// How long functions are followed before messages are looked for.
constexpr std::chrono::milliseconds slice(30);
constexpr std::size_t batch = 16;  // functions for each thread, between looks at the clock
constexpr auto nobody = std::numeric_limits<std::size_t>::max();

/// What a project was loaded from, to be loaded again.
std::pair<Reading, Modules> sources_of(const Project& project,
                                       const std::vector<std::string>& notices) {
  Reading reading;
  reading.texts = project.texts;
  reading.notices = notices;
  reading.was_complete = project.was_complete;
  Modules modules;
  for (const program::Unit& unit : project.program.units) modules.push_back(unit.module);
  return {std::move(reading), std::move(modules)};
}

std::size_t index_of(const Reading& reading, const std::string& path) {
  const auto place = std::ranges::lower_bound(reading.texts, path, {}, &SourceText::path);
  const bool is_there = place != reading.texts.end() && place->path == path;
  return is_there ? static_cast<std::size_t>(place - reading.texts.begin()) : reading.texts.size();
}

}  // namespace

Analysis::Linked::Linked(const Input& input, Reading reading, Modules modules)
    : project(load(input, std::move(reading), std::move(modules))),
      preparation(flow::prepare(project.program, project.frameworks)),
      patches(project.program),
      roots(roots_of(project)),
      followed(roots.size()),
      was_out_of_use(roots.size()),
      is_due(roots.size(), true),
      is_urgent(roots.size()),
      follower(roots.size(), nobody) {}

Analysis::Analysis(Input input, std::function<bool(const std::string&)> is_open)
    : input_(std::move(input)), is_open_(std::move(is_open)) {}

void Analysis::note_change(const std::string& path) {
  if (!unlisted_.contains(path)) changed_.insert(path);
}

void Analysis::note_opening(const std::string& path) {
  unlisted_.erase(path);
  changed_.insert(path);
}

bool Analysis::is_current() const {
  return !must_read_ && changed_.empty() && !must_settle_ && linked_ != nullptr &&
         is_done_with_sweep();
}

bool Analysis::knows(const std::string& path) const {
  const bool is_read = !must_read_ && changed_.empty();
  return is_current() || (is_read && sweep_ == Sweep::all && edited_.contains(path));
}

bool Analysis::work() {
  if (std::exchange(must_read_, false)) {
    read_all();
  } else if (!changed_.empty()) {
    read_changed();
  } else if (linked_ != nullptr && !is_done_with_sweep()) {
    follow_some();
  } else if (std::exchange(must_settle_, false)) {
    settle_all();
    return true;
  }
  return false;
}

Analysis::State Analysis::state() const {
  if (linked_ == nullptr || must_read_) return {"reading", 0, 0};
  return {"following", next_due_, linked_->roots.size()};
}

std::string_view Analysis::text_of(const std::string& path) const {
  return linked_ == nullptr ? std::string_view() : linked_->project.text_of(path);
}

/// Files that have not come or gone are worked off one by one.
void Analysis::read_all() {
  Reading reading = read(input_);
  const auto changed = std::exchange(changed_, {});
  unlisted_.clear();
  for (const std::string& path : changed) {
    if (index_of(reading, path) == reading.texts.size()) unlisted_.insert(path);
  }
  const bool is_same_list = linked_ != nullptr && reading.notices == notices_ &&
                            std::ranges::equal(reading.texts, linked_->project.texts, {},
                                               &SourceText::path, &SourceText::path);
  if (is_same_list) {
    update_all(std::move(reading.texts));
    return;
  }
  notices_ = reading.notices;
  Modules modules(reading.texts.size());
  for (std::size_t i = 0; linked_ != nullptr && i < modules.size(); ++i) {
    SourceText& file = reading.texts[i];
    const std::size_t before = index_of(linked_->project, file.path);
    if (before == linked_->project.texts.size()) continue;
    if (file.text != linked_->project.texts[before].text) {
      modules[i] = lower_file(input_, file);
      if (!hold_back(file.path, *modules[i])) continue;
      file.text = linked_->project.texts[before].text;
    }
    modules[i] = linked_->project.program.units[before].module;
  }
  load_anew(std::move(reading), std::move(modules));
}

void Analysis::read_changed() {
  std::vector<SourceText> files;
  for (const std::string& path : std::exchange(changed_, {})) {
    const bool was_there =
        linked_ != nullptr && index_of(linked_->project, path) < linked_->project.texts.size();
    ReadFile file = read_file(*input_.disk, path, input_.disk->size(path));
    if (was_there && file.text) {
      files.push_back({path, std::move(*file.text)});
    } else if (was_there || file.text) {
      must_read_ = true;
      changed_.insert(path);  // for reading to see whether it is the project's
    }
  }
  update_all(std::move(files));
}

/// Gives files of the project other texts.
void Analysis::update_all(std::vector<SourceText> files) {
  std::vector<Misfit> misfits;
  bool is_patched = false;
  for (SourceText& file : files) {
    const std::size_t index = index_of(linked_->project, file.path);
    if (file.text == linked_->project.texts[index].text) {
      held_back_.erase(file.path);
      continue;
    }
    auto module = lower_file(input_, file);
    if (hold_back(file.path, *module)) continue;
    if (patch(index, file, module)) {
      is_patched = true;
    } else {
      misfits.push_back({index, std::move(file), std::move(module)});
    }
  }
  if (!misfits.empty() || (is_patched && !schema_is_the_same())) load_with(std::move(misfits));
}

/// False, with nothing done, when the linked program cannot take the file.
bool Analysis::patch(std::size_t index, const SourceText& file,
                     const std::shared_ptr<const ir::Module>& module) {
  program::Program& program = linked_->project.program;
  const bool has_notices = !module->cut.empty() || !program.units[index].module->cut.empty();
  if (has_notices) return false;
  const program::UnitId unit{static_cast<std::uint32_t>(index)};
  const auto patch = linked_->patches.apply(program, unit, module);
  if (!patch) return false;
  std::string& text = linked_->project.texts[index].text;
  const Splice edit = difference(text, file.text);
  text = file.text;
  flow::prepare_setters(program, patch->setters, linked_->preparation);
  for (const auto& follower : followers_) follower->forget(patch->functions);
  mark_due(*patch, file.path, edit);
  return true;
}

void Analysis::load_with(std::vector<Misfit> misfits) {
  auto [reading, modules] = sources_of(linked_->project, notices_);
  for (Misfit& misfit : misfits) {
    reading.texts[misfit.index] = std::move(misfit.file);
    modules[misfit.index] = std::move(misfit.module);
  }
  load_anew(std::move(reading), std::move(modules));
}

/// A text that was good is not given up for one that is being typed.
bool Analysis::hold_back(const std::string& path, const ir::Module& module) {
  const program::UnitId unit = linked_->project.program.unit_at(path);
  const bool was_good = unit && !linked_->project.program.unit(unit).module->has_errors;
  if (module.has_errors && was_good && is_open_(path)) {
    held_back_.insert(path);
    return true;
  }
  held_back_.erase(path);
  return false;
}

/// Receivers of signals and the like are found in functions too. Places in the schema have moved.
bool Analysis::schema_is_the_same() {
  schema::Schema now = schema::map(linked_->project.program);
  if (!schema::are_the_same(now, linked_->project.schema)) return false;
  linked_->project.schema = std::move(now);
  return true;
}

void Analysis::mark_due(const program::Patch& patch, const std::string& path, const Splice& edit) {
  const program::Program& program = linked_->project.program;
  std::vector<bool> is_changed(program.functions.size());
  std::vector<bool> is_of_changed_class(program.classes.size());
  for (const program::FunctionId function : patch.functions) {
    is_changed[function.value] = true;
    const program::ClassId owner = program.function(function).owner;
    if (owner) is_of_changed_class[owner.value] = true;
  }
  for (std::size_t i = 0; i < linked_->roots.size(); ++i) {
    const program::FunctionId root = linked_->roots[i];
    const program::ClassId owner = program.function(root).owner;
    Followed& followed = linked_->followed[i];
    const bool is_seen_there = program.unit(program.function(root).unit).path == path ||
                               std::ranges::any_of(followed.findings, [&](const auto& finding) {
                                 return finding.place.path == path;
                               });
    const bool is_moved = move_all(followed.findings, path, edit);
    if (!is_moved) followed.findings.clear();
    linked_->is_due[i] =
        linked_->is_due[i] || !is_moved ||
        std::ranges::any_of(followed.reach.read,
                            [&](auto function) { return is_changed[function.value]; }) ||
        (owner && is_of_changed_class[owner.value]) ||  // rules look at the methods beside a method
        (patch.is_use_changed && program.is_out_of_use(root) != linked_->was_out_of_use[i]);
    if (linked_->is_due[i] && is_seen_there) linked_->is_urgent[i] = true;
  }
  edited_.insert(path);
  sweep_ = Sweep::urgent;
  next_due_ = 0;
  must_settle_ = true;
}

void Analysis::load_anew(Reading reading, Modules modules) {
  followers_.clear();
  linked_.reset();
  linked_ = std::make_unique<Linked>(input_, std::move(reading), std::move(modules));
  edited_.clear();
  sweep_ = Sweep::all;
  next_due_ = 0;
  must_settle_ = true;
}

void Analysis::follow_some() {
  while (followers_.size() < input_.threads) {
    followers_.push_back(
        std::make_unique<Follower>(linked_->project, linked_->preparation, input_));
  }
  const Clock::time_point end = Clock::now() + slice;
  std::vector<std::size_t> due;
  do {
    due.clear();
    for (; next_due_ < linked_->roots.size() && due.size() < batch * input_.threads; ++next_due_) {
      const bool is_turn = sweep_ == Sweep::all || linked_->is_urgent[next_due_];
      if (linked_->is_due[next_due_] && is_turn) due.push_back(next_due_);
    }
    follow_all(due);
    for (const std::size_t i : due) {
      linked_->is_due[i] = false;
      linked_->is_urgent[i] = false;
      linked_->was_out_of_use[i] = linked_->project.program.is_out_of_use(linked_->roots[i]);
    }
  } while (!due.empty() && Clock::now() < end);
}

void Analysis::settle_all() {
  const Outcome outcome = settle(linked_->project, input_, linked_->roots, linked_->followed);
  findings_ = findings_of(outcome, linked_->project);
  const bool is_all = std::ranges::find(linked_->is_due, true) == linked_->is_due.end();
  if (is_all) {
    edited_.clear();
    return;
  }
  sweep_ = Sweep::all;
  next_due_ = 0;
  must_settle_ = true;
}

/// For the first time whoever is free follows a function, later the one who remembers it.
void Analysis::follow_all(const std::vector<std::size_t>& due) {
  const auto follow = [&](std::size_t root, std::size_t worker) {
    linked_->follower[root] = worker;
    linked_->followed[root] = followers_[worker]->follow(linked_->roots[root]);
  };
  std::vector<std::size_t> fresh;
  std::vector<std::vector<std::size_t>> known(followers_.size());
  for (const std::size_t root : due) {
    const std::size_t follower = linked_->follower[root];
    (follower == nobody ? fresh : known[follower]).push_back(root);
  }
  parallel_for(fresh.size(), followers_.size(),
               [&](std::size_t i, std::size_t worker) { follow(fresh[i], worker); });
  parallel_for(followers_.size(), followers_.size(), [&](std::size_t worker, std::size_t) {
    for (const std::size_t root : known[worker]) follow(root, worker);
  });
}

}  // namespace querylint::driver::server
