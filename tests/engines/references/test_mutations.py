"""The proof measured: of references that are put back to old paths in random places, it finds all."""

from __future__ import annotations

from tests.measure_verify import migrated_sample
from tests.mutations import measure, mutations, sample


def test_of_a_hundred_references_put_back_in_the_sample_none_is_missed(tmp_path):
    overlay, moves, allowed, module = migrated_sample(tmp_path / "sample")
    chosen = sample(mutations(overlay, moves, module), 100, seed=1)
    assert measure(overlay, moves, chosen, allowed).missed == []
