"""Text that comes from outside: what is refused, and how it is folded for search."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Annotated

from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email
from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, StringConstraints
from pydantic_core import PydanticCustomError

_EXAMPLES = ("example", "example.com", "example.net", "example.org", "localhost")


def clean(value: str) -> str:
    """Trim; refuse NUL, control characters (but line breaks and tabs) and lone surrogates."""
    if any(_refused(char) for char in value):
        raise PydanticCustomError("control_characters", "control characters are not allowed")
    return value.strip()


def _refused(char: str) -> bool:
    return (unicodedata.category(char) == "Cc" and char not in "\n\r\t") or "\ud800" <= char <= "\udfff"


def one_line(value: str) -> str:
    if any(char in "\n\r\t\u2028\u2029" for char in value):
        raise PydanticCustomError("one_line", "line breaks are not allowed")
    return value


def email_syntax(value: str) -> str:
    """Lower-cased address; the syntax is checked, nothing is looked up."""
    try:
        return validate_email(value, check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError as exc:
        if "special-use" in str(exc) or "reserved" in str(exc):
            return value.strip().lower()
        raise PydanticCustomError("email", "not an e-mail address") from exc


def special_use(address: str) -> bool:
    """Whether nobody can receive at the domain of `address` (.test, .local, example.com): refused in production."""
    domain = address.rpartition("@")[2]
    return any(domain == name or domain.endswith("." + name) for name in (*SPECIAL_USE_DOMAIN_NAMES, *_EXAMPLES))


def instant(value: object) -> object:
    """ISO 8601 text as a moment; strict models take nothing else."""
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        raise PydanticCustomError("datetime_parsing", "not an ISO 8601 instant") from None


Instant = Annotated[AwareDatetime, BeforeValidator(instant)]
Line = Annotated[str, StringConstraints(strict=True, max_length=200), AfterValidator(clean), AfterValidator(one_line)]
FilledLine = Annotated[Line, StringConstraints(min_length=1)]
LongText = Annotated[str, StringConstraints(strict=True, max_length=10_000), AfterValidator(clean)]
Email = Annotated[
    str, StringConstraints(strict=True, max_length=254), AfterValidator(clean), AfterValidator(email_syntax)
]


def email_or_empty(value: str) -> str:
    return email_syntax(value) if value else ""


OptionalEmail = Annotated[Line, AfterValidator(email_or_empty)]


class AdminBody(BaseModel):
    """Base of the bodies of admin routes: strict types, unknown fields refused."""

    model_config = ConfigDict(strict=True, extra="forbid")


def folded(value: str) -> str:
    """Lower case without accents, for search keys."""
    decomposed = unicodedata.normalize("NFKD", value.casefold())
    return " ".join("".join(char for char in decomposed if not unicodedata.combining(char)).split())
