// Which files are read for what they declare only.
#include "driver/project_files.h"

#include <gtest/gtest.h>

namespace querylint::driver {
namespace {

class TestPaths : public testing::TestWithParam<const char*> {};
class OtherPaths : public testing::TestWithParam<const char*> {};

TEST_P(TestPaths, AreKnownByTheirNames) { EXPECT_TRUE(is_test_path(GetParam())); }
TEST_P(OtherPaths, AreJudged) { EXPECT_FALSE(is_test_path(GetParam())); }

INSTANTIATE_TEST_SUITE_P(Of, TestPaths,
                         testing::Values("shop/tests/test_views.py", "shop/tests.py",
                                         "shop/test.py", "shop/conftest.py", "shop/books_test.py",
                                         "shop/factories.py", "shop/factories/book.py",
                                         "tests/populate.py", "features/steps/books.py",
                                         "shop/factory.py", "shop/books_tests.py",
                                         "shop/features/environment.py"));
INSTANTIATE_TEST_SUITE_P(Of, OtherPaths,
                         testing::Values("shop/views.py", "shop/contests.py", "latest/views.py",
                                         "features/views.py", "shop/attestation/views.py",
                                         "product_features/steps/books.py", "shop/environment.py"));

}  // namespace
}  // namespace querylint::driver
