import uuid

from kms_teach.keys.names import KEY_ID, new_id, new_key_id


def test_an_id_is_a_random_uuid_and_no_two_are_alike():
    ids = [new_id() for _ in range(200)]
    assert {(uuid.UUID(each).version, uuid.UUID(each).variant) for each in ids} == {(4, uuid.RFC_4122)}
    assert [str(uuid.UUID(each)) for each in ids] == ids
    assert len(set(ids)) == 200
    assert {each[19] for each in ids} == set("89ab")


def test_the_id_of_a_multi_region_key_says_so():
    assert new_key_id(multi_region=True).startswith("mrk-")
    assert all(KEY_ID.fullmatch(new_key_id(multi_region=multi_region)) for multi_region in (True, False))
