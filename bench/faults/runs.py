"""One run: a small sandbox, a server or two, a deed, what goes wrong, the host's retries, and the verdict."""

import json
import shutil
import signal
import tempfile
import time
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anyio
import httpx2
from typing_extensions import override

from bench.faults.deeds import Claim, Deed, claims_of, counted
from bench.faults.hosts import NOES, Host, Person, Process, command, hosting
from bench.faults.plots import KILLING, STRIKING, Plot, Twist, kind_of
from bench.faults.quickloop import SPEED
from bench.faults.verdicts import Told, Verdict, judge, judge_journal
from bench.faults.worlds import settings_of, world_of
from bench.faults.zygote import Zygote
from eventdesk_server.sandbox.faults import Fault, Faults, Seen
from eventdesk_server.sandbox.inprocess import ROOT_URL
from eventdesk_server.sandbox.serve import serving
from eventdesk_server.sandbox.world import Sandbox

_BY_OTHERS = "x-sent-by-others"
"""Marks the request that somebody else sends: no fault meets it."""
_LATER = {"rate_limited", "provider_unavailable"}
"""What a host tries again after a while."""


class Watched(Faults):
    """Faults that tell of each request as it arrives."""

    on_request: Callable[[Seen], None]

    @override
    def take(self, seen: Seen) -> Fault | None:
        if seen.header(_BY_OTHERS) is not None:
            return None
        self.on_request(seen)
        return super().take(seen)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run came to."""

    plot: Plot
    deed: str
    verdict: Verdict
    final: Counter[str]
    """What the last answer says, part by part."""
    struck: tuple[str, ...]
    """The faults that met a request, and the twist."""
    story: tuple[str, ...]

    def told(self) -> dict[str, Any]:
        v = self.verdict
        return {
            **self.plot.told(),
            "deed": self.deed,
            "duplicates": v.duplicates, "lost": v.lost, "unexplained": v.unexplained, "unjournaled": v.unjournaled,
            "hung": v.hung, "wrong": v.wrong, "final": dict(self.final), "struck": list(self.struck),
        }  # fmt: skip


async def run(plot: Plot, zygote: Zygote, *, forget: bool) -> Outcome:
    """Play a plot to its end."""
    folder = Path(tempfile.mkdtemp(prefix="eventdesk-faults-"))
    try:
        return await _Run(plot, zygote, folder, forget).play()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(slots=True)
class _Run:
    plot: Plot
    zygote: Zygote
    folder: Path
    forget: bool
    began: float = field(default_factory=time.monotonic)
    story: list[str] = field(default_factory=list[str])
    told: list[Told] = field(default_factory=list[Told])
    over: anyio.Event = field(default_factory=anyio.Event)
    twins: int = 0
    others: Counter[str] = field(default_factory=Counter[str])
    grown_by_others: Counter[str] = field(default_factory=Counter[str])
    codes: list[int] = field(default_factory=list[int])
    box: Sandbox = field(init=False)
    faults: Watched = field(init=False)
    deed: Deed = field(init=False)
    settings: dict[str, Any] = field(init=False)

    def say(self, text: str) -> None:
        self.story.append(f"{time.monotonic() - self.began:7.3f}  {text}")

    async def play(self) -> Outcome:
        stage = self.plot.stage
        self.faults = Watched(record=True, sleep=self._sleep, monotonic=lambda: time.monotonic() * SPEED)
        self.faults.on_request = self._seen
        with world_of(stage, self.faults) as self.box:
            self.deed = stage.deeds(self.box.world.store, self.plot.number)[self.plot.deed]
            start = self._census()
            self.say(f"{self.deed.tool} {json.dumps(self.deed.arguments)}")
            async with serving(self.box) as connections:
                self.settings = settings_of(self.box, stage, connections, self.folder)
                try:
                    verdict = await self._through()
                except TimeoutError:
                    self.say("no answer and no end")
                    verdict = Verdict()
                    verdict.add("hung", 1, "neither an answer nor an end came")
                finally:
                    self.over.set()
            if not verdict.hung:
                grown = {kind: number - start[kind] for kind, number in self._census().items()}
                judged = judge(
                    self.deed, self.told, held=self._held(), others=self.others, grown=grown,
                    grown_by_others=self.grown_by_others,
                )  # fmt: skip
                for kind in ("duplicates", "lost", "unexplained"):
                    setattr(verdict, kind, getattr(verdict, kind) + getattr(judged, kind))
                verdict.wrong += judged.wrong
        hits = [struck for struck in self.faults.log if struck.fault.kind != "none"]
        for struck in hits:
            self.say(f"struck: {struck.fault.kind} at {struck.seen.method} {struck.seen.path}")
        errors = self.folder / "stderr.txt"
        if errors.exists():
            self.story += errors.read_text(encoding="utf-8", errors="replace").splitlines()
        final = Counter(claim.value for claim in self.told[-1].claims.values()) if self.told else Counter[str]()
        names = [kind_of(struck.fault) for struck in hits] or ["no fault"]
        names += ["look-alike"] if self.twins else []
        names += ["the host's key"] if self.plot.keyed else []
        struck = (*sorted(set(names)), self.plot.twist.value)
        return Outcome(self.plot, self.deed.label, verdict, final, struck, tuple(self.story))

    # The acts ----------------------------------------------------------------------------------------------------

    async def _through(self) -> Verdict:
        """What goes wrong, then the retries of a host whose platform has recovered."""
        verdict = Verdict()
        async with AsyncExitStack() as stack:
            host = await self._first_act(stack)
            self.say("the platform recovers")
            self.faults.clear()
            late = await self.faults.settle()
            if late:
                self.say(f"{late} requests carried out late")
            await self._look_into_journal(verdict)
            if host is None or self.plot.fresh or host.process.code is not None:
                await stack.aclose()
                host = await stack.enter_async_context(self._host(asking=True))
            for _ in range(2):
                await self._retry(host)
            await self._look_into_journal(verdict)
        return verdict

    async def _retry(self, host: Host) -> None:
        """The same call again; where the answer says that the platform was not to be had, once more after the time it names."""
        for _ in range(4):
            answer = await self._ask(host)
            error = (answer or {}).get("error", {})
            untried = Claim.NOT_TRIED in self.told[-1].claims.values()
            if not untried and error.get("code") not in _LATER and "retry_after" not in error:
                return
            await anyio.sleep(error.get("retry_after", 0) / SPEED)

    async def _first_act(self, stack: AsyncExitStack) -> Host | None:
        """The call, with the plot's faults and twist. Answers a host that can ask and is thought to live, if there is one."""
        twist, asking = self.plot.twist, self.plot.era != "none"
        host = await stack.enter_async_context(self._host(asking=asking, noes=self.plot.noes))
        self._arm()
        match twist:
            case Twist.NONE | Twist.NO:
                await self._ask(host)
            case Twist.AGAIN:
                for _ in range(self.plot.calls):
                    await self._ask(host)
            case Twist.AT_ONCE:
                await self._at_once([host] * self.plot.calls)
            case Twist.TWO_SERVERS:
                other = await stack.enter_async_context(self._host(asking=asking))
                await self._at_once([host, other])
            case Twist.RESTART:
                await self._ask(host)
                await stack.aclose()
                host = await stack.enter_async_context(self._host(asking=asking))
                await self._ask(host)
            case Twist.TOKEN:
                other = await stack.enter_async_context(self._host(asking=asking)) if self.plot.calls == 3 else host
                await self._token(host, other)
                return None
            case Twist.KILLED_AGAIN:
                await self._struck(host)
                await stack.aclose()
                await self._struck(await stack.enter_async_context(self._host(asking=asking)))
                return None
            case _:
                await self._struck(host)
                return host if twist is Twist.CANCEL else None
        return host

    async def _token(self, host: Host, other: Host) -> None:
        """A client that cannot ask: the preview's token is used twice, one after the other, or at once here and elsewhere."""
        answer = await self._ask(host)
        token = (answer or {}).get("token")
        if token is None:
            return
        if other is host:
            for _ in range(2):
                await self._ask(host, tool="apply_preview", arguments={"token": token})
        else:
            await self._at_once([host, host, other], tool="apply_preview", arguments={"token": token})

    async def _struck(self, host: Host) -> None:
        """A call in whose middle something is struck."""
        strike, left = self.plot.strike, self.plot.strike.number
        now = anyio.Event()

        def on_request(seen: Seen) -> None:
            nonlocal left
            self._seen(seen)
            if strike.writes and (seen.method == "GET" or seen.path.endswith("/auth")):
                return
            left -= 1
            if left == 0:
                if self.plot.twist in KILLING and strike.delay == 0:
                    self._do(host)
                now.set()

        self.faults.on_request = on_request

        async def do() -> None:
            await now.wait()
            await anyio.sleep(strike.delay)
            self._do(host)

        before, others = self._held(), Counter(self.others)
        answer: dict[str, Any] | None = None
        self._cancel = anyio.CancelScope()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(do)
            with self._cancel:
                answer = await host.call(self.deed.tool, self.deed.arguments)
            tasks.cancel_scope.cancel()
        self.faults.on_request = self._seen
        if self.plot.twist in STRIKING - {Twist.CANCEL} and answer is None:
            # What was sent is stored before the process ends: only then is the database what the answer is held against.
            self.codes.append(await host.process.finish())
            self.say(f"the server ended with {self.codes[-1]}")
        self._note(answer, before, others, alone=True)

    _cancel: anyio.CancelScope = field(default_factory=anyio.CancelScope)

    def _do(self, host: Host) -> None:
        self.say(f"now: {self.plot.twist.value}")
        match self.plot.twist:
            case Twist.KILL | Twist.KILLED_AGAIN:
                host.process.signal(signal.SIGKILL)
            case Twist.TERM:
                host.process.signal(signal.SIGTERM)
            case Twist.CLOSE:
                host.process.close_input()
            case Twist.VANISH:
                host.process.close_input()
                host.process.close_output()
            case _:
                self._cancel.cancel()

    async def _at_once(
        self, hosts: list[Host], tool: str | None = None, arguments: Mapping[str, Any] | None = None
    ) -> None:
        async with anyio.create_task_group() as tasks:
            for host in hosts:
                tasks.start_soon(lambda host: self._ask(host, alone=False, tool=tool, arguments=arguments), host)

    async def _ask(
        self, host: Host, *, alone: bool = True, tool: str | None = None, arguments: Mapping[str, Any] | None = None
    ) -> dict[str, Any] | None:
        before, others = self._held(), Counter(self.others)
        self.say(f"call {tool or self.deed.tool} (process {host.process.pid})")
        answer = await host.call(tool or self.deed.tool, arguments or self.deed.arguments)
        self._note(answer, before, others, alone=alone)
        return answer

    def _note(
        self, answer: dict[str, Any] | None, before: Mapping[str, int], others: Counter[str], *, alone: bool
    ) -> None:
        after = self._held()
        self.say(f"answer {json.dumps(answer, ensure_ascii=False)}; the database holds {after}")
        self.told.append(
            Told(
                answer=answer, claims=claims_of(self.deed, answer), before=before, after=after, others_before=others,
                others=Counter(self.others), alone=alone,
            )
        )  # fmt: skip

    # The surroundings --------------------------------------------------------------------------------------------

    @asynccontextmanager
    async def _host(self, *, asking: bool, noes: tuple[str, ...] = ()) -> AsyncGenerator[Host]:
        """A server process and its client, ended as a host ends them: it closes the pipes."""
        order = {"what": "serve", "settings": self.settings, "forget": self.forget}
        process = Process(self.zygote, order, self.folder / "stderr.txt")
        try:
            era = "2026" if self.plot.era == "none" else self.plot.era
            person = Person([NOES[name] for name in noes]) if asking else None
            key = f"call {self.plot.number}" if self.plot.keyed else ""
            async with hosting(process, era, person, key) as host:
                yield host
        finally:
            with anyio.CancelScope(shield=True):
                await process.finish()

    def _arm(self) -> None:
        """Set the faults. A twin comes just before the first write, whatever happens to that."""
        faults = list(self.plot.faults)
        if self.plot.twin:
            faults = [fault.model_copy(update={"look_alike": self._twin}) for fault in faults]
            faults.append(Fault(look_alike=self._twin, provider=self.plot.stage.provider))
        self.faults.add(*faults)

    async def _twin(self, seen: Seen) -> None:
        """Somebody else sends the same request."""
        if self.twins or seen.method == "GET" or seen.path.endswith("/auth"):
            return
        self.twins += 1
        before, start = self._held(), self._census()
        async with httpx2.AsyncClient(transport=self.box.transport()) as http:
            url = f"{ROOT_URL}/{seen.provider}{seen.path}" + (f"?{seen.query}" if seen.query else "")
            headers = [(k, v) for k, v in seen.headers if k not in {"host", "content-length", "connection"}]
            headers.append((_BY_OTHERS, "yes"))
            status = (await http.request(seen.method, url, headers=headers, content=seen.body)).status_code
        self.say(f"somebody else sends the same: {status}")
        self.others.update({name: number - before[name] for name, number in self._held().items()})
        self.grown_by_others.update({kind: number - start[kind] for kind, number in self._census().items()})
        if self.deed.later and 200 <= status < 300:
            self.grown_by_others.update(self.deed.grows)

    def _seen(self, seen: Seen) -> None:
        self.say(
            f"    {seen.method} {seen.path}{'?' if seen.query else ''}{seen.query} {seen.body[:300].decode('utf-8', 'replace')}"
        )

    async def _sleep(self, seconds: float) -> None:
        """The platform's time runs as the servers' does, and stands still no longer than the run lasts."""
        with anyio.move_on_after(seconds / SPEED):
            await self.over.wait()

    async def _look_into_journal(self, verdict: Verdict) -> None:
        if self.forget or not self.told:
            return
        if not {Claim.UNKNOWN, Claim.SILENT} & set(self.told[-1].claims.values()):
            return
        printed = await command(self.zygote, self.folder, ["journal", "list", "--json"])
        entries = json.loads(printed)["entries"]
        self.say(f"the journal: {printed.strip()}")
        judge_journal(verdict, self.told, entries)

    def _held(self) -> dict[str, int]:
        return {part.name: part.held(self.box.world.store) for part in self.deed.parts}

    def _census(self) -> dict[str, int]:
        return {kind: counted(query)(self.box.world.store) for kind, query in self.plot.stage.census.items()}
