"""A cluster and a pool of threads that exist only in one process and on one clock: every choice comes from one generator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from sim.lab.execution import worker
from sim.lab.execution.connection import ClusterError, LostError, Ticket, WorkersDiedError

RIGHT, OTHER, NONE = "the right sources", "other sources", "no sources"
DASK_GIVES_UP_AFTER = 4
FAULTS = ["_join", "_join", "_die", "_replace", "_replace", "_lose_answer", "_jump"]
MOST_STEPS = 20_000
OTHER_ENGINE = {**worker.ENGINE, "sources of this program": "of another version"}


class HangsError(AssertionError):
    """Nothing has happened for very long, although nothing is wrong with the cluster any more."""


@dataclass
class Clock:
    """Time that passes when the simulation says so, and sometimes jumps, as on a laptop that was asleep."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Task:
    """A call on its way."""

    call: tuple[Callable[..., Any], tuple[Any, ...]]
    allowed: list[str]
    worker: str | None = None
    due: float = 0.0
    deaths: int = 0


@dataclass
class SimulatedCluster:
    """A `Connection`; while `faults` last, workers die, join, are replaced, and answers are late, lost, doubled or out of order."""

    random: Random
    clock: Clock
    play_as: Callable[[str], Any]  # a context in which the model and the engine are those of a worker with these sources
    faults: int
    trace: list[str]
    address: str = "simulated"
    workers: dict[str, str] = field(default_factory=dict)
    tasks: dict[Ticket, Task] = field(default_factory=dict)
    answers: dict[Ticket, Any] = field(default_factory=dict)
    ended: list[Ticket] = field(default_factory=list)
    lost: bool = False
    sent: int = 0
    steps: int = 0

    def __post_init__(self) -> None:
        for _ in range(self.random.randint(0, 3)):
            self._join()

    def threads(self) -> dict[str, int]:
        self._check()
        return dict.fromkeys(self.workers, 1)

    def submit(self, function: Callable[..., Any], *arguments: Any, workers: list[str]) -> Ticket:
        self._check()
        self.sent += 1
        self.tasks[f"task-{self.sent}"] = Task((function, arguments), workers)
        return f"task-{self.sent}"

    def next_finished(self, seconds: float) -> Ticket | None:
        deadline = self.clock.now + seconds
        while self.clock.now < deadline and not self.ended:
            self.clock.now += self.random.uniform(0.01, 0.5)
            self._disturb()
            self._assign()
            self._finish()
        return self.ended.pop(self.random.randrange(len(self.ended))) if self.ended else None

    def answer(self, ticket: Ticket) -> Any:
        self._check()
        answer = self.answers.pop(ticket)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def forget(self, ticket: Ticket) -> None:
        """Cancel a task; sometimes it ends all the same."""
        self._check()
        if self.random.random() < 0.5:
            self.tasks.pop(ticket, None)

    def _check(self) -> None:
        if self.lost:
            raise ClusterError("simulated: the scheduler is lost")

    def _disturb(self) -> None:
        """Let one thing go wrong now and then; when that is over, make sure that there is a good worker."""
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise HangsError(f"{len(self.tasks)} tasks are waiting")
        if self.faults and self.random.random() < 0.4:
            self.faults -= 1
            fault = getattr(self, self.random.choice(FAULTS))
            self.trace.append(f"{self.clock.now:.2f} {fault.__name__}")
            fault()
        elif not self.faults and RIGHT not in self.workers.values():
            self._join(RIGHT)

    def _join(self, sources: str | None = None) -> None:
        name = f"worker-{self.random.randrange(10**6)}"
        self.workers[name] = sources or self.random.choice([RIGHT, RIGHT, OTHER, NONE])

    def _die(self) -> None:
        if self.workers:
            self._stop(self.random.choice(list(self.workers)))

    def _replace(self) -> None:
        """Start another process at the address of a worker, before anybody notices that the first has ended."""
        if self.workers:
            name = self.random.choice(list(self.workers))
            self._stop(name)
            self.workers[name] = self.random.choice([RIGHT, OTHER])

    def _lose_answer(self) -> None:
        if self.answers:
            self.answers[self.random.choice(list(self.answers))] = LostError("its worker is gone")

    def _jump(self) -> None:
        self.clock.now += self.random.choice([2.0, 60.0, 86_400.0])

    def _stop(self, name: str) -> None:
        """A worker dies: Dask gives its tasks to others that may do them, and at some point suspects the task."""
        del self.workers[name]
        for ticket, task in list(self.tasks.items()):
            if task.worker == name:
                task.worker, task.deaths = None, task.deaths + 1
                if task.deaths == DASK_GIVES_UP_AFTER:
                    self._end(ticket, WorkersDiedError("KilledWorker"))

    def _assign(self) -> None:
        for task in self.tasks.values():
            free = [name for name in task.allowed if name in self.workers]
            if task.worker is None and free:
                task.worker = self.random.choice(free)
                task.due = self.clock.now + self.random.choice([0.0, 0.1, 1.0, 10.0])

    def _finish(self) -> None:
        for ticket, task in list(self.tasks.items()):
            if task.worker is not None and task.due <= self.clock.now:
                self._end(ticket, self._call(task))

    def _call(self, task: Task) -> Any:
        sources = self.workers[task.worker or ""]
        if sources == NONE:
            return ModuleNotFoundError("No module named 'sim'")
        function, arguments = task.call
        with self.play_as(sources):
            return function(*arguments)

    def _end(self, ticket: Ticket, answer: Any) -> None:
        del self.tasks[ticket]
        self.answers[ticket] = answer
        self.ended += [ticket] * self.random.choice([1, 1, 1, 2])  # now and then its end is announced twice


class SimulatedFuture:
    """A call in a simulated thread; numbered, so that sets of futures have the same order in every replay."""

    def __init__(self, number: int, call: Callable[[], Any]) -> None:
        self.number, self.result = number, call

    def __hash__(self) -> int:
        return self.number


@dataclass
class SimulatedThreads:
    """A pool of threads, and the function that waits for some of them: they finish in any order."""

    random: Random
    number: int = 0

    def __call__(self, _count: int) -> SimulatedThreads:
        return self

    def __enter__(self) -> SimulatedThreads:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def submit(self, function: Callable[..., Any], *arguments: Any) -> SimulatedFuture:
        self.number += 1
        return SimulatedFuture(self.number, lambda: function(*arguments))

    def shutdown(self, cancel_futures: bool) -> None:
        assert cancel_futures

    def wait(self, running: set[SimulatedFuture], return_when: str) -> tuple[set[SimulatedFuture], set[SimulatedFuture]]:
        assert return_when == "FIRST_COMPLETED"
        ordered = sorted(running, key=hash)
        done = set(self.random.sample(ordered, self.random.randint(1, len(ordered))))
        return done, running - done
