"""``python -m hardware.virtual.desk``: a hand for the demo and for practice, in a small window beside the kiosk.

Lays cards on the virtual reader, takes them away, opens the printer's cover, lets the roll run out. It speaks to the
virtual card and printer over their control sockets and knows nothing of the kiosk.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import socket
import sys
import tempfile
from pathlib import Path
from typing import Any

from hardware.virtual.card.personas import CARDS, PERSONAS

SIZE = (520, 760)
TIMEOUT_S = 5.0
MAX_LINE = 1 << 16
PAPER, INK, CARD, YES = "#fbf4e6", "#2b1a10", "#fffdf8", "#0b4f45"
"""The kiosk's own colours, so that desk and kiosk look like one thing; `hardware` knows nothing of its theme."""
FONTS = Path("/usr/share/fonts/truetype/noto")
NAMES = {"forged": "Thẻ giả: bà Sáu", "cloned": "Thẻ sao chép: ông Tư", "altered": "Thẻ sửa ảnh: ông Tư"}
PRINTER_DEEDS = (
    ("Xé giấy", {"do": "tear_off"}),
    ("Mở nắp", {"do": "open_cover"}),
    ("Đóng nắp", {"do": "close_cover"}),
    ("Hết giấy", {"do": "paper_end"}),
    ("Thay giấy", {"do": "refill"}),
    ("Rút dây", {"do": "unplug"}),
    ("Cắm dây", {"do": "plug"}),
    ("Tắt máy in", {"do": "power_off"}),
    ("Bật máy in", {"do": "power_on"}),
)


def ask(path: Path, request: dict[str, Any]) -> dict[str, Any]:
    """One line to a control socket, one line back. Raises OSError, ValueError."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(TIMEOUT_S)
        client.connect(str(path))
        client.sendall(json.dumps(request).encode() + b"\n")
        answer = json.loads(client.makefile("rb").readline(MAX_LINE))
    return answer if isinstance(answer, dict) else {}


def _told(answer: dict[str, Any]) -> str:
    """What came of a deed: the picture of a torn paper by its file, else that it is done."""
    if not answer.get("ok"):
        return str(answer.get("error", "không được"))
    if "torn" in answer:
        return "không có giấy in" if answer["torn"] is None else str(answer["torn"])[-60:]
    return "xong"


def _prepare() -> None:
    """Kivy opens its window while it loads: say before how it should be."""
    os.environ.update(
        KIVY_NO_ARGS="1",
        KIVY_NO_CONSOLELOG="1",
        KIVY_NO_FILELOG="1",
        KIVY_HOME=tempfile.mkdtemp(prefix="tannha-desk-"),
        KCFG_GRAPHICS_WIDTH=str(SIZE[0]),
        KCFG_GRAPHICS_HEIGHT=str(SIZE[1]),
        KCFG_INPUT_MOUSE="mouse,disable_multitouch",
    )


def _font() -> dict[str, str]:
    bold = FONTS / "NotoSans-Bold.ttf"
    return {"font_name": str(bold)} if bold.is_file() else {}


def _painted(words: str, *, main: bool) -> Any:
    """A button that looks like the kiosk's."""
    from kivy.graphics import Color, Line, RoundedRectangle  # noqa: PLC0415  # opens a window while it loads
    from kivy.uix.button import Button  # noqa: PLC0415  # same
    from kivy.utils import get_color_from_hex as hexed  # noqa: PLC0415  # same

    ink, back = (PAPER, YES) if main else (INK, CARD)
    button = Button(text=words, font_size=17 if main else 16, halign="center", color=hexed(ink), **_font())
    button.background_normal = button.background_down = ""
    button.background_color = (0, 0, 0, 0)
    with button.canvas.before:
        button.tint = Color(*hexed(back))
        button.shape = RoundedRectangle(radius=[12])
        Color(*hexed(YES if main else INK))
        button.edge = Line(width=1.2)
    button.bind(size=_laid, pos=_laid)
    button.bind(state=lambda it, state: setattr(it.tint, "a", 0.6 if state == "down" else 1))
    return button


def _laid(button: Any, _: Any) -> None:
    button.text_size = (button.width - 16, None)
    button.shape.pos, button.shape.size = button.pos, button.size
    button.edge.rounded_rectangle = (*button.pos, *button.size, 12)


def _build(card: Path, printer: Path) -> Any:
    """The window: people and their cards, take away, the printer's deeds, one line of answer."""
    from kivy.app import App  # noqa: PLC0415  # opens a window while it loads
    from kivy.core.image import Image as CoreImage  # noqa: PLC0415  # same
    from kivy.core.window import Window  # noqa: PLC0415  # same
    from kivy.uix.boxlayout import BoxLayout  # noqa: PLC0415  # same
    from kivy.uix.gridlayout import GridLayout  # noqa: PLC0415  # same
    from kivy.uix.image import Image  # noqa: PLC0415  # same
    from kivy.uix.label import Label  # noqa: PLC0415  # same
    from kivy.utils import get_color_from_hex as hexed  # noqa: PLC0415  # same

    Window.clearcolor = hexed(PAPER)

    class ControlDesk(App):
        """Buttons only: what a hand does, and what came of it."""

        title = "Bàn điều khiển luyện tập"

        def build(self) -> Any:
            """Kivy's hook."""
            words = "Chọn thẻ để đặt lên đầu đọc"
            self.said = Label(text=words, size_hint_y=None, height=40, font_size=17, color=hexed(INK), **_font())
            people = GridLayout(cols=2, spacing=6)
            for key in CARDS:
                people.add_widget(self._person(key))
            deeds = GridLayout(cols=3, spacing=6, size_hint_y=None, height=144)
            for words, request in PRINTER_DEEDS:
                deeds.add_widget(self._button(words, printer, request))
            column = BoxLayout(orientation="vertical", padding=8, spacing=8)
            take = self._button("Nhấc thẻ ra", card, {"do": "take"}, main=True)
            take.size_hint_y, take.height = None, 56
            for each in (people, take, deeds, self.said):
                column.add_widget(each)
            return column

        def _person(self, key: str) -> Any:
            row = BoxLayout(spacing=4)
            if key in PERSONAS:
                picture = CoreImage(io.BytesIO(PERSONAS[key].photo), ext="jpg")
                row.add_widget(Image(texture=picture.texture, size_hint_x=0.3))
            name = NAMES.get(key) or PERSONAS[key].full_name
            row.add_widget(self._button(name, card, {"do": "lay", "persona": key}))
            return row

        def _button(self, words: str, path: Path, request: dict[str, Any], *, main: bool = False) -> Any:
            button = _painted(words, main=main)
            button.bind(on_release=lambda _: self._do(words, path, request))
            return button

        def _do(self, words: str, path: Path, request: dict[str, Any]) -> None:
            try:
                answer = ask(path, request)
            except (OSError, ValueError) as error:
                self.said.text = f"{words}: {error}"
                return
            self.said.text = f"{words}: {_told(answer)}"

    return ControlDesk()


def main(argv: list[str] | None = None) -> int:
    """Open the window until it is closed."""
    parser = argparse.ArgumentParser(prog="python -m hardware.virtual.desk", description="A hand for the demo.")
    parser.add_argument("--card", type=Path, required=True, help="control socket of the virtual card")
    parser.add_argument("--printer", type=Path, required=True, help="control socket of the virtual printer")
    args = parser.parse_args(argv)
    _prepare()
    _build(args.card, args.printer).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
