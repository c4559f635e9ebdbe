"""The stages of the way through: the operator's steps in their order, the stop switch, and the rollback."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from mm365.scripts.operator_step import OperatorStep

DRAIN_HOURS = 26.0
"""Hours between the two rollbacks: longer than 70-rollback waits for mail that is under way."""
PROPAGATION_HOURS = 31 / 60
"""Hours before Redirect is enabled: longer than 50-enable waits after Loop Check."""

_WAITING = 2


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One run of a script on the way through.

    ``hours`` pass before it, which means that the times in the scripts' notes are moved back by as much. The run ends
    with ``exit_code`` when nothing goes wrong. ``again`` says that an earlier stage ran the same script with the same
    arguments; ``keeps_notes``, that the script takes ``-StatePath``.
    """

    key: str
    title: str
    script: str
    arguments: Mapping[str, str | bool] = field(default_factory=dict)
    exit_code: int = 0
    hours: float = 0.0
    again: bool = False
    keeps_notes: bool = True

    @property
    def command(self) -> str:
        """The script with its arguments, as a person types it."""
        words = [f"-{name}" if value is True else f"-{name} {value}" for name, value in self.arguments.items()]
        return " ".join([self.script, *words])


ROLLBACK = Stage(key="rollback", title="Rollback: Redirect off, then wait", script="70-rollback", exit_code=_WAITING)
ROLLBACK_AGAIN = Stage(
    key="rollback-again", title="Rollback, a day later", script="70-rollback", hours=DRAIN_HOURS, again=False
)


def stages_of(procedure: Sequence[OperatorStep]) -> tuple[Stage, ...]:
    """Every script in the order of the change, then the stop switch, Redirect on again, and two rollbacks."""
    steps = {step.key: step for step in procedure if step.script is not None}
    return tuple(_stages(steps))


def _stages(steps: Mapping[str, OperatorStep]) -> Iterator[Stage]:
    for key, step in steps.items():
        if not step.standby:
            yield _stage(key, step, hours=PROPAGATION_HOURS if key == "enable-redirect" else 0.0)
    yield _stage("stop", steps["stop"])
    yield _stage("enable-redirect", steps["enable-redirect"], again=True)
    yield ROLLBACK
    yield ROLLBACK_AGAIN


def _stage(key: str, step: OperatorStep, *, hours: float = 0.0, again: bool = False) -> Stage:
    assert step.script is not None  # noqa: S101 - steps without a script were left out
    return Stage(
        key=f"{key}-again" if again else key,
        title="Turn Redirect on again" if again else step.title.partition(":")[0],
        script=step.script.name,
        arguments=step.arguments,
        hours=hours,
        again=again,
        keeps_notes=step.script.keeps_notes,
    )
