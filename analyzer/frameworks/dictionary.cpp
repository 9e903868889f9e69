#include "analyzer/frameworks/dictionary.h"

namespace querylint::frameworks {

flow::Dictionary dictionary() {
  flow::Dictionary all{};
  all[static_cast<std::size_t>(schema::Orm::django)] = &django::words();
  all[static_cast<std::size_t>(schema::Orm::sqlalchemy)] = &sqlalchemy::words();
  all[static_cast<std::size_t>(schema::Orm::sql)] = &sql::words();
  all[static_cast<std::size_t>(schema::Orm::lancedb)] = &lancedb::words();
  return all;
}

}  // namespace querylint::frameworks
