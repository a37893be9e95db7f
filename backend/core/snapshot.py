"""A whole base in one file, as it was at one instant, and back.

The file is gzip over BSON records: a header, batches of raw documents, a manifest (count and SHA-256 of each
collection), and last the SHA-256 of everything before: a file cut short or altered anywhere is refused before use.
Reads use the snapshot of one cluster time, outside a transaction; the server keeps it for
`minSnapshotHistoryWindowInSeconds` (300 s by default). Memory holds one batch at a time.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import struct
import time
import zlib
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import IO, Any

import bson
from bson.codec_options import CodecOptions
from bson.errors import InvalidBSON
from bson.raw_bson import RawBSONDocument
from pymongo import MongoClient, WriteConcern
from pymongo.errors import OperationFailure

FORMAT = 1
CONFIG = "system_config"
RESTORING = "restoring"
"""Stands in `CONFIG` while a base is being filled: nothing may start on it."""
_SNAPSHOT_UNAVAILABLE = 246  # an index or a collection has just been made: a moment later it is readable
_TRIES = 20
_RAW = CodecOptions(document_class=RawBSONDocument)
_AWARE: CodecOptions[dict[str, Any]] = CodecOptions(tz_aware=True)
_LARGEST = 64 * 1024 * 1024
Doc = dict[str, Any]


class BadBackup(Exception):
    """The file is not a whole backup; the sentence is for people."""


class Base:
    """One database, reached without the event loop: for commands that read or write all of it."""

    def __init__(self, url: str, name: str) -> None:
        self._client: MongoClient[Doc] = MongoClient(url, tz_aware=True, serverSelectionTimeoutMS=10_000)
        self._db = self._client.get_database(name, write_concern=WriteConcern("majority", j=True))

    def close(self) -> None:
        self._client.close()

    def names(self, but: Collection[str] = ()) -> list[str]:
        found = self._db.list_collection_names(filter={"type": "collection"})
        return sorted(name for name in found if name not in but and not name.startswith("system."))

    def filled(self, but: Collection[str] = ()) -> list[str]:
        """The collections that hold something."""
        return [name for name in self.names(but) if self._db[name].find_one({}, {"_id": 1}) is not None]

    def dump(self, path: Path, header: Doc, but: Collection[str] = ()) -> Doc:
        """Write `path` (never seen half-written) and answer its manifest. `but`: collections left out."""
        part = path.with_name(path.name + ".part")
        for attempt in range(_TRIES):
            try:
                manifest = self._dump(part, header, but)
                break
            except OperationFailure as exc:
                part.unlink(missing_ok=True)
                if exc.code != _SNAPSHOT_UNAVAILABLE or attempt == _TRIES - 1:
                    raise
                time.sleep(0.25)
            except BaseException:
                part.unlink(missing_ok=True)
                raise
        part.replace(path)
        return manifest

    def _dump(self, part: Path, header: Doc, but: Collection[str]) -> Doc:
        collections: dict[str, Doc] = {}
        with private(part) as raw, gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=3) as zipped:
            file = _Writer(zipped)
            file.put({"rdz": "backup", "format": FORMAT, **header})
            with self._client.start_session(snapshot=True) as session:
                for name in self.names(but):
                    digest, count = hashlib.sha256(), 0
                    raw_batches: Any = self._db[name].find_raw_batches({}, session=session, batch_size=2_000)
                    for batch in raw_batches:
                        file.put({"collection": name, "batch": batch})
                        digest.update(batch)
                        count += sum(1 for _ in _split(batch))
                    collections[name] = {"documents": count, "sha256": digest.hexdigest()}
            manifest = {**header, "collections": collections}
            file.put({"manifest": manifest})
            file.put({"sha256": file.digest.hexdigest()})
            zipped.close()
            raw.flush()
            os.fsync(raw.fileno())
        return manifest

    def load(self, path: Path, keep: Collection[str] = (), settings: Collection[str] = ()) -> int:
        """Empty every collection but `keep` and put those of a verified `path` in their place; how many documents.

        The documents `settings` of `CONFIG` stay as they are, whatever the file says.
        """
        stay = {*settings, RESTORING}
        self._db[CONFIG].replace_one({"_id": RESTORING}, {"file": path.name}, upsert=True)
        self._db[CONFIG].delete_many({"_id": {"$nin": list(stay)}})
        for name in self.names((*keep, CONFIG)):
            self._db[name].drop()
        done = 0
        for record in _records(path):
            if "batch" in record and record["collection"] not in keep:
                docs = [RawBSONDocument(one) for one in _split(record["batch"])]
                done += self._insert(record["collection"], docs, stay)
        self._db[CONFIG].delete_one({"_id": RESTORING})
        return done

    def _insert(self, name: str, docs: list[RawBSONDocument], stay: Collection[str]) -> int:
        wanted = [doc for doc in docs if name != CONFIG or doc["_id"] not in stay]
        if wanted:
            self._db[name].with_options(_RAW).insert_many(wanted)
        return len(wanted)


def verify(path: Path) -> Doc:
    """Read the whole file; its manifest. `BadBackup` when anything is missing or altered."""
    whole = hashlib.sha256()
    digests: dict[str, Any] = {}
    counts: dict[str, int] = {}
    manifest: Doc | None = None
    sealed = ""
    first = True
    for record, raw in _raw_records(path):
        if first and (record.get("rdz") != "backup" or record.get("format") != FORMAT):
            raise BadBackup("ce n'est pas une sauvegarde de RDZ CRM, ou elle est d'un autre format.")
        first = False
        if "sha256" in record:
            sealed = str(record["sha256"])
            break
        whole.update(raw)
        if "manifest" in record:
            manifest = record["manifest"]
        elif "batch" in record:
            name = record["collection"]
            digests.setdefault(name, hashlib.sha256()).update(record["batch"])
            counts[name] = counts.get(name, 0) + sum(1 for _ in _split(record["batch"]))
    if manifest is None or sealed != whole.hexdigest():
        raise BadBackup("le fichier est incomplet ou altéré.")
    for name, told in manifest["collections"].items():
        found = digests.get(name, hashlib.sha256()).hexdigest()
        if (found, counts.get(name, 0)) != (told["sha256"], told["documents"]):
            raise BadBackup(f"la collection {name} ne correspond pas à son empreinte.")
    return manifest


class _Writer:
    def __init__(self, file: IO[bytes] | gzip.GzipFile) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def put(self, record: Doc) -> None:
        raw = bson.encode(record)
        self.digest.update(raw)
        self._file.write(raw)


def private(path: Path, *, text: bool = False) -> IO[Any]:
    """A file that only its owner reads: it holds personal data."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    return os.fdopen(handle, "w" if text else "wb", encoding="utf-8" if text else None, newline="" if text else None)


def _records(path: Path) -> Iterator[Doc]:
    return (record for record, _ in _raw_records(path))


def _raw_records(path: Path) -> Iterator[tuple[Doc, bytes]]:
    try:
        with gzip.open(path, "rb") as file:
            while head := file.read(4):
                size = struct.unpack("<i", head)[0] if len(head) == 4 else 0
                if not 5 <= size <= _LARGEST:
                    raise BadBackup("le fichier est altéré.")
                raw = head + file.read(size - 4)
                yield bson.decode(raw, _AWARE), raw
    except (OSError, EOFError, zlib.error, InvalidBSON, struct.error) as exc:
        raise BadBackup(f"le fichier est illisible ou altéré ({type(exc).__name__}).") from exc


def _split(batch: bytes) -> Iterator[bytes]:
    """The documents of a batch, as they are."""
    at = 0
    while at < len(batch):
        size = struct.unpack_from("<i", batch, at)[0]
        if size < 5:
            raise BadBackup("le fichier est altéré.")
        yield batch[at : at + size]
        at += size
