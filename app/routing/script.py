"""The routing script as data, and the walk through its steps. A step decides; carrying it out is the actions' part."""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import NamedTuple

from ..errors import Invalid
from ..texts import in_language, upright

PLACE = re.compile(r"(?P<comma>\s*[,،、]\s*)?\{(?P<name>\w+)\}")
TURNING = {"R", "AL", "AN", "RLE", "RLO", "RLI", "LRE", "LRO", "LRI", "FSI", "PDF", "PDI"}
STEPS = {"text", "request_agent", "queue_message"}


class Said(NamedTuple):
    """One text of a script. A queue message still has its marks ``%q``, ``%t`` and ``%w`` in it."""

    text: str
    queue_message: bool


@dataclass
class Walk:
    """What one walk through a list of steps asks for."""

    said: list[Said] = field(default_factory=list)
    skill: str | None = None  # "Default" is the point of contact's skill

    @property
    def lines(self) -> list[str]:
        """The texts alone."""
        return [said.text for said in self.said]


def check(script: dict) -> None:
    """Raises ``Invalid`` for a script that could not be run: unknown steps, or no way to an agent."""
    for event in ("start", "on_answer"):
        for step in script.get(event, []):
            if step.get("step") not in STEPS:
                raise Invalid(f"unknown step {step.get('step')!r} in {event}", field="steps")
    if not any(step["step"] == "request_agent" for step in script.get("start", [])):
        raise Invalid("a script must request an agent", field="steps")


def walk(script: dict, event: str, language: str, variables: dict[str, str]) -> Walk:
    """Follow the steps wired to ``event`` (``start`` or ``on_answer``) and collect what they ask for."""
    result = Walk()
    for step in script.get(event, []):
        if step["step"] == "request_agent":
            result.skill = step.get("skill", "Default")
        else:
            line = filled(in_language(step.get("text", {}), language), variables)
            if line:
                result.said.append(Said(line, step["step"] == "queue_message"))
    return result


def filled(text: str, variables: dict[str, str]) -> str:
    """``{name}`` replaced by its value; a name that is not known stays as it is. No template language on purpose.

    Where there is no value, the comma before its place goes, too.
    """

    def value_of(place: re.Match) -> str:
        value = variables.get(place["name"])
        if value is None:
            return place[0]
        return (place["comma"] or "") + isolated(value) if value else ""

    return PLACE.sub(value_of, text)


def isolated(value: str) -> str:
    """A value that is, or could be, written from right to left, kept from turning the sentence around it."""
    value = upright(value)  # a stray end of an isolate would close ours
    turns = any(unicodedata.bidirectional(letter) in TURNING for letter in value)
    return f"\u2068{value}\u2069" if turns else value
