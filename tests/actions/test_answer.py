"""Tables in answers: objects with the same keys, kept column by column."""

import pytest

from fakeserver.actions.answer import ColumnTable


def test_the_objects_of_a_table_are_its_rows() -> None:
    table = ColumnTable({"number": ["9121111111", "9122222222"], "sendStatus": [3, -1]})
    assert table.objects() == [
        {"number": "9121111111", "sendStatus": 3},
        {"number": "9122222222", "sendStatus": -1},
    ]
    assert ColumnTable({"number": [], "sendStatus": []}).objects() == []


def test_a_table_with_columns_of_different_lengths_is_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        ColumnTable({"number": ["9121111111"], "sendStatus": []}).objects()
