"""Which commune a list is of, by its own title."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent_sync.district.lists import import_command
from agent_sync.district.lists.communes import title_commune
from tests.agent_sync.samples import demo_list


@pytest.mark.parametrize(
    ("texts", "commune"),
    [
        (["ỦY BAN NHÂN DÂN XÃ TÂN AN THỬ"], "Xã Tân An Thử"),
        (["UBND xã Long Hòa", "DANH SÁCH CHI TRẢ HƯU TRÍ XÃ HỘI THÁNG 11 NĂM 2026"], "Xã Long Hòa"),
        (["Danh sách người hưởng hưu trí xã hội phường Trung Mỹ Tây tháng 11/2026"], "Phường Trung Mỹ Tây"),
        (["UBND PHƯỜNG 5, TỈNH THỬ"], "Phường 5"),
        (["Thị trấn Cái Thử - tỉnh Thử"], "Thị trấn Cái Thử"),
        (["Danh sách hưu trí xã hội tháng 11 năm 2026"], ""),
        (["xã A", "xã B"], ""),
        (["XÃ TÂN AN", "Xã Tân An, tháng 11"], "Xã Tân An"),
        ([], ""),
    ],
)
def test_the_title_names_the_commune(texts: list[str], commune: str) -> None:
    assert title_commune(texts) == commune


def test_the_sample_says_its_commune(tmp_path: Path) -> None:
    assert import_command(demo_list(tmp_path), None, None).to_json()["commune"] == "Xã Tân An Thử"
