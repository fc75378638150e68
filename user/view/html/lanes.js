// SPDX-License-Identifier: GPL-2.0
// One lane as paint. Where one interval fills a pixel it is drawn as what it is; where several meet
// in a pixel, that column becomes a small stack of their shares, each at least a pixel high: zoomed
// out, nothing that lasted disappears.

function dotted(x, y, width, height) {
	for (let d = Math.ceil(x / 6) * 6; d < x + width; d += 6)
		band(ink.quiet, d, y, Math.min(3, x + width - d), height);
}

// One interval as what it is; y and h are those of the row without its margin.
function drawWhole(lane, k, x, width, y, h) {
	const i = lane.at + k, middle = Math.round(y + h / 2);

	switch (column.kind[i]) {
	case RUNNING: return band(threadColour(lane), x, y, width, h);
	case BUSY: return band(threadColour(threads[column.who[i]]), x, y, width, h);
	case OTHER: return band(ink.other, x, y + h * 0.3, width, h * 0.4);
	case RUNNABLE: return band(hatch, x, y + h * 0.18, width, h * 0.64);
	case FUTEX:
		band(ink.futex, x, middle - 3, width, 2);
		return band(ink.futex, x, middle + 1, width, 2);
	case LOCK:
		band(ink.futex, x, middle - 3, width, 2);
		return dotted(x, middle + 1, width, 2);
	case IO: return band(ink.io, x, middle - 1, width, 3);
	case SLEEPING: return band(ink.sleep, x, middle, width, 1);
	case BLOCKED: return dotted(x, middle - 1, width, 3);
	case STOPPED: return band(ink.line, x, middle - 3, width, 6);
	case UNKNOWN: return band(ink.faint, x, y, width, h);
	case QUEUE: return drawQueue(lane, i, x, width, y, h);
	}
}

// Above, the colour of who holds the lock; below, as high as many wait.
function drawQueue(lane, i, x, width, y, h) {
	const holder = threads[column.who[i]], bar = Math.max(2, Math.round(h * 0.3));
	const room = h - bar - 1, waiting = Math.max(2, Math.round(room * column.instead[i] / lane.most));

	band(holder ? threadColour(holder) : ink.line, x, y, width, bar);
	band(ink.futex, x, y + h - waiting, width, waiting);
}

const share = new Float64Array(NR_KINDS);
let sumsHere = new Float64Array(NR_KINDS), sumsNext = new Float64Array(NR_KINDS);
const STACK = [RUNNING, BUSY, OTHER, RUNNABLE, FUTEX, LOCK, IO, BLOCKED, QUEUE];

function stackColour(lane, kind, k0, k1) {
	if (kind === RUNNING)
		return threadColour(lane);
	if (kind === BUSY)
		return threadColour(longestIn(lane, k0, k1));
	return kind === RUNNABLE ? ink.runnable : kind === OTHER ? ink.other :
		kind === BLOCKED ? ink.quiet : kind === IO ? ink.io : ink.futex; // QUEUE, too
}

// Whom a crowded pixel of a CPU is coloured for: the longest of at most 16 of its runs.
function longestIn(lane, k0, k1) {
	const step = Math.max(1, Math.floor((k1 - k0) / 16)), { time, kind } = column;
	let best = -1, length = -1;

	for (let i = lane.at + k0; i <= lane.at + k1; i += step)
		if (kind[i] === BUSY && time[i + 1] - time[i] > length) {
			length = time[i + 1] - time[i];
			best = column.who[i];
		}
	return best < 0 ? targets[0] : threads[best];
}

// The pixel from x on: k0 is at its start, k1 at its end. sumsHere holds what came before it.
function drawStack(lane, k0, k1, x, y, h) {
	const whole = timeAt(x + 1) - timeAt(x);

	sumsAt(lane, k1, timeAt(x + 1), sumsNext);
	for (let i = 0; i < NR_KINDS; i++)
		share[i] = sumsNext[i] - sumsHere[i];
	[sumsHere, sumsNext] = [sumsNext, sumsHere];
	// As high as a run where it ran all the time, as a wait where it waited all the time.
	const ran = (share[RUNNING] + share[BUSY]) / whole, room = h * (0.64 + 0.36 * ran);
	const ceiling = Math.round(y + (h - room) / 2);
	let floor = ceiling + Math.round(room); // whole pixels: half of one would be half a colour

	if (share[SLEEPING] > 0)
		post(ink.sleep, x, Math.round(y + h / 2), Math.round(y + h / 2) + 1);
	for (let i = 0; i < STACK.length; i++) {
		const part = share[STACK[i]];

		if (part <= 0)
			continue;
		const height = Math.min(floor - ceiling, Math.max(1, Math.round(room * part / whole)));

		post(stackColour(lane, STACK[i], k0, k1), x, floor - height, floor);
		floor -= height;
	}
}

