#include "driver/cache.h"

#include <fcntl.h>
#include <lmdb.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "driver/disk.h"

namespace querylint::driver {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_bytes = std::size_t{1} << 30;  // address space, not disk

MDB_val as_value(const void* data, std::size_t size) { return {size, const_cast<void*>(data)}; }

/// The checksum of a file's bytes, read through a private mapping.
std::optional<base::ContentHash> hash_file(const std::string& path, std::uint64_t seed) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return std::nullopt;
  struct stat status{};
  std::optional<base::ContentHash> hash;
  if (fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0) {
    const auto size = static_cast<std::size_t>(status.st_size);
    void* bytes = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
    if (bytes != MAP_FAILED) {
      hash = base::content_hash({static_cast<const char*>(bytes), size}, seed);
      munmap(bytes, size);
    }
  }
  ::close(file);
  return hash;
}

/// Tells builds of querylint apart.
std::uint64_t program_id() {
  static const std::uint64_t id = hash_file("/proc/self/exe", 0).value_or(base::ContentHash{}).low;
  return id;
}

std::string as_bytes(const base::ContentHash& hash) {
  std::string bytes(sizeof hash, '\0');
  std::memcpy(bytes.data(), &hash, sizeof hash);
  return bytes;
}

}  // namespace

struct Cache::Database {
  MDB_env* environment = nullptr;
  MDB_dbi table = 0;

  ~Database() {
    if (environment != nullptr) mdb_env_close(environment);
  }
};

std::string Cache::default_folder() {
  const char* base = std::getenv("XDG_CACHE_HOME");
  if (base != nullptr && *base != '\0') return std::string(base) + "/querylint";
  const char* home = std::getenv("HOME");
  return home != nullptr && *home != '\0' ? std::string(home) + "/.cache/querylint" : std::string();
}

Cache::Cache(std::string folder) : folder_(std::move(folder)) {
  std::error_code error;
  fs::create_directories(folder_, error);
  if (error) {
    trouble_ = "the cache folder " + folder_ + " cannot be made: " + error.message();
    return;
  }
  lock_ = ::open((folder_ + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (lock_ < 0) {
    trouble_ = "the cache in " + folder_ + " cannot be locked: " + std::strerror(errno);
    return;
  }
  if (flock(lock_, LOCK_SH | LOCK_NB) != 0) return;  // another run writes
  open();
}

Cache::~Cache() {
  close();
  if (lock_ >= 0) ::close(lock_);
}

void Cache::open() {
  const std::string data = folder_ + "/modules.mdb";
  if (!matches_seal()) {
    std::error_code ignored;
    fs::remove(data, ignored);
    fs::remove(folder_ + "/seal", ignored);
  }
  auto database = std::make_unique<Database>();
  int status = mdb_env_create(&database->environment);
  if (status == 0) status = mdb_env_set_mapsize(database->environment, most_bytes);
  const unsigned flags = MDB_NOSUBDIR | MDB_NOLOCK | MDB_NOTLS | MDB_NORDAHEAD;
  if (status == 0) status = mdb_env_open(database->environment, data.c_str(), flags, 0666);
  MDB_txn* transaction = nullptr;
  if (status == 0) status = mdb_txn_begin(database->environment, nullptr, 0, &transaction);
  if (status == 0) {
    status = mdb_dbi_open(transaction, nullptr, 0, &database->table);
    if (status == 0) status = mdb_txn_commit(transaction);
  }
  if (status != 0) {
    trouble_ = "the cache in " + folder_ + " cannot be opened: " + mdb_strerror(status);
    return;
  }
  database_ = std::move(database);
}

void Cache::close() { database_.reset(); }

bool Cache::matches_seal() const {
  const auto hash = hash_file(folder_ + "/modules.mdb", program_id());
  if (!hash) return false;
  std::ifstream file(folder_ + "/seal", std::ios::binary);
  const std::string seal{std::istreambuf_iterator<char>(file), {}};
  return seal == as_bytes(*hash);
}

void Cache::write_seal() {
  const auto hash = hash_file(folder_ + "/modules.mdb", program_id());
  if (!hash) return;
  if (const auto error = write_file(folder_ + "/seal", as_bytes(*hash))) {
    trouble_ = "the cache in " + folder_ + " cannot be sealed: " + *error;
  }
}

std::optional<std::string> Cache::find(const base::ContentHash& key) const {
  if (database_ == nullptr) return std::nullopt;
  MDB_txn* transaction = nullptr;
  if (mdb_txn_begin(database_->environment, nullptr, MDB_RDONLY, &transaction) != 0) {
    return std::nullopt;
  }
  MDB_val name = as_value(&key, sizeof key);
  MDB_val found{};
  std::optional<std::string> bytes;
  if (mdb_get(transaction, database_->table, &name, &found) == 0) {
    bytes.emplace(static_cast<const char*>(found.mv_data), found.mv_size);
  }
  mdb_txn_abort(transaction);
  return bytes;
}

void Cache::add(const std::vector<std::pair<base::ContentHash, std::string>>& entries) {
  if (lock_ < 0 || !trouble_.empty() || entries.empty()) return;
  close();  // the shared lock is gone before the other one is there, and others may write in
            // between
  if (flock(lock_, LOCK_EX | LOCK_NB) != 0) return;  // another run reads or writes: next time
  open();
  if (database_ == nullptr) return;
  std::error_code ignored;
  fs::remove(folder_ + "/seal", ignored);  // until the new one is there the database is not trusted
  MDB_txn* transaction = nullptr;
  int status = mdb_txn_begin(database_->environment, nullptr, 0, &transaction);
  for (const auto& [key, bytes] : entries) {
    if (status != 0) break;
    MDB_val name = as_value(&key, sizeof key);
    MDB_val value = as_value(bytes.data(), bytes.size());
    status = mdb_put(transaction, database_->table, &name, &value, 0);
  }
  if (status == 0) {
    status = mdb_txn_commit(transaction);
  } else if (transaction != nullptr) {
    mdb_txn_abort(transaction);
  }
  close();
  if (status == MDB_MAP_FULL) {  // it has grown for years: begin anew next time
    fs::remove(folder_ + "/modules.mdb", ignored);
  } else if (status != 0) {
    trouble_ = "the cache in " + folder_ + " cannot be written: " + mdb_strerror(status);
    fs::remove(folder_ + "/modules.mdb", ignored);
  } else {
    write_seal();
  }
  flock(lock_, LOCK_UN);
}

}  // namespace querylint::driver
