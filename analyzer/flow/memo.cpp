#include "analyzer/flow/memo.h"

#include <algorithm>

#include "analyzer/base/hash.h"

namespace querylint::flow {

std::size_t Memo::KeyHash::operator()(const Key& key) const {
  return base::hash64(
      {reinterpret_cast<const char*>(key.data()), key.size() * sizeof(std::uint32_t)});
}

std::shared_ptr<const CallResult> Memo::find_call(const Key& key) {
  const auto found = calls_.find(key);
  if (found == calls_.end()) return nullptr;
  if (!editions_.is_stale(*found->second->footprint)) return found->second;
  calls_.erase(found);
  return nullptr;
}

const DeclaredValue* Memo::find_value(const Key& key) {
  const auto found = values_.find(key);
  if (found == values_.end()) return nullptr;
  if (!editions_.is_stale(*found->second.footprint)) return &found->second;
  values_.erase(found);
  return nullptr;
}

bool Memo::end() {
  const std::size_t floor = open_.back().floor;
  open_.pop_back();
  const std::size_t own_position = open_.size() + 1;
  if (floor >= own_position) return true;
  if (!open_.empty()) open_.back().floor = std::min(open_.back().floor, floor);
  return false;
}

std::size_t Memo::first_visible() const {
  for (std::size_t i = open_.size(); i > 0; --i) {
    if (open_[i - 1].key.empty()) return i;
  }
  return 0;
}

int Memo::count_open(const Key& key) const {
  int count = 0;
  for (std::size_t i = first_visible(); i < open_.size(); ++i) count += open_[i].key == key ? 1 : 0;
  return count;
}

void Memo::depend_on(const Key& key) {
  for (std::size_t i = first_visible(); i < open_.size(); ++i) {
    if (open_[i].key != key) continue;
    open_.back().floor = std::min(open_.back().floor, i + 1);
    return;
  }
}

}  // namespace querylint::flow
