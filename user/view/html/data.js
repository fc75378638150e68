// SPDX-License-Identifier: GPL-2.0
// The packed intervals (format: view/html.h) become columns: one typed array for each kind of
// fact, indexed by boundary. A lane of n intervals owns n + 1 boundaries from lane.at on: interval k
// lasts from time[at + k] to time[at + k + 1]. A million intervals are then a few dozen megabytes
// and looking one up by time is a binary search.

const facts = JSON.parse(document.getElementById("facts").textContent);

const zero = facts.span[0]; // of the time axis: the command's start, in ns of the recording

const shapes = facts.shapes.map(([state, kind, cause, template, lock]) =>
	({ state, kind, cause, template, lock: lock || 0 }));

// As enum state counts.
const STATE_RUNNING = 1, STATE_RUNNABLE = 2;

// What a stretch looks like, as enum view_kind. The last four are a CPU's, and a lock's.
const DEAD = 0, UNKNOWN = 1, SLEEPING = 2, STOPPED = 3, BLOCKED = 4, IO = 5, FUTEX = 6, LOCK = 7,
	RUNNABLE = 8, RUNNING = 9, IDLE = 10, OTHER = 11, BUSY = 12, QUEUE = 13, NR_KINDS = 14;
const isWait = (kind) => kind === SLEEPING || (kind >= BLOCKED && kind <= RUNNABLE);

const BLOCK = 8; // intervals between two sums

const threads = facts.threads.map((t, index) => ({
	index, tid: t[0], tgid: t[1], parent: t[2], letter: t[3], comm: t[4], start: t[5], n: t[6],
	voluntary: t[7], involuntary: t[8], migrations: t[9], latency: t[10], target: t[3] !== "",
	cpu: false, ordinal: -1,
}));
const cpus = facts.cpus.map((n, index) => ({ index, n, start: 0, cpu: true }));
const locks = facts.locks.map(([words, name, waits, handoffs, handoff, vain], index) => ({
	index, words, name, waits, handoffs, handoff, vain, n: 0, start: 0, lock: true,
}));
const path = { n: 0, start: facts.span[0], path: true }; // the critical path, as a lane
const gaps = facts.gaps.map(([cpu, start, end, lost]) => ({ cpu, start, end, lost }));
const targets = threads.filter((t) => t.target);
targets.forEach((t, i) => { t.ordinal = i; });

let column = null; // of all lanes, from load() on

const TIME_BYTES = 6;

// The packed columns, one after the other.
async function inflate(text) {
	const packed = Uint8Array.from(atob(text.replace(/\s+/g, "")), (c) => c.charCodeAt(0));
	const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));

	return new Uint8Array(await new Response(stream).arrayBuffer());
}

function readColumns(bytes) {
	let from = 0;

	function number() {
		let value = 0, scale = 1, byte;

		do {
			byte = bytes[from++];
			value += (byte & 0x7f) * scale;
			scale *= 128;
		} while (byte & 0x80);
		return value;
	}
	function numbers() {
		const values = new Uint32Array(number());

		for (let i = 0; i < values.length; i++)
			values[i] = number();
		return values;
	}
	function times() {
		const values = new Float64Array(number());

		for (let plane = 0, scale = 1; plane < TIME_BYTES; plane++, scale *= 256)
			for (let i = 0; i < values.length; i++)
				values[i] += bytes[from++] * scale;
		return values;
	}
	return { cpuTime: times(), cpuWho: numbers(), head: numbers(), time: times(), cpu: numbers(),
		who: numbers(), instead: numbers(), owner: numbers() };
}

// A column is used up from its beginning on.
function reader(values) {
	let at = 0;

	return () => values[at++];
}

const allLanes = () => [...threads, ...cpus, ...locks, path];

// How long the lanes are that are made from the others: at most so many pieces.
function countMade(heads) {
	for (const head of heads) {
		const { lock } = shapes[head >> 4];

		path.n += head >> 3 & 1;
		if (lock)
			locks[lock - 1].n += 2;
	}
	path.n = 2 * path.n + 2; // between two steps there may be one that nobody is known for
}

function makeColumns() {
	let size = 0;

	for (const lane of allLanes()) {
		lane.at = size;
		size += lane.n + 1;
	}
	return {
		time: new Float64Array(size), shape: new Uint32Array(size), marks: new Uint8Array(size),
		kind: new Uint8Array(size), cpu: new Int16Array(size).fill(-1),
		who: new Int32Array(size).fill(-1), instead: new Int32Array(size).fill(-1),
		owner: new Int32Array(size).fill(-1),
	};
}

function fillCpus(packed) {
	const time = reader(packed.cpuTime), who = reader(packed.cpuWho);

	for (const lane of cpus) {
		column.time[lane.at] = lane.start;
		for (let i = lane.at; i < lane.at + lane.n; i++) {
			column.time[i + 1] = column.time[i] + time();
			column.who[i] = who() - 1;
			column.kind[i] = column.who[i] < 0 ? IDLE : column.who[i] > threads.length ? UNKNOWN :
				threads[column.who[i]]?.target ? BUSY : OTHER;
		}
	}
}

