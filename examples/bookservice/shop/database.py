"""The connection to the shop's database."""

import os
from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

engine = create_engine(os.environ.get("SHOP_DATABASE", "sqlite:///shop.db"))
SessionLocal = sessionmaker(engine)


def get_session() -> Iterator[Session]:
    """A session for the time of one request."""
    with SessionLocal() as session:
        yield session


SessionDep = Annotated[Session, Depends(get_session)]
