import functools

import pytest

from kms_teach.errors import KmsError
from kms_teach.operations.catalog import CATALOG
from kms_teach.service import Service
from tests.operations.documented import errors

# What any operation may answer: parameters that the model does not allow, too many requests, what is the matter with the store
ALWAYS = {"ValidationException", "KMSInternalException", "ThrottlingException"}


@pytest.fixture(autouse=True)
def _an_error_is_one_that_its_operation_names(monkeypatch):
    """Whatever a test here provokes, the docstring of the operation must have said that it can happen."""
    perform = Service.perform

    @functools.wraps(perform)
    def watched(self, principal, region, name, *rest, **more):
        try:
            return perform(self, principal, region, name, *rest, **more)
        except KmsError as error:
            assert name not in CATALOG or error.code in {*ALWAYS, *errors(name)}, f"{name} does not name {error.code}"
            raise

    monkeypatch.setattr(Service, "perform", watched)
