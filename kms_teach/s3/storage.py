"""What S3 has beside the store, in this process: the files of its objects, and its boundary."""

from pathlib import Path

from kms_teach.buckets.records import Object, Part
from kms_teach.s3.boundary import Boundary
from kms_teach.s3.files import Files
from kms_teach.service import Service

NAME = "s3"


class Storage:
    """Files and boundary of one simulator."""

    def __init__(self, service: Service) -> None:
        path: Path | None = service.path
        beneath = storage(service.original).files if service.original else None
        self.files: Files = Files(path.with_name(f"{path.name}.{NAME}") if path else None, beneath)
        self.boundary = Boundary(service.store, service.hsm)
        objects, parts = service.store.every(Object), service.store.every(Part)
        self.files.sweep({file.name for each in objects for file in each.files} | {part.file.name for part in parts})

    def close(self) -> None:
        self.files.close()


def storage(service: Service) -> Storage:
    """That of a simulator; made with the first call to S3."""
    return service.beside(NAME, lambda: Storage(service))
