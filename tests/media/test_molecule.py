"""Molecule."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError, MissingDependencyError
from jupyter_artifacts.media.molecule import Molecule

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jupyter_artifacts.media import Inline, Media

PDB = b"HETATM    1  C1  UNL     1       0.901  -0.075   0.014  1.00  0.00           C  \nEND\n"


def test_files_by_their_ending(
    logged: Callable[[Media | Inline], object], added: Callable[[Media], object], tmp_path: Path
) -> None:
    (tmp_path / "a.PDB").write_bytes(PDB)
    molecule = Molecule(tmp_path / "a.PDB", caption="c")
    assert (molecule.data, molecule.suffix, molecule.to_file().folder) == (PDB, ".pdb", "media/molecule")
    assert Molecule(io.BytesIO(PDB), "c", "pdb") == molecule == Molecule(io.StringIO(PDB.decode()), "c", "pdb")
    assert logged(molecule) == molecule
    assert added(molecule) == molecule
    assert Molecule(io.BytesIO(b"\0\1"), file_type="mmtf").suffix == ".mmtf"


@pytest.mark.parametrize(
    ("data", "more", "error", "text"),
    [
        (3, {}, InvalidTypeError, "not int; see also from_smiles"),
        (io.BytesIO(PDB), {}, InvalidValueError, "or give file_type"),
        (io.BytesIO(PDB), {"file_type": "exe"}, InvalidValueError, "does not end in one of cif"),
        (io.BytesIO(b"\0"), {"file_type": "pdb"}, InvalidValueError, r"no text, so it is no \.pdb"),
    ],
)
def test_what_is_refused(data: object, more: dict[str, Any], error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        Molecule(data, **more)


def test_smiles_need_rdkit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    for call in (Molecule.from_smiles, Molecule.from_rdkit):
        with pytest.raises(MissingDependencyError, match="pip install rdkit"):
            call("CCO")


def test_molecules_of_rdkit() -> None:
    chem = pytest.importorskip("rdkit.Chem")
    molecule = Molecule.from_smiles("CCO", caption="ethanol")
    assert molecule.data.count(b"HETATM") == 9
    assert molecule == Molecule.from_smiles("CCO", caption="ethanol")
    assert Molecule.from_rdkit(chem.MolFromSmiles("CCO"), "ethanol") == molecule
    with pytest.raises(InvalidValueError, match="cannot read the SMILES"):
        Molecule.from_smiles("C(C")
    with pytest.raises(InvalidTypeError, match="an rdkit Mol"):
        Molecule.from_rdkit(3)
