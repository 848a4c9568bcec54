"""Molecule: a structure in one of chemistry's file formats."""

from __future__ import annotations

import importlib
import os
from pathlib import Path
from typing import ClassVar

from jupyter_artifacts.errors import InvalidTypeError, InvalidValueError
from jupyter_artifacts.media.file_media import FileMedia
from jupyter_artifacts.media.given import Given, read_given
from jupyter_artifacts.model.optional import require


class Molecule(FileMedia):
    """A molecule to log.

    Parameters
    ----------
    data_or_path : path or open file
        A file that ends as `SUPPORTED_TYPES` lists.
    caption : str, optional
    file_type : str, optional
        The ending, for an open file.
    """

    SUPPORTED_TYPES: ClassVar[frozenset[str]] = frozenset(
        ["pdb", "pqr", "mmcif", "mcif", "cif", "sdf", "sd", "gro", "mol2", "mmtf"]
    )
    kind: ClassVar[str] = "molecule-file"
    folder: ClassVar[str] = "media/molecule"

    def __init__(self, data_or_path: object, caption: object = None, file_type: str | None = None) -> None:
        if not isinstance(data_or_path, (str, os.PathLike)) and not hasattr(data_or_path, "read"):
            raise InvalidTypeError(
                f"Molecule takes a path or an open file, not {type(data_or_path).__name__}; "
                "see also from_smiles() and from_rdkit()"
            )
        given = read_given(data_or_path, "a molecule")
        name = given.name if given.name and not file_type else f"given.{file_type or ''}"
        super().__init__(given.data, self.suffix_of(Given(given.data, name)), caption)

    @classmethod
    def suffix_of(cls, given: Given) -> str:
        """Return the end of the name; all formats but MMTF are text."""
        suffix = Path(given.name).suffix.lower()
        if suffix.lstrip(".") not in cls.SUPPORTED_TYPES:
            known = ", ".join(sorted(cls.SUPPORTED_TYPES))
            raise InvalidValueError(f"{given.where!r} does not end in one of {known} (or give file_type)")
        if suffix != ".mmtf" and b"\0" in given.data:
            raise InvalidValueError(f"{given.where} is no text, so it is no {suffix}")
        return suffix

    @classmethod
    def from_smiles(
        cls,
        data: str,
        caption: object = None,
        sanitize: bool = True,
        convert_to_3d_and_optimize: bool = True,
        mmff_optimize_molecule_max_iterations: int = 200,
    ) -> Molecule:
        """Return the molecule of a SMILES text, through rdkit."""
        require("rdkit", "rdkit", "to read SMILES")
        chem = importlib.import_module("rdkit.Chem")
        molecule = chem.MolFromSmiles(data, sanitize=sanitize)
        if molecule is None:
            raise InvalidValueError(f"rdkit cannot read the SMILES {data!r:.80}")
        return cls.from_rdkit(molecule, caption, convert_to_3d_and_optimize, mmff_optimize_molecule_max_iterations)

    @classmethod
    def from_rdkit(
        cls,
        data_or_path: object,
        caption: object = None,
        convert_to_3d_and_optimize: bool = True,
        mmff_optimize_molecule_max_iterations: int = 200,
    ) -> Molecule:
        """Return the molecule of an rdkit ``Mol`` or of a ``.mol`` file, as PDB."""
        require("rdkit", "rdkit", "to read its molecules")
        chem, all_chem = importlib.import_module("rdkit.Chem"), importlib.import_module("rdkit.Chem.AllChem")
        if isinstance(data_or_path, (str, os.PathLike)):
            text = read_given(data_or_path, "a molecule").data.decode("utf-8", "replace")
            data_or_path = chem.MolFromMolBlock(text)
        if not isinstance(data_or_path, chem.rdchem.Mol):
            raise InvalidTypeError("from_rdkit() takes an rdkit Mol, or the path of a .mol file that rdkit can read")
        molecule = data_or_path
        if convert_to_3d_and_optimize:
            molecule = chem.AddHs(molecule)
            all_chem.EmbedMolecule(molecule, randomSeed=0)
            all_chem.MMFFOptimizeMolecule(molecule, maxIters=mmff_optimize_molecule_max_iterations)
        made = cls.__new__(cls)
        FileMedia.__init__(made, chem.rdmolfiles.MolToPDBBlock(molecule).encode(), ".pdb", caption)
        return made
