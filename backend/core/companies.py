"""The numbers that name a company and its account: SIREN, SIRET, French TVA number, IBAN, BIC. Syntax and checksums
only: nothing is looked up. Kept compact, without spaces; empty means unknown."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import ModuleType
from typing import Annotated

from pydantic import AfterValidator
from stdnum import bic, iban
from stdnum.exceptions import ValidationError
from stdnum.fr import siren, siret, tva

from backend.core.text import Line

_POSTCODE = re.compile(r"\d{5}")
_SIREN_OF_TVA = 4  # FR, two characters of key, then the SIREN


def _checked(rules: ModuleType, sentence: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        if not value:
            return ""
        try:
            return str(rules.validate(value)).upper()
        except ValidationError:
            raise ValueError(sentence) from None

    return check


def tva_number(value: str) -> str:
    """`FR` and its key are given back with the number; the key is that of its SIREN."""
    if not value:
        return ""
    compact = _TVA(value)
    return compact if compact.startswith("FR") else f"FR{compact}"


def postcode(value: str) -> str:
    if value and not _POSTCODE.fullmatch(value):
        raise ValueError("Code postal à cinq chiffres attendu.")
    return value


def tva_is_of(number: str, its_siren: str) -> bool:
    """Whether a TVA number is that of a SIREN; unknown ones do not contradict."""
    return not number or not its_siren or number[_SIREN_OF_TVA:] == its_siren


_TVA = _checked(tva, "Numéro de TVA invalide : FR, sa clé et le SIREN sont attendus, par exemple FR17000000034.")
Siren = Annotated[Line, AfterValidator(_checked(siren, "SIREN invalide : neuf chiffres, clé comprise."))]
Siret = Annotated[Line, AfterValidator(_checked(siret, "SIRET invalide : quatorze chiffres, clé comprise."))]
TvaNumber = Annotated[Line, AfterValidator(tva_number)]
Iban = Annotated[Line, AfterValidator(_checked(iban, "IBAN invalide : vérifiez les caractères et leur nombre."))]
Bic = Annotated[Line, AfterValidator(_checked(bic, "BIC invalide : huit ou onze caractères."))]
Postcode = Annotated[Line, AfterValidator(postcode)]
