// The models that come with Django, as text: one line an entity, then one a field.
#pragma once

#include <string_view>

namespace querylint::schema::django {

/// `entity label.Name [abstract]` followed by fields as `name type [flags]` or
/// `name foreign_key|many_to_many label.Name [related_name related_query_name]`, and by `path`
/// lines: where Python finds the class. Columns as of Django 5.2.
constexpr std::string_view built_in_models = R"(
entity contenttypes.ContentType
path django.contrib.contenttypes.models.ContentType
app_label text
model text

entity auth.Permission
path django.contrib.auth.models.Permission
name text
content_type foreign_key contenttypes.ContentType
codename text

entity auth.Group
path django.contrib.auth.models.Group
name text unique
permissions many_to_many auth.Permission

entity auth.AbstractBaseUser abstract
path django.contrib.auth.models.AbstractBaseUser
path django.contrib.auth.base_user.AbstractBaseUser
password text
last_login datetime nullable

entity auth.PermissionsMixin abstract
path django.contrib.auth.models.PermissionsMixin
is_superuser boolean
groups many_to_many auth.Group user_set user
user_permissions many_to_many auth.Permission user_set user

entity auth.AbstractUser abstract
path django.contrib.auth.models.AbstractUser
password text
last_login datetime nullable
is_superuser boolean
username text unique
first_name text
last_name text
email text
is_staff boolean
is_active boolean
date_joined datetime
groups many_to_many auth.Group user_set user
user_permissions many_to_many auth.Permission user_set user

entity auth.User
path django.contrib.auth.models.User
password text
last_login datetime nullable
is_superuser boolean
username text unique
first_name text
last_name text
email text
is_staff boolean
is_active boolean
date_joined datetime
groups many_to_many auth.Group user_set user
user_permissions many_to_many auth.Permission user_set user

entity sites.Site
path django.contrib.sites.models.Site
domain text unique
name text

entity sessions.Session
path django.contrib.sessions.models.Session
session_key text primary
session_data long_text
expire_date datetime indexed

entity admin.LogEntry
path django.contrib.admin.models.LogEntry
action_time datetime
user foreign_key auth.User
content_type foreign_key contenttypes.ContentType nullable
object_id long_text nullable
object_repr text
action_flag integer
change_message long_text
)";

}  // namespace querylint::schema::django