// Of each thread: when it came to a CPU and left it, in order of time.
function listRuns() {
	const counts = new Uint32Array(threads.length + 2);

	for (const lane of cpus)
		for (let i = lane.at; i < lane.at + lane.n; i++)
			counts[Math.max(0, column.who[i] + 1)] += 2;
	const runs = threads.map((t, index) => new Float64Array(counts[index + 1]));
	const filled = new Uint32Array(threads.length);

	for (const lane of cpus)
		for (let i = lane.at; i < lane.at + lane.n; i++) {
			const who = column.who[i];

			if (who < 0 || who >= threads.length)
				continue;
			runs[who][filled[who]++] = column.time[i];
			runs[who][filled[who]++] = column.time[i + 1];
		}
	runs.forEach((times) => times.sort());
	return runs;
}

function fillThreads(packed) {
	const head = reader(packed.head), time = reader(packed.time), cpu = reader(packed.cpu);
	const who = reader(packed.who), instead = reader(packed.instead), owner = reader(packed.owner);
	const runs = listRuns();

	for (const lane of threads) {
		const own = runs[lane.index];
		let run = 0;

		column.time[lane.at] = lane.start;
		for (let i = lane.at; i < lane.at + lane.n; i++) {
			const h = head(), { state, kind } = shapes[h >> 4];

			column.shape[i] = h >> 4;
			column.marks[i] = h & 3 | h >> 1 & 4;
			column.kind[i] = kind;
			while (run < own.length && own[run] <= column.time[i])
				run++;
			column.time[i + 1] = h & 4 ? own[run] : column.time[i] + time();
			if (state === STATE_RUNNING || state === STATE_RUNNABLE)
				column.cpu[i] = cpu() - 1;
			if (state !== STATE_RUNNING)
				column.who[i] = who() - 1;
			if (state === STATE_RUNNABLE)
				column.instead[i] = instead() - 1;
			else if (state !== STATE_RUNNING)
				column.owner[i] = owner() - 1;
		}
	}
}

async function load() {
	const packed = readColumns(await inflate(document.getElementById("intervals").textContent));

	countMade(packed.head);
	column = makeColumns();
	fillCpus(packed);
	fillThreads(packed);
	fillLocks();
	fillPath();
	for (const lane of allLanes())
		sumUp(lane);
}

// What a lane did with the time of the command.
const total = (lane) => shares(lane, ...facts.span, new Float64Array(NR_KINDS));

// Time of each kind before every BLOCK-th interval, so that the shares of any stretch of time cost
// two searches and not a walk.
function sumUp(lane) {
	const blocks = Math.floor(lane.n / BLOCK) + 1;
	const running = new Float64Array(NR_KINDS);

	lane.sums = new Float64Array(blocks * NR_KINDS);
	for (let k = 0; k < lane.n; k++) {
		if (k % BLOCK === 0)
			lane.sums.set(running, k / BLOCK * NR_KINDS);
		running[column.kind[lane.at + k]] += column.time[lane.at + k + 1] - column.time[lane.at + k];
	}
	if (lane.n % BLOCK === 0)
		lane.sums.set(running, lane.n / BLOCK * NR_KINDS);
}

const startOf = (lane, k) => column.time[lane.at + k];
const endOf = (lane, k) => column.time[lane.at + k + 1];
const kindOf = (lane, k) => column.kind[lane.at + k];

// The last interval that begins at or before t; -1 before the first. from: one that is known to.
function find(lane, t, from = 0) {
	let low = from, high = lane.n;

	for (let step = 1; from && low + step < high; step *= 2) { // it is near: so no search of all
		if (column.time[lane.at + low + step] > t) {
			high = low + step;
			break;
		}
		low += step;
	}

	while (low < high) {
		const mid = low + high >> 1;

		if (column.time[lane.at + mid] <= t)
			low = mid + 1;
		else
			high = mid;
	}
	return low - 1;
}

// The interval at t; -1 outside of the lane's life.
function intervalAt(lane, t) {
	const k = find(lane, t);

	return k >= 0 && t <= endOf(lane, k) ? k : -1;
}

// How long each kind took until t, which lies in interval k or after the last, into out.
function sumsAt(lane, k, t, out) {
	if (k < 0)
		return out.fill(0);
	const block = Math.floor(k / BLOCK), { time, kind } = column, { at, sums } = lane;

	for (let i = 0; i < NR_KINDS; i++)
		out[i] = sums[block * NR_KINDS + i];
	for (let i = at + block * BLOCK; i < at + k; i++)
		out[kind[i]] += time[i + 1] - time[i];
	out[kind[at + k]] += Math.min(t, time[at + k + 1]) - time[at + k];
	return out;
}

const untilA = new Float64Array(NR_KINDS), untilB = new Float64Array(NR_KINDS);

// How long each kind took from a to b, into out.
function shares(lane, a, b, out) {
	sumsAt(lane, find(lane, a), a, untilA);
	sumsAt(lane, find(lane, b), b, untilB);
	for (let i = 0; i < NR_KINDS; i++)
		out[i] = untilB[i] - untilA[i];
	return out;
}

function findThread(tid, t) {
	let found = null;

	for (const thread of threads)
		if (thread.tid === tid && (!found || thread.start <= t))
			found = thread;
	return found;
}
