"""`ServiceOrganization`: the one model, for a lecture, a script, a sweep."""

from __future__ import annotations

import os
import pickle
from pathlib import Path
from typing import TYPE_CHECKING, Self

from simsvc.errors import InputError
from simsvc.model.compiling import model_version
from simsvc.model.engine import Engine

if TYPE_CHECKING:
    from simsvc.model.agents import Customer, FrontlineStaff, Manager
    from simsvc.tracing.story import Story
    from simsvc.tracing.watching import Watch


_CHECKPOINT = b"simsvc model "


class ServiceOrganization(Engine):
    """A service organisation: customers, frontline staff and managers. One step is one working day.

    State lives in arrays, and rules are compiled. Agents (`customers`, `frontline`, `managers`,
    `agents`) are live views of their rows: they come into being when somebody looks, follow joiners
    and leavers exactly, and what a script writes to them counts.

    Example:
        >>> import simsvc
        >>> model = simsvc.ServiceOrganization(simsvc.load_scenario("classroom"), structure="inverted", rng=1)
        >>> for _ in range(5):
        ...     model.step()
        >>> morale = model.frontline.get("morale")
        >>> len(morale)
        6

    Args:
        settings: what is simulated.
        structure: a structure's name or file, or a `Structure`; the scenario's own if left out.
        rng: seed of the run, an integer of 0 or more, or what else Mesa takes (integers, a `SeedSequence`, a
            `Generator`), from which one is drawn; a fresh one if left out. To be read in `origin["rng"]`.
        replication: which run of that seed; replications differ in nothing but luck.
        rules: functions that take the place of rules of the same name.
    """

    _watch: Watch | None = None

    def save(self, path: str | Path) -> None:
        """Write the model to a file, from which `load` goes on as if nothing had been, bit for bit.

        Raises:
            InputError: if something of the model, such as a phase that is a lambda, cannot be written,
                or the file cannot.
        """
        try:
            whole = pickle.dumps(self)
        except (pickle.PicklingError, AttributeError, TypeError) as error:
            raise InputError(f"{path}: {error}; phases, rules and reporters have to be functions of a module") from None
        part = Path(f"{path}.part")
        try:
            part.write_bytes(_CHECKPOINT + model_version().encode() + b"\n" + whole)
            os.replace(part, path)
        except OSError as error:
            raise InputError(f"{path}: cannot be written: {error.strerror}") from None

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """A model as it was when it was saved. Load your own files only: such a file can run any program.

        Raises:
            InputError: if the file holds no model, or one of another version of the model.
        """
        try:
            first, _, whole = Path(path).read_bytes().partition(b"\n")
        except OSError as error:
            raise InputError(f"{path}: {error.strerror}") from None
        if first != _CHECKPOINT + model_version().encode():
            what = "a model of another version" if first.startswith(_CHECKPOINT) else "no model that was saved"
            raise InputError(f"{path}: {what}; this one reads what model {model_version()} has saved")
        try:
            model = pickle.loads(whole)
        except (pickle.UnpicklingError, EOFError, AttributeError, ImportError) as error:
            raise InputError(f"{path}: cannot be read as a whole: {error}") from None
        if not isinstance(model, cls):
            raise InputError(f"{path}: holds a {type(model).__name__}, not a {cls.__name__}")
        return model

    def watch(self, *people: Customer | FrontlineStaff | Manager) -> None:
        """Follow people from now on, so that `trace` can tell their story whatever a script does.

        Args:
            people: agents of this model.
        """
        from simsvc.tracing.watching import Watch, subject_of

        subjects = [subject_of(person) for person in people]
        self._watch = self._watch or Watch(self)
        for subject in subjects:
            self._watch.add(subject)

    def trace(self, person: Customer | FrontlineStaff | Manager) -> Story:
        """The story of a customer, a member of staff or a manager: what was decided, why, and what it did.

        Who is watched has a story from then on. For everybody else the past is seen in a second run of
        the same settings and luck, which takes about as long as this run took.

        Args:
            person: agent of this model; may have left.

        Raises:
            InputError: if a script has changed this model, so that a second run goes another way.
        """
        from simsvc.tracing.story import Story
        from simsvc.tracing.watching import replay, subject_of

        subject = subject_of(person)
        watched = self._watch is not None and subject in self._watch
        moments = self._watch.moments(subject) if self._watch and watched else replay(self, subject)
        return Story.of(self, subject, moments)
