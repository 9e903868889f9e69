"""Fills the tables: the same rows for the same models and size, in every process.

A table that refers to no other gets `size` rows. One that does gets two for each row of the longest
that it refers to, up to a limit, and `size` more, which all belong to first rows: so every row has
several others, different rows have different ones, and the first row has more of them when tables
are larger. Values follow from the field and the row's number alone.
"""

import datetime
import uuid
from decimal import Decimal
from functools import cached_property

from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models

from ...filling import distinct_rows, link_pairs, numbered_text, shifted_keys
from ...project import NOW

LEFT_EMPTY = {"auth.Permission", "contenttypes.ContentType", "admin.LogEntry", "sessions.Session"}
LARGEST_FACTOR = 6


def fill(size, lookups):
    """Fills all tables but those that Django keeps for itself."""
    names = [(model._meta.app_label, model._meta.model_name) for model in apps.get_models()]
    ContentType.objects.bulk_create(ContentType(app_label=a, model=m) for a, m in names)
    filler = Filler(size, lookups)
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        for model in filler.models:
            filler.insert_rows(cursor, model)
            for relation in model._meta.local_many_to_many:
                filler.insert_links(cursor, relation)
        cursor.execute("PRAGMA ignore_check_constraints = OFF")


def concrete_models():
    """All models with a table of their own, but for the tables of many-to-many relations."""
    return [model for model in apps.get_models() if not model._meta.proxy]


