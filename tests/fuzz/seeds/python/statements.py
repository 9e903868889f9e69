import os.path
from . import helpers as h
from .forms import *


@h.register(name="x")
async def work(a: int, /, *args, key=1, **kw) -> list[str]:
    global total
    try:
        async with a as b, h.open():
            async for x, *rest in await b:
                yield f"{x!r:>{key}}" "tail"
    except (OSError, ValueError) as error:
        raise error from None
    else:
        del a[1:2, ::3]
    finally:
        total += 1
    while (n := h.next()) is not None:
        if n:
            continue
        break
    else:
        assert n, "none"
    match n:
        case {"a": [x, *_], **more} if x:
            pass
        case h.Point(x=0) | None:
            return
    return lambda z, *y: {k: v for k, v in z if k for v in y}
