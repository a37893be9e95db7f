"""Passwords: argon2id through the passlib API, in a thread, four at most at once (19 MiB and about 20 ms each)."""

from __future__ import annotations

import asyncio

from passlib.context import CryptContext

from backend.core.errors import InvalidInput

MIN_LENGTH = 8
ADVISED_LENGTH = 15
MAX_BYTES = 1024
_AT_ONCE = 4
_CONTEXT = CryptContext(
    schemes=["argon2"],
    argon2__type="ID",
    argon2__memory_cost=19_456,
    argon2__time_cost=2,
    argon2__parallelism=1,
)
# What an unknown account is compared with, so that its refusal takes the same time.
_NOBODY = str(_CONTEXT.hash("nobody has this password"))
# The most used passwords of eight characters or more, French ones included; compared in lower case.
_COMMON = """
12345678 123456789 1234567890 12345678910 123123123 11111111 00000000 87654321 987654321 0123456789 12341234 11223344
88888888 99999999 66666666 55555555 12344321 123321123 147258369 123654789 1q2w3e4r 1q2w3e4r5t 1qaz2wsx 1qaz2wsx3edc
q1w2e3r4 q1w2e3r4t5 a1b2c3d4 abcd1234 abc12345 aa123456 a1234567 a12345678 a123456789 zaq12wsx password password1
password12 password123 passw0rd p@ssw0rd p@ssword pa$$word pass1234 password! motdepasse motdepasse1 motdepasse123
azertyuiop azerty123 azerty1234 azertyui azertyuiop123 qwertyui qwertyuiop qwerty123 qwerty1234 qwerty12 asdfghjk
asdfghjkl zxcvbnm123 qsdfghjklm wxcvbn123 iloveyou sunshine princess football baseball superman starwars trustno1
whatever welcome1 welcome123 bienvenue bienvenue1 bienvenue123 bonjour1 bonjour123 soleil123 doudou123 loulou123
chouchou marseille jetaime1 jetaime123 nicolas1 camille1 alexandre administrateur administrator admin123 admin1234
admin12345 adminadmin changeme changeme1 changeme123 letmein1 letmein123 secret123 default1 testtest test1234
test12345 azerty12345 computer internet michelle jennifer chocolat vacances dragon123 monkey123 shadow123 master123
france98 paris123 paris2024 liverpool barcelona
"""
COMMON = frozenset(_COMMON.split())


def weakness(password: str, email: str = "") -> str | None:
    """Why `password` is refused, as a sentence; None when it will do."""
    if len(password) < MIN_LENGTH:
        return f"Au moins {MIN_LENGTH} caractères ({ADVISED_LENGTH} conseillés)."
    if not fits(password):
        return f"Au plus {MAX_BYTES} octets."
    folded = password.casefold()
    if folded in COMMON or len(set(folded)) == 1:
        return "Mot de passe trop courant : choisissez-en un autre."
    if email and folded in {email.casefold(), email.casefold().partition("@")[0]}:
        return "Le mot de passe ne doit pas être l'adresse e-mail."
    return None


def demand_strength(field: str, password: str, email: str) -> None:
    """422 under `field` for a password that will not do."""
    if weak := weakness(password, email):
        raise InvalidInput({field: weak})


def fits(password: str) -> bool:
    """Short enough to be hashed: longer input is refused, never cut."""
    return len(password.encode("utf-8", "surrogatepass")) <= MAX_BYTES


class Passwords:
    """Hashing off the event loop, bounded."""

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def hash(self, password: str) -> str:
        async with self._turns:
            return str(await asyncio.to_thread(_CONTEXT.hash, password))

    async def verify(self, password: str, hashed: str | None) -> bool:
        """Whether `password` is the one hashed. With None (nobody), the same time is spent and the answer is no."""
        async with self._turns:
            return await asyncio.to_thread(_verify, password, hashed)


def _verify(password: str, hashed: str | None) -> bool:
    if hashed is None or not _CONTEXT.identify(hashed):
        _CONTEXT.verify(password, _NOBODY)
        return False
    return bool(_CONTEXT.verify(password, hashed))
