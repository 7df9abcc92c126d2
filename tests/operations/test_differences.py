import pytest

from kms_teach.cloudtrail.differences import DIFFERENCES as CLOUDTRAIL_DIFFERENCES
from kms_teach.cloudtrail.service import OPERATIONS as CLOUDTRAIL_OPERATIONS
from kms_teach.iam.catalog import CATALOG as IAM_CATALOG
from kms_teach.iam.differences import DIFFERENCES as IAM_DIFFERENCES
from kms_teach.operations.catalog import CATALOG
from kms_teach.operations.differences import DIFFERENCES
from kms_teach.s3.catalog import CATALOG as S3_CATALOG
from kms_teach.s3.differences import DIFFERENCES as S3_DIFFERENCES
from scripts.differences import PAGE, page


def test_the_page_is_what_the_table_says():
    assert PAGE.read_text() == page()


@pytest.mark.parametrize("row", DIFFERENCES, ids=lambda row: row.what[:30])
def test_a_row_is_whole_and_about_operations_that_exist(row):
    assert row.kind in ("differs", "unknown")
    assert all((row.what, row.here, row.why))
    assert row.operations == "all" or set(row.operations.split()) <= set(CATALOG)


@pytest.mark.parametrize("row", IAM_DIFFERENCES, ids=lambda row: row.what[:30])
def test_a_row_of_iam_is_whole_and_about_operations_that_exist(row):
    assert row.kind in ("differs", "unknown")
    assert all((row.what, row.here, row.why))
    assert row.operations == "all" or set(row.operations.split()) <= set(IAM_CATALOG)


@pytest.mark.parametrize("row", S3_DIFFERENCES, ids=lambda row: row.what[:30])
def test_a_row_of_s3_is_whole_and_about_operations_that_exist(row):
    assert row.kind in ("differs", "unknown")
    assert all((row.what, row.here, row.why))
    assert row.operations == "all" or set(row.operations.split()) <= set(S3_CATALOG)


@pytest.mark.parametrize("row", CLOUDTRAIL_DIFFERENCES, ids=lambda row: row.what[:30])
def test_a_row_of_cloudtrail_is_whole_and_about_operations_that_exist(row):
    assert row.kind in ("differs", "unknown")
    assert all((row.what, row.here, row.why))
    assert row.operations == "all" or set(row.operations.split()) <= set(CLOUDTRAIL_OPERATIONS)