class Filler:
    """Decides on the rows of all models, and inserts them."""

    def __init__(self, size, lookups):
        self.size = size
        self.lookups = lookups
        self._rows = {}

    @cached_property
    def models(self):
        return [model for model in concrete_models() if model._meta.label not in LEFT_EMPTY]

    def insert_rows(self, cursor, model):
        fields = local_fields(model)
        rows = [[row[field.name] for field in fields] for row in self.rows(model)]
        insert(cursor, model._meta.db_table, fields, rows)

    def insert_links(self, cursor, relation):
        """Links each row to several of the other side, unless a model of the test does that."""
        through = relation.remote_field.through
        targets = self.count(relation.related_model)
        if not through._meta.auto_created or not targets:
            return
        source = through._meta.get_field(relation.m2m_field_name())
        target = through._meta.get_field(relation.m2m_reverse_field_name())
        pairs = link_pairs(self.count(relation.model), targets)
        if getattr(relation.remote_field, "symmetrical", False):
            pairs = {(a, b) for pair in pairs for a, b in (pair, pair[::-1]) if a != b}
        values = [
            [self.value(source.target_field, a), self.value(target.target_field, b)]
            for a, b in sorted(pairs)
        ]
        insert(cursor, through._meta.db_table, [source, target], values)

    def count(self, model):
        """How many rows a model has."""
        model = model._meta.concrete_model
        if model._meta.label in LEFT_EMPTY:
            return model._base_manager.count()
        return len(self.rows(model))

    def rows(self, model):
        """The rows of a model: for each a dictionary from field name to value."""
        if model not in self._rows:
            self._rows[model] = [{}] * self.size  # what a cycle of models sees
            self._rows[model] = list(self._make_rows(model))
        return self._rows[model]

    def _make_rows(self, model):
        constraints = unique_sets(model)
        shifted = shifted_keys(constraints)

        def make_row(number, attempt):
            return {
                field.name: self.value(field, number + attempt * (field.name in shifted))
                for field in local_fields(model)
            }

        return distinct_rows(range(self._wanted_count(model)), make_row, constraints)

    def _wanted_count(self, model):
        unique = [f for f in local_fields(model) if refers_elsewhere(f) and f.unique]
        wanted = self._spread(model) + self.size
        return min([wanted, *(self.count(field.related_model) for field in unique)])

    def _spread(self, model):
        """How many rows of a model refer to others evenly; 0 if it refers to none."""
        targets = [f.related_model for f in shared_keys(model) if not f.null]
        targets += self._generic_targets(model)
        longest = max(map(self.count, targets), default=0)
        return min(2 * longest, LARGEST_FACTOR * self.size)

    def value(self, field, number):
        """The value of a field in the row of that number, from 0; for a relation, the key."""
        if generic := generic_key_of(field):
            return self._generic_value(field, generic, number)
        if field.is_relation:
            return self._key(field, number)
        if field.primary_key and isinstance(field, models.IntegerField):
            return number + 1
        if field.choices:
            choices = [value for value, _ in field.flatchoices if value not in ("", None)]
            return choices[(number + number // len(choices)) % len(choices)]
        is_distinct = field.unique or field.name in self.lookups.single
        wanted = [v for v in self.lookups.wanted.get(field.name, []) if suits(field, v)]
        if is_distinct and number < len(wanted):
            return looked_for(field, wanted[number], number)
        if not is_distinct and wanted and number % 2 == 0:
            return looked_for(field, wanted[number // 2 % len(wanted)], number)
        is_text = isinstance(field, (models.CharField, models.TextField))
        repeats = max(self.size - 1, 2) if is_text and not is_distinct else number + 1
        return plain_value(field, number % repeats)

    def _key(self, field, number):
        """The key of the row that a relation refers to."""
        target = field.target_field
        if not refers_elsewhere(field):
            return self._parent(field, number)
        if field.unique:
            return self.value(target, number)
        count = self.count(field.related_model)
        others = shared_keys(field.model)
        place, spread = others.index(field), self._spread(field.model)
        if number >= spread > 0 and number % len(others) == place:
            return self.value(target, 0)
        turn = number // max(self.count(others[0].related_model), 1) * place
        return self.value(target, (number + turn) % count) if count else None

    def _parent(self, field, number):
        """The key of the parent in a tree, whose root is the first row and has most children."""
        if number == 0 and field.null:
            return None
        return self.value(field.target_field, 0 if number % 2 else max(number - 1, 0) // 2)

    def _generic_value(self, field, generic, number):
        """The content type, or the key, of the row that a generic relation refers to."""
        targets = self._generic_targets(generic.model)
        target = targets[number % len(targets)]
        if field.name == generic.ct_field:
            return ContentType.objects.get_for_model(target).pk
        is_extra = number >= self._spread(generic.model)
        row = 0 if is_extra else number // len(targets) % self.count(target)
        return field.to_python(self.value(target._meta.pk, row))

    def _generic_targets(self, model):
        """What a generic relation refers to: the models that declare its inverse, else any two."""
        if not generic_keys(model):
            return []
        inverse = [
            other
            for other in self.models
            for relation in other._meta.private_fields
            if isinstance(relation, GenericRelation) and relation.related_model is model
        ]
        plain = [other for other in self.models if other._meta.app_label == model._meta.app_label]
        return inverse or [other for other in plain if not generic_keys(other)][:2]


def local_fields(model):
    """The columns that an INSERT into the model's own table gives values for."""
    return [f for f in model._meta.local_concrete_fields if f.column and not f.generated]


def refers_elsewhere(field):
    """Whether a field is a foreign key to another model."""
    return (
        field.is_relation
        and field.related_model._meta.concrete_model is not field.model._meta.concrete_model
        and not generic_key_of(field)
    )


def shared_keys(model):
    """The foreign keys to other models that several rows may share."""
    return [f for f in local_fields(model) if refers_elsewhere(f) and not f.unique]


def generic_keys(model):
    return [f for f in model._meta.private_fields if isinstance(f, GenericForeignKey)]


def generic_key_of(field):
    """The generic foreign key whose content type or object id the field holds."""
    for generic in generic_keys(field.model):
        if field.name in (generic.ct_field, generic.fk_field):
            return generic
    return None


def unique_sets(model):
    """The names of the fields that are unique, alone or together."""
    names = {field.name for field in local_fields(model)}
    sets = [(field.name,) for field in local_fields(model) if field.unique]
    sets += [tuple(fields) for fields in model._meta.unique_together]
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields:
            sets.append(tuple(constraint.fields))
    return [fields for fields in sets if names.issuperset(fields)]


def suits(field, value):
    """Whether a constant of the code can stand in the field."""
    if callable(value) or isinstance(value, str):
        return isinstance(field, (models.CharField, models.TextField))
    return isinstance(field, (models.IntegerField, models.FloatField, models.DecimalField))


def looked_for(field, value, number):
    """A value that the code looks for, in the field's own type."""
    return field.to_python(value(number + 1) if callable(value) else value)


def plain_value(field, number):
    """The value of the first class in VALUES that the field is an instance of, else its default."""
    for kind, make in VALUES:
        if isinstance(field, kind):
            return make(field, number)
    if field.has_default():
        return field.get_default()
    if field.null:
        return None
    return text(field, number)


def text(field, number, pattern="{} {}"):
    return numbered_text(field.name, number, field.max_length, pattern)


def moment(field, number):
    """Days before NOW; of two dates in a model the later declared one is later."""
    dates = [f for f in local_fields(field.model) if isinstance(f, models.DateField)]
    return NOW + datetime.timedelta(days=dates.index(field) - number)


def decimal(field, number):
    step = Decimal(1).scaleb(-field.decimal_places)
    return (Decimal("1.25") * (number % 7 + 1)).quantize(step)


def json(field, number):
    default = field.get_default()
    return [number + 1] if isinstance(default, list) else {"number": number + 1}


def slug(field, number):
    return text(field, number, "{}-{}")


def email(field, number):
    return text(field, number, "{}{}@example.com")


def url(field, number):
    return text(field, number, "https://example.com/{}/{}")


# Subclasses stand before the classes they derive from.
VALUES = [
    (models.BooleanField, lambda field, number: number % 3 != 2),
    (models.DateTimeField, moment),
    (models.DateField, lambda field, number: moment(field, number).date()),
    (models.TimeField, lambda field, number: datetime.time(hour=number % 24)),
    (models.DurationField, lambda field, number: datetime.timedelta(hours=number + 1)),
    (models.DecimalField, decimal),
    (models.FloatField, lambda field, number: number % 9 + 1.5),
    (models.IntegerField, lambda field, number: number + 1 if field.unique else number % 9 + 1),
    (models.UUIDField, lambda field, number: uuid.UUID(int=number + 1)),
    (models.GenericIPAddressField, lambda field, number: f"10.0.0.{number + 1}"),
    (models.BinaryField, lambda field, number: bytes([number % 256]) * 4),
    (models.JSONField, json),
    (models.SlugField, slug),
    (models.EmailField, email),
    (models.URLField, url),
    (models.CharField, text),
    (models.TextField, text),
    (models.FileField, lambda field, number: f"{field.name}/{number + 1}.txt"),
]


def insert(cursor, table, fields, rows):
    """Inserts rows without signals, `save()` and generated values, which tests may depend on."""
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    prepared = [
        [
            field.get_db_prep_save(value, connection)
            for field, value in zip(fields, row, strict=True)
        ]
        for row in rows
    ]
    cursor.executemany(f"INSERT INTO {quote(table)} ({columns}) VALUES ({marks})", prepared)
