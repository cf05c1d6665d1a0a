"""What may stand in a field that another system sends: texts without control characters, whole numbers that fit.

Days and amounts are texts, as at the command line; the house reads them and refuses them with its own codes.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from xinheng.base.stated import NUMBER_MAX

_LINE = r"^[^\x00-\x1f\x7f]*$"
_NO_NUL = r"^[^\x00]*$"
#: The largest number the database keeps a row under.
ID_MAX = 2**62

Code = Annotated[str, StringConstraints(min_length=1, max_length=NUMBER_MAX, pattern=_LINE)]
MaybeCode = Annotated[str, StringConstraints(max_length=NUMBER_MAX, pattern=_LINE)]
Line = Annotated[str, StringConstraints(max_length=80, pattern=_LINE)]
Person = Annotated[str, StringConstraints(max_length=150, pattern=_LINE)]
Name = Annotated[str, StringConstraints(max_length=200, pattern=_LINE)]
Words = Annotated[str, StringConstraints(max_length=2000, pattern=_NO_NUL)]
Day = Annotated[str, Field(max_length=40, pattern=_LINE, description="2026-11-24", examples=["2026-11-24"])]
MonthOf = Annotated[str, Field(max_length=20, pattern=_LINE, description="2026-11", examples=["2026-11"])]
Amount = Annotated[str, Field(max_length=40, pattern=_LINE, description="1234.56", examples=["1234.56"])]
Id = Annotated[int, Field(ge=1, le=ID_MAX)]
Part = Annotated[int, Field(ge=1, le=999)]
Days = Annotated[int, Field(ge=0, le=3650)]


class Stated(BaseModel):
    """What a request states; a field nobody knows is named instead of being left aside."""

    model_config = ConfigDict(extra="forbid")


class Nothing(Stated):
    """Nothing needs to be said."""


class Reason(Stated):
    """Why."""

    reason: Words = ""


class ReasonOn(Reason):
    """Why, and for which day; the business date without one."""

    date: Day | None = None


class OnDay(Stated):
    """For which day; the business date without one."""

    date: Day | None = None
