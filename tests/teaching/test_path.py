from kms_teach.teaching.catalog import CHAPTERS
from kms_teach.teaching.path import MOST, path

ALL = [chapter.room for chapter in CHAPTERS]


def rooms(days):
    return [room for day in days for room in day.rooms]


def test_what_was_wrong_comes_first_most_often_wrong_before_others_then_what_was_not_asked():
    days = path([("rotation", False), ("key", False), ("grants", False), ("grants", False), ("objects", True)], 14)
    assert rooms(days)[:3] == ["grants", "key", "rotation"]
    assert "objects" not in rooms(days)
    assert rooms(days)[3:] == [room for room in ALL if room not in {"grants", "key", "rotation", "objects"}]


def test_the_days_are_counted_each_once_and_the_last_two_are_for_mock_exams():
    days = path([("key", False)], 7)
    assert [day.number for day in days] == [1, 2, 3, 4, 5, 6, 7]
    assert [day.number for day in days if day.mock] == [6, 7]
    assert max(len(day.rooms) for day in days) <= MOST


def test_on_the_last_day_one_reads_what_was_wrong():
    (day,) = path([("rotation", False), ("key", True)], 1)
    assert day.rooms[0] == "rotation" and len(day.rooms) == MOST


def test_whoever_knows_it_all_sits_mock_exams():
    assert [(day.rooms, day.mock) for day in path([(room, True) for room in ALL], 3)] == [((), True)] * 3


def test_with_many_days_there_are_days_off_before_the_mock_exams():
    days = path([("key", False)], 40)
    assert sorted(rooms(days)) == sorted(ALL)
    assert [day.number for day in days if day.mock] == [39, 40]
