// SPDX-License-Identifier: GPL-2.0
// Lanes made from the others: who waited for each lock, and the critical path. Of a lock's pieces
// column.who is the thread that held it, -1 where it is not known, and column.instead how many waited;
// of a step of the path column.who is its thread, column.instead the number of its interval.

// In which order times come: their indices. Numbers alone are sorted many times faster than pairs.
function orderOf(times) {
	const sorted = Float64Array.from(times).sort(), order = new Uint32Array(times.length);
	const taken = new Uint8Array(times.length);

	for (let i = 0; i < times.length; i++) {
		let low = 0, high = times.length;

		while (low < high) {
			const mid = low + high >> 1;

			if (sorted[mid] < times[i])
				low = mid + 1;
			else
				high = mid;
		}
		while (taken[low])
			low++; // as late as another
		taken[low] = 1;
		order[low] = i;
	}
	return order;
}

// Of each lock with a lane: from when to when it was waited for, and who held it.
function collectWaits() {
	const waits = locks.map((lane) => {
		const n = lane.n / 2;

		return { n: 0, from: new Float64Array(n), to: new Float64Array(n), holder: new Int32Array(n) };
	});

	for (const lane of targets)
		for (let i = lane.at; i < lane.at + lane.n; i++) {
			const { lock } = shapes[column.shape[i]];

			if (!lock || column.time[i + 1] <= column.time[i])
				continue;
			const w = waits[lock - 1];

			w.from[w.n] = column.time[i];
			w.to[w.n] = column.time[i + 1];
			w.holder[w.n++] = column.owner[i];
		}
	return waits;
}

// Appends a piece that ends at t; pieces that are alike and touch become one.
function addPiece(lane, t, kind, who, instead) {
	const i = lane.at + lane.n;

	if (t <= column.time[i])
		return;
	if (lane.n && column.kind[i - 1] === kind && column.who[i - 1] === who &&
	    column.instead[i - 1] === instead) {
		column.time[i] = t;
		return;
	}
	column.kind[i] = kind;
	column.who[i] = who;
	column.instead[i] = instead;
	column.time[i + 1] = t;
	lane.n++;
}

// Who holds it is told by whoever began to wait for it last; when a wait ends it was handed on, and to
// whom the next one to wait will tell.
function fillLock(lane, waits) {
	const from = waits.from.subarray(0, waits.n), to = waits.to.slice(0, waits.n).sort();
	const order = orderOf(from);
	let waiting = 0, holder = -1, begun = 0, ended = 0;

	lane.n = lane.most = 0;
	column.time[lane.at] = 0;
	while (ended < waits.n) {
		const ends = begun === waits.n || to[ended] <= from[order[begun]];

		addPiece(lane, ends ? to[ended] : from[order[begun]], waiting ? QUEUE : DEAD,
			waiting ? holder : -1, waiting);
		holder = ends ? -1 : waits.holder[order[begun]];
		waiting += ends ? -1 : 1;
		ended += ends;
		begun += !ends;
		lane.most = Math.max(lane.most, waiting);
	}
}

function fillLocks() {
	collectWaits().forEach((waits, index) => fillLock(locks[index], waits));
}

// The intervals that are steps of the path, in order of time: their threads and their numbers.
function collectSteps() {
	const n = (path.n - 2) / 2, start = new Float64Array(n), lane = new Uint32Array(n), k = new Uint32Array(n);
	let i = 0;

	for (const thread of threads)
		for (let j = 0; j < thread.n; j++)
			if (column.marks[thread.at + j] & 4) {
				start[i] = startOf(thread, j);
				lane[i] = thread.index;
				k[i++] = j;
			}
	return { order: orderOf(start), start, lane, k };
}

// A step lasts until the next one begins, or its interval ends: between them nobody is known.
function fillPath() {
	const { order, start, lane, k } = collectSteps(), to = facts.span[1];

	path.n = 0;
	column.time[path.at] = path.start;
	order.forEach((s, n) => {
		const next = n + 1 < order.length ? start[order[n + 1]] : to, of = threads[lane[s]];

		addPiece(path, start[s], UNKNOWN, -1, -1);
		const i = path.at + path.n, kind = kindOf(of, k[s]);

		column.shape[i] = column.shape[of.at + k[s]];
		addPiece(path, Math.min(next, endOf(of, k[s]), to), kind === RUNNING ? BUSY : kind, lane[s], k[s]);
	});
}

const stepOf = (i) => [threads[column.who[i]], column.instead[i]];

// "queue.lock" of a lock with a name, "mutex at queue.c:42" of one without.
const lockName = (lane) => lane.name || lane.words.replace("the ", "").replace(" first waited for", "");

// Who waits for a lock at an instant.
function waitersAt(lane, t) {
	return targets.filter((thread) => {
		const k = intervalAt(thread, t);

		return k >= 0 && shapes[column.shape[thread.at + k]].lock === lane.index + 1;
	});
}

function listNames(list, most = 6) {
	const names = list.slice(0, most).map(nameOf);

	if (list.length > most)
		names.push(`${list.length - most} more`);
	return names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}` : names[0];
}

function lockSentence(lane, i) {
	const t = duration(column.time[i + 1] - column.time[i]), n = column.instead[i];

	if (column.kind[i] !== QUEUE)
		return `For ${t} no thread of the command waited for ${lane.words}.`;
	const held = column.who[i] >= 0 ? `, held by ${refName(column.who[i])}` : "";

	return `For ${t} ${listNames(waitersAt(lane, (column.time[i] + column.time[i + 1]) / 2))} ` +
		`waited for ${lane.words}${n > 1 ? `, ${n} at once` : ""}${held}.`;
}

function pathSentence(i) {
	if (column.who[i] < 0)
		return `For ${duration(column.time[i + 1] - column.time[i])} it is not known what the run had to wait for.`;
	const [lane, k] = stepOf(i), part = duration(column.time[i + 1] - column.time[i]);

	return `The run had to wait for this, for ${part}: ${sentence(lane, k)}`;
}