// Whether the pixel in which k ends, and that ends at t, in interval last, holds something that no
// pixel beside it shows: an interval that also ends in it, or the last one of the lane.
function crowded(lane, k, t, last) {
	return last - k > 1 ||
		(last > k && endOf(lane, last) <= t && endOf(lane, last) > startOf(lane, last));
}

// From left to right, and never back: what is looked for next is near what was found last.
function drawLane(row, top) {
	const lane = row.lane, margin = rowHeight > 26 ? 4 : 2;
	const y = Math.round(row.y - top) + margin, h = row.height - 2 * margin;
	let x = Math.max(0, Math.floor(xOf(startOf(lane, 0)))), summed = -1;
	const last = Math.min(plotWidth, xOf(startOf(lane, lane.n)));
	let k = lane.n && x < last ? Math.max(0, find(lane, timeAt(x))) : 0;

	while (lane.n && x < last) {
		const end = xOf(endOf(lane, k)), pixel = Math.floor(end), after = timeAt(pixel + 1);
		const k1 = find(lane, after, k), crowd = crowded(lane, k, after, k1);
		const until = Math.min(plotWidth, crowd ? pixel : Math.max(Math.round(end), x + 1));

		if (until > x) {
			narrow = until - x < NARROW;
			drawWhole(lane, k, x, until - x, y, h);
			narrow = false;
			drawWords(lane, k, x, until - x, y, h);
			x = until;
		}
		if (crowd && x < plotWidth) {
			if (summed !== x)
				sumsAt(lane, find(lane, timeAt(x), k), timeAt(x), sumsHere);
			drawStack(lane, k, k1, x, y, h);
			summed = ++x;
		}
		k = x === pixel + 1 ? k1 : find(lane, timeAt(x), k);
	}
}

// Where records of this CPU were lost: a bar as high as the row, however short the gap was.
function drawGaps(row, top) {
	let drawn = -1;

	for (const gap of gaps) {
		const x = Math.max(0, Math.floor(xOf(gap.start))), end = Math.min(plotWidth, xOf(gap.end));

		if (gap.cpu !== row.lane.index || end < 0 || x >= plotWidth || end <= drawn)
			continue;
		drawn = Math.max(x + 3, end);
		band(ink.futex, x, row.y - top, drawn - x, 3);
		band(ink.futex, x, row.y - top + row.height - 3, drawn - x, 3);
		band(ink.futex, x, row.y - top, 2, row.height);
	}
}

// Words directly in the picture, where there is room: better than a legend.
function wordsFor(lane, k) {
	const i = lane.at + k, who = threads[column.who[i]];

	switch (column.kind[i]) {
	case BUSY: return [who.letter, `${who.letter} ${who.comm}`];
	case OTHER: return ["", who ? who.comm : ""];
	case RUNNABLE: return ["", "waits for a CPU"];
	case IO:
	case FUTEX: return ["", waitWords(lane, i)];
	case LOCK: return ["", "waits for a kernel lock"];
	case QUEUE: return queueWords(who, column.instead[i]);
	case UNKNOWN: return ["", lane.cpu && lostIn(lane, startOf(lane, k), endOf(lane, k)) ? "records lost" : "not known"];
	}
	return ["", ""];
}

// "B holds it, 3 wait"
function queueWords(holder, n) {
	const wait = `${n} wait${n === 1 ? "s" : ""}`;

	return holder ? [wait, `${holder.letter ? `${holder.letter} ` : ""}${holder.comm} holds it, ${wait}`] : ["", wait];
}

// "waited {t} for the pipe at fd 3, in read(){end}": waits for the pipe at fd 3
function waitWords(lane, i) {
	const owner = column.owner[i], template = shapeOf(i).template;

	if (owner >= 0 && !template.includes("{owner}"))
		return `waits for ${refName(owner)}`;
	return template.replace("waited {t}", "waits").replace("{owner}", () => say.owner(lane, i))
		.replace(/[,{].*/, "");
}

function drawWords(lane, k, x, width, y, h) {
	const kind = kindOf(lane, k), size = Math.min(13, h - 3);

	if (width < 12 || size < 9 || kind === SLEEPING || kind === RUNNING ||
	    (kind !== BUSY && rowHeight < 24)) // in a crowd the same words over and over teach nothing
		return;
	const [short, long] = wordsFor(lane, k);

	paint.font = `${kind === BUSY ? "600 " : ""}${size}px ${ink.sans}`;
	for (const text of [long, short]) {
		const w = text ? paint.measureText(text).width : 0;

		if (!w || w + (text === short ? 4 : 14) > width)
			continue;
		const left = x + (width - w) / 2;

		if (kind !== BUSY)
			band(ink.paper, left - 5, y, w + 10, h);
		paint.fillStyle = kind === BUSY ? inkOn(threadColour(threads[column.who[lane.at + k]])) :
			kind === RUNNABLE || kind === FUTEX || kind === IO ?
			ink.ink : ink.quiet;
		paint.textBaseline = "middle";
		paint.fillText(text, left, y + h / 2 + 0.5);
		return;
	}
}
