"""What an answer tells beside its code: a table of objects with the same keys, column by column."""

import pytest

from fakeserver.actions.answer import ColumnTable


def test_the_objects_of_a_table_are_its_rows() -> None:
    table = ColumnTable({"number": ["9121111111", "9122222222"], "sendStatus": [3, -1]})
    assert table.objects() == [
        {"number": "9121111111", "sendStatus": 3},
        {"number": "9122222222", "sendStatus": -1},
    ]
    assert ColumnTable({"number": [], "sendStatus": []}).objects() == []


def test_a_table_whose_columns_are_not_as_long_as_each_other_is_not_told_in_part() -> None:
    with pytest.raises(ValueError, match="shorter"):
        ColumnTable({"number": ["9121111111"], "sendStatus": []}).objects()
