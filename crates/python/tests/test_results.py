"""The results that `predict` returns."""

from __future__ import annotations

import json
import pickle

import pytest

import tabular_sense as ts
from tabular_sense import _native


def test_types_are_those_of_the_library():
    assert [str(member) for member in ts.SemanticType] == [row[0] for row in _native.types()]
    assert f"{ts.SemanticType.ID_CARD:>8}" == " id_card"
    assert ts.SemanticType.ID_CARD == "id_card" and ts.SemanticType("id_card").sensitivity is ts.Sensitivity.SENSITIVE
    assert all(member.english and member.chinese and member.description for member in ts.SemanticType)


def test_a_prediction_is_a_sequence(classifier, people, types):
    found = classifier.predict(people)
    assert len(found) == 5 and [column.name for column in found] == list(people)
    assert found[2] is found["nl"] and found[-1].name == "status" and [c.name for c in found[:2]] == ["id", "name"]
    assert found["tel"].sensitivity is ts.Sensitivity.PERSONAL and found["status"].sensitivity is None
    assert {"name", "tel"} <= {column.name for column in found.personal()}
    with pytest.raises(KeyError, match="nobody"):
        found["nobody"]
    assert pickle.loads(pickle.dumps(found)) == found


def test_frames_of_results(classifier, people):
    found = classifier.predict(people)
    pandas = pytest.importorskip("pandas")
    frame = found.to_pandas()
    assert isinstance(frame, pandas.DataFrame) and list(frame["name"]) == list(people)
    assert list(frame["type"]) == ["int", "name", "age", "phone", "state"] and list(frame["types"][2]) == ["age", "int"]
    polars = pytest.importorskip("polars")
    assert found.to_polars()["types"].to_list()[2] == ["age", "int"]
    assert classifier.predict({}).to_polars().height == 0 and len(classifier.predict({}).to_pandas()) == 0
    assert isinstance(found.to_polars(), polars.DataFrame)
    assert json.loads(json.dumps(found.to_dict()))["columns"][3]["types"][0]["type"] == "phone"


def test_how_it_looks(classifier):
    found = classifier.predict({"<b>tel</b>": ["13824719365", "15901837462", "<script>"]})
    html = found._repr_html_()
    assert "<script>" not in html and "&lt;b&gt;tel" in html and "1 columns" not in html
    assert "phone" in repr(classifier.predict({"tel": ["13824719365", "15901837462"]}))
    wide = classifier.predict({f"column {at}": [at] for at in range(70)}, draws=1)
    assert "10 more" in repr(wide) and "the first 60 are shown" in wide._repr_html_()


def test_reasons(classifier, people):
    plain, explained = classifier.predict(people), classifier.predict(people, explain=True)
    assert plain["nl"].types[0].reasons is None
    why = explained["nl"].types[0].reasons
    assert why.name_match == "年龄" and why.form_percent == 100 and why.sentence.startswith("100% of the values")
    assert explained.types == plain.types
    assert explained.to_dict()["columns"][2]["types"][0]["why"]["name_match"] == "年龄"


def test_threshold_and_top_k(classifier, people):
    assert all(len(column.types) == 3 for column in classifier.predict(people, top_k=3))
    sure = classifier.predict(people, threshold=0.999)
    assert all(given.probability >= 0.999 for column in sure for given in column.types)
    for options in ({"threshold": 1.0}, {"top_k": 0}, {"draws": 0}, {"max_rows": 0}):
        with pytest.raises(ValueError, match=next(iter(options))):
            classifier.predict(people, **options)


def test_custom_types(people, tmp_path):
    rules = tmp_path / "types.toml"
    rules.write_text('[[type]]\nname = "badge"\npattern = \'^B-\\d+$\'\nsensitivity = "personal"\n', "utf-8")
    classifier = ts.Classifier(types=rules)
    badge = classifier.predict({"badge": ["B-1", "B-22"]})["badge"]
    assert badge.type == "badge" and badge.types[0].is_custom and badge.sensitivity is ts.Sensitivity.PERSONAL
    again = pickle.loads(pickle.dumps(classifier))
    assert again.predict({"badge": ["B-1", "B-22"]})["badge"] == badge
    rules.write_text('[[type]]\nname = "badge"\npattern = "("\n', "utf-8")
    with pytest.raises(ts.RulesError, match="types.toml") as caught:
        ts.Classifier(types=rules)
    assert caught.value.hint


def test_models_that_cannot_be_used(tmp_path):
    with pytest.raises(ts.ModelError, match="no-model"):
        ts.Classifier(tmp_path / "no-model")
    with pytest.raises(ts.TabularSenseError):
        ts.Classifier(tmp_path)
    assert repr(ts.Classifier()) == "Classifier()"


def test_columns_without_a_name_have_a_number(classifier):
    found = classifier.predict([{"": 27, "nl": 3}, {"": 31, "nl": 4}])
    assert set(found.types) == {"1", "nl"} and "nl" in found and "age" not in found and found[0] in found
    assert str(found).splitlines()[1].startswith("1 ")
