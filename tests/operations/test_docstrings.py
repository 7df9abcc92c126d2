import ast
import inspect
import textwrap

import pytest

from kms_teach import errors as classes
from kms_teach.keys.states import ERRORS, LIFECYCLE
from kms_teach.operations.catalog import CATALOG
from kms_teach.wire.model import operation_model
from tests.operations.documented import errors, page

# KMS API Reference, "Common Errors" (there ValidationError and NotAuthorized).
COMMON = {"AccessDeniedException", "ValidationException", "NotAuthorizedException"}

# What is checked here and answered with an error that the model does not list for the operation.
ALIAS_REFUSED = "an alias where only a key may stand, as with every other operation that takes none"
TOKEN_REFUSED = "a grant token that cannot be one, as with every other operation that takes some"
NO_ED25519PH = "docs/differences.md: pyca has no Ed25519ph"
UNLISTED = {
    ("CreateAlias", "InvalidArnException"): ALIAS_REFUSED,
    ("UpdateAlias", "InvalidArnException"): ALIAS_REFUSED,
    ("DescribeKey", "InvalidGrantTokenException"): TOKEN_REFUSED,
    ("ListKeyPolicies", "InvalidMarkerException"): "it has a Marker, which the model gives no error for",
    ("Sign", "UnsupportedOperationException"): NO_ED25519PH,
    ("Verify", "UnsupportedOperationException"): NO_ED25519PH,
}
every_operation = pytest.mark.parametrize("name", sorted(CATALOG))


def listed(name):
    return {shape.name for shape in operation_model(name).error_shapes}


def shared(name):
    """The errors that `service` may answer before the operation itself is run, and after it, in their order."""
    operation, members = CATALOG[name], operation_model(name).input_shape.members
    states = {ERRORS[cell][0].__name__ for cell in LIFECYCLE.get(name, {}).values() if cell in ERRORS}
    rules = [
        ("InvalidGrantTokenException", "GrantTokens" in members),
        ("ValidationException", operation.alias or "Recipient" in members or any(key.blob for key in operation.on)),
        ("NotAuthorizedException", operation.alias),
        ("InvalidArnException", any(not (key.aliases or key.via_alias) for key in operation.on)),
        ("NotFoundException", operation.on),
        ("AccessDeniedException", True),
        ("IncorrectKeyException", any(key.blob for key in operation.on)),
        ("InvalidKeyUsageException", operation.usage),
        ("UnsupportedOperationException", operation.primary),
        ("DisabledException", "DisabledException" in states and operation.on),
        ("KMSInvalidStateException", "KMSInvalidStateException" in states and operation.on),
        ("UnsupportedOperationException", (operation.symmetric or operation.origins) and not operation.primary),
        ("DryRunOperationException", "DryRun" in members),
    ]
    return [error for error, applies in rules if applies]


@every_operation
def test_it_says_in_one_line_what_to_expect_and_where_it_is_written(name):
    first, blank, *_ = inspect.getdoc(CATALOG[name].function).split("\n")
    assert first.endswith(".") and first[0].isupper() and not blank
    assert page(name) == name


@every_operation
def test_each_error_it_names_is_one_of_the_apis(name):
    named = errors(name)
    assert len(set(named)) == len(named)
    assert {error for error in named if (name, error) not in UNLISTED} <= listed(name) | COMMON


@pytest.mark.parametrize(("name", "error"), UNLISTED)
def test_what_the_model_does_not_list_is_excused_only_while_it_is_needed(name, error):
    assert error in errors(name)
    assert error not in listed(name)


def raised_by(function):
    """The errors that stand in its own `raise` statements, in their order."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    raised = [
        node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise)
    ]
    return [node.id for node in raised if isinstance(node, ast.Name) and hasattr(classes, node.id)]


@every_operation
def test_it_names_what_is_checked_for_all_and_by_itself_in_the_order_of_the_checks(name):
    operation, expected = CATALOG[name], shared(name)
    first = [error for error in expected if error != "DryRunOperationException"]
    itself = [error for error in dict.fromkeys(raised_by(operation.function)) if error not in expected]
    last = expected[len(first) :]
    in_order = itself + first + last if operation.decides else first + itself + last
    assert [error for error in errors(name) if error in in_order] == in_order
