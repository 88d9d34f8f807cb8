"""`ServiceOrganization`: the one model, for a lecture, a script, a sweep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simsvc.model.engine import Engine

if TYPE_CHECKING:
    from simsvc.model.agents import Customer, FrontlineStaff, Manager
    from simsvc.tracing.story import Story
    from simsvc.tracing.watching import Watch


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
        rng: seed of the run, an integer of 0 or more.
        replication: which run of that seed; replications differ in nothing but luck.
        rules: functions that take the place of rules of the same name.
    """

    _watch: Watch | None = None

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
