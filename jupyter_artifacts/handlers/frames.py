"""pandas data frames as ``.parquet``, through pyarrow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_artifacts.errors import InvalidTypeError
from jupyter_artifacts.handlers.base import full_name, is_loaded_instance
from jupyter_artifacts.handlers.files import landing, plain_file, unreadable
from jupyter_artifacts.model.optional import require

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd


class FrameHandler:
    """A DataFrame with its index and dtypes."""

    name = "pandas"
    suffix = ".parquet"

    def claims(self, obj: object) -> bool:
        """Take every pandas DataFrame."""
        return is_loaded_instance(obj, "pandas", "DataFrame")

    def dump(self, obj: object, path: Path) -> None:
        """Write the frame, or raise with what parquet cannot hold."""
        import pandas as pd

        if not isinstance(obj, pd.DataFrame):
            raise InvalidTypeError(f"the pandas handler saves DataFrame, not {full_name(obj)}")
        require("pyarrow", "pyarrow", "to save data frames as parquet")
        import pyarrow as pa

        with landing(path) as part:
            try:
                obj.to_parquet(part, engine="pyarrow")
            except (pa.ArrowException, ValueError, TypeError) as error:
                raise InvalidTypeError(
                    f"parquet cannot hold this DataFrame: {error}. Give every column one type and a str as its name"
                ) from error

    def load(self, path: Path) -> pd.DataFrame:
        """Read the frame."""
        require("pandas", "pandas", "to read .parquet files")
        require("pyarrow", "pyarrow", "to read .parquet files")
        import pandas as pd
        import pyarrow as pa

        try:
            return pd.read_parquet(plain_file(path), engine="pyarrow")
        except (pa.ArrowException, ValueError, TypeError) as error:
            raise unreadable(path, "parquet", error) from error
