"""What panels cost on the wire, counted in a real kernel: ten of a kind less than twice one."""

from __future__ import annotations

import json
import os
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from jupyter_client.manager import KernelManager

from tests.browser.cells import HARD, LOG

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jupyter_client.blocking.client import BlockingKernelClient

pytestmark = [pytest.mark.notebook]

SHOWN = {
    "card": 'panels.card("mnist-raw:v1", "logged", new_bytes=5000)',
    "table": "ja.artifacts()",
    "artifact": 'ja.artifact("trained-model:v1")',
    "lineage": "ja.lineage()",
    "run": "ja.run_panel()",
    "examples": "ja.image_grid(hard)",
}
MIXED = [*SHOWN.values(), *(SHOWN[kind] for kind in ("card", "table", "run", "lineage"))]
_AGAIN = "from jupyter_artifacts.panels import carriers\nfor each in carriers._open.values(): each.close()"
_IN_LAB = {"JPY_SESSION_NAME": "bytes.ipynb", "JUPYTER_ARTIFACTS_SILENT": "1"}


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BlockingKernelClient]:
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(cwd=str(tmp_path_factory.mktemp("bytes")), env={**os.environ, **_IN_LAB})
    client: BlockingKernelClient = manager.blocking_client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    for code in (LOG, HARD):
        assert client.execute_interactive(code, output_hook=lambda _: None, timeout=60)["content"]["status"] == "ok"
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def cost(client: BlockingKernelClient, cells: Sequence[str]) -> Counter[str]:
    """Return the bytes of each sort of message that cells cause in a kernel where no panel's code is known."""
    sizes: Counter[str] = Counter()

    def count(message: dict[str, Any]) -> None:
        kind, content = message["msg_type"], message["content"]
        assert kind != "error", content
        if kind == "comm_open":
            kind = "code" if content["data"]["state"]["_model_name"] == "WidgetModel" else "panels"
        elif kind != "display_data":
            return  # the cells' own: busy, idle, their source
        parts = {key: message[key] for key in ("header", "parent_header", "metadata", "content")}
        text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"), default=str)
        sizes[kind] += len(text.encode("utf-8", "surrogatepass")) + sum(map(len, message["buffers"]))

    client.execute_interactive(_AGAIN, output_hook=lambda _: None, timeout=60)
    for i, cell in enumerate(cells):
        client.execute_interactive(f"({cell}).show()  # {i}", output_hook=count, timeout=60)
    return sizes


def told(name: str, one: Counter[str], ten: Counter[str]) -> str:
    live = [sizes["code"] + sizes["panels"] for sizes in (one, ten)]
    whole = [sum(sizes.values()) for sizes in (one, ten)]
    return (
        f"{name:9} code {one['code']:>7,}  live: one {live[0]:>7,} ten {live[1]:>7,} = {live[1] / live[0]:.2f}"
        f"  with twins: {whole[0]:>7,} {whole[1]:>7,} = {whole[1] / whole[0]:.2f}"
    )


@pytest.mark.parametrize("kind", SHOWN)
def test_ten_panels_of_a_kind_cost_less_than_two(
    kernel: BlockingKernelClient, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    one, ten = cost(kernel, [SHOWN[kind]]), cost(kernel, [SHOWN[kind]] * 10)
    with capsys.disabled():
        print(f"\n{told(kind, one, ten)}", end="")  # noqa: T201  the figures are what one wants to see
    assert one["code"] == ten["code"] > 30_000
    own = 0 if kind != "examples" else _pictures(kernel)
    assert ten["code"] + ten["panels"] - 10 * own < 2 * (one["code"] + one["panels"] - own)


def _pictures(client: BlockingKernelClient) -> int:
    """Return how much of a grid's state are its own pictures, which nothing could share."""
    reply = client.execute(
        "", user_expressions={"n": "len(str(ja.image_grid(hard).snapshot))"}, reply=True, timeout=60, silent=True
    )
    return int(reply["content"]["user_expressions"]["n"]["data"]["text/plain"])


def test_ten_panels_of_all_kinds_cost_less_than_twice_the_largest(
    kernel: BlockingKernelClient, capsys: pytest.CaptureFixture[str]
) -> None:
    without_pictures = [cell for cell in MIXED if cell != SHOWN["examples"]] + [SHOWN["card"]]
    one, ten = cost(kernel, [SHOWN["lineage"]]), cost(kernel, without_pictures)
    with capsys.disabled():
        print(f"\n{told('all kinds', one, ten)}", end="")  # noqa: T201  as above
    assert ten["code"] + ten["panels"] < 2 * (one["code"] + one["panels"])
