// SPDX-License-Identifier: GPL-2.0
// Paint. Only rows and times in sight are drawn. Where one interval fills a pixel it is drawn as
// what it is; where several meet in a pixel, that column becomes a small stack of their shares, each
// at least a pixel high: zoomed out, nothing that lasted disappears.

const canvas = document.getElementById("canvas"), paint = canvas.getContext("2d");
const ruler = document.getElementById("ruler"), rulerPaint = ruler.getContext("2d");
const view = { start: 0, end: 1 };
const ink = {}; // colours by name, from the style sheet
let plotWidth = 100, plotHeight = 100, hatch = null, brush = null;

const MAX_ARROWS = 160;

function readInk() {
	const style = getComputedStyle(document.documentElement);
	const dark = document.documentElement.dataset.theme === "dark";

	for (const name of ["paper", "ink", "quiet", "faint", "line", "sleep", "runnable",
		"runnable-paper", "futex", "select", "other"])
		ink[name] = style.getPropertyValue(`--${name}`).trim();
	ink.threads = facts.colours.map((c) => c[dark ? 1 : 0]);
	ink.sans = style.getPropertyValue("--sans");
	document.documentElement.style.setProperty("--running", ink.threads[0]);
	for (const t of targets)
		if (t.letterBox) {
			t.letterBox.style.background = threadColour(t);
			t.letterBox.style.color = inkOn(threadColour(t));
		}
	hatch = makeHatch();
}

function makeHatch() {
	const tile = document.createElement("canvas"), p = tile.getContext("2d");

	tile.width = tile.height = 8;
	p.fillStyle = ink["runnable-paper"];
	p.fillRect(0, 0, 8, 8);
	p.strokeStyle = ink.runnable;
	p.lineWidth = 2;
	p.beginPath();
	for (const x of [-4, 4, 12]) {
		p.moveTo(x - 5, 9);
		p.lineTo(x + 5, -1);
	}
	p.stroke();
	return paint.createPattern(tile, "repeat");
}

function threadColour(thread) {
	return thread && thread.target ? ink.threads[thread.ordinal % ink.threads.length] : ink.other;
}

// Black or white, whichever is easier to read on a colour.
function inkOn(colour) {
	const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));

	return r * 0.299 + g * 0.587 + b * 0.114 > 140 ? "#111" : "#fff";
}

function fitCanvas(c, width, height) {
	const ratio = window.devicePixelRatio || 1;

	c.style.width = `${width}px`;
	c.style.height = `${height}px`;
	if (c.width !== Math.round(width * ratio) || c.height !== Math.round(height * ratio)) {
		c.width = Math.round(width * ratio);
		c.height = Math.round(height * ratio);
	}
	c.getContext("2d").setTransform(ratio, 0, 0, ratio, 0, 0);
}

function measure() {
	const gutter = parseFloat(getComputedStyle(ruler).marginLeft);

	plotWidth = Math.max(50, lanesBox.clientWidth - gutter);
	plotHeight = Math.max(50, lanesBox.clientHeight);
	fitCanvas(canvas, plotWidth, plotHeight);
	fitCanvas(ruler, plotWidth, 26);
}

const xOf = (t) => (t - view.start) / (view.end - view.start) * plotWidth;
const timeAt = (x) => view.start + x / plotWidth * (view.end - view.start);

function ticks() {
	const step = tickStep(view.end - view.start, Math.max(2, plotWidth / 110)), list = [];

	for (let n = Math.ceil((view.start - zero) / step); n * step <= view.end - zero; n++)
		list.push(zero + n * step);
	return list;
}

function drawRuler() {
	rulerPaint.clearRect(0, 0, plotWidth, 26);
	rulerPaint.font = `12px ${ink.sans}`;
	rulerPaint.fillStyle = ink.quiet;
	for (const t of ticks()) {
		const x = Math.round(xOf(t)), label = tick(t - zero), width = rulerPaint.measureText(label).width;

		rulerPaint.fillRect(x, 18, 1, 8);
		if (x + 4 + width < plotWidth)
			rulerPaint.fillText(label, x + 4, 18);
	}
	if (brush) {
		rulerPaint.globalAlpha = 0.25;
		rulerPaint.fillRect(Math.min(brush.a, brush.b), 0, Math.abs(brush.a - brush.b), 26);
		rulerPaint.globalAlpha = 1;
	}
}

function band(colour, x, y, width, height) {
	paint.fillStyle = colour;
	paint.fillRect(x, y, width, height);
}

function dotted(x, y, width, height) {
	paint.fillStyle = ink.quiet;
	for (let d = Math.ceil(x / 6) * 6; d < x + width; d += 6)
		paint.fillRect(d, y, Math.min(3, x + width - d), height);
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
	case SLEEPING: return band(ink.sleep, x, middle, width, 1);
	case BLOCKED: return dotted(x, middle - 1, width, 3);
	case STOPPED: return band(ink.line, x, middle - 3, width, 6);
	case UNKNOWN: return band(ink.faint, x, y, width, h);
	}
}

const share = new Float64Array(NR_KINDS);
const STACK = [RUNNING, BUSY, OTHER, RUNNABLE, FUTEX, LOCK, BLOCKED];

function stackColour(lane, kind, k0, k1) {
	if (kind === RUNNING)
		return threadColour(lane);
	if (kind === BUSY)
		return threadColour(longestIn(lane, k0, k1));
	return kind === RUNNABLE ? ink.runnable : kind === OTHER ? ink.other :
		kind === BLOCKED ? ink.quiet : ink.futex;
}

// Whom a crowded pixel of a CPU is coloured for: the longest of at most 32 of its runs.
function longestIn(lane, k0, k1) {
	const step = Math.max(1, Math.floor((k1 - k0) / 32));
	let best = -1, length = -1;

	for (let k = k0; k <= k1; k += step) {
		if (kindOf(lane, k) !== BUSY || endOf(lane, k) - startOf(lane, k) <= length)
			continue;
		length = endOf(lane, k) - startOf(lane, k);
		best = column.who[lane.at + k];
	}
	return best < 0 ? targets[0] : threads[best];
}

function drawStack(lane, k0, k1, x, y, h) {
	const a = timeAt(x), b = timeAt(x + 1), whole = b - a;

	shares(lane, a, b, share);
	// As high as a run where it ran all the time, as a wait where it waited all the time.
	const ran = (share[RUNNING] + share[BUSY]) / whole, room = h * (0.64 + 0.36 * ran);
	const ceiling = Math.round(y + (h - room) / 2);
	let floor = ceiling + Math.round(room); // whole pixels: half of one would be half a colour

	if (share[SLEEPING] > 0)
		band(ink.sleep, x, Math.round(y + h / 2), 1, 1);
	for (const kind of STACK) {
		if (share[kind] <= 0)
			continue;
		const height = Math.min(floor - ceiling, Math.max(1, Math.round(room * share[kind] / whole)));

		band(stackColour(lane, kind, k0, k1), x, floor - height, 1, height);
		floor -= height;
	}
}

// Whether the pixel in which k ends, and that ends at t, holds something that no pixel beside it
// shows: an interval that also ends in it, or the last one of the lane.
function crowded(lane, k, t) {
	const last = find(lane, t);

	return last - k > 1 ||
		(last > k && endOf(lane, last) <= t && endOf(lane, last) > startOf(lane, last));
}

function drawLane(row, top) {
	const lane = row.lane, margin = rowHeight > 26 ? 4 : 2;
	const y = row.y - top + margin, h = row.height - 2 * margin;
	let x = Math.max(0, Math.floor(xOf(startOf(lane, 0))));
	const last = Math.min(plotWidth, xOf(startOf(lane, lane.n)));

	while (lane.n && x < last) {
		const k = Math.max(0, find(lane, timeAt(x))), end = xOf(endOf(lane, k));
		const pixel = Math.floor(end), crowd = crowded(lane, k, timeAt(pixel + 1));
		const until = Math.min(plotWidth, crowd ? pixel : Math.max(Math.round(end), x + 1));

		if (until > x) {
			drawWhole(lane, k, x, until - x, y, h);
			drawWords(lane, k, x, until - x, y, h);
			x = until;
		}
		if (crowd && x < plotWidth) {
			drawStack(lane, k, find(lane, timeAt(x + 1)), x, y, h);
			x++;
		}
	}
}

// Words directly in the picture, where there is room: better than a legend.
function wordsFor(lane, k) {
	const i = lane.at + k, who = threads[column.who[i]];

	switch (column.kind[i]) {
	case BUSY: return [who.letter, `${who.letter} ${who.comm}`];
	case OTHER: return ["", who ? who.comm : ""];
	case RUNNABLE: return ["", "waits for a CPU"];
	case FUTEX: return ["", column.owner[i] >= 0 ?
		`waits for ${refName(column.owner[i])}${causeOf(i) === JOIN_CAUSE ? " to end" : ""}` : "waits for another thread"];
	case LOCK: return ["", "waits for a kernel lock"];
	case UNKNOWN: return ["", "not known"];
	}
	return ["", ""];
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
			kind === RUNNABLE || kind === FUTEX ?
			ink.ink : ink.quiet;
		paint.textBaseline = "middle";
		paint.fillText(text, left, y + h / 2 + 0.5);
		return;
	}
}

function arrow(from, to, t, top, strong) {
	const a = rowOf.get(from), b = rowOf.get(to), x = Math.round(xOf(t)) + 0.5;

	if (!a || !b || a === b || x < -20 || x > plotWidth + 20)
		return;
	const down = b.y > a.y, y0 = (down ? a.y + a.height - 5 : a.y + 5) - top;
	const y1 = (down ? b.y + 5 : b.y + b.height - 5) - top, back = down ? -6 : 6;

	paint.globalAlpha = strong ? 1 : 0.45;
	paint.strokeStyle = paint.fillStyle = strong ? ink.select : ink.quiet;
	paint.lineWidth = strong ? 2 : 1;
	paint.beginPath();
	paint.moveTo(x, y0);
	paint.lineTo(x, y1 + back);
	paint.stroke();
	paint.beginPath();
	paint.arc(x, y0, strong ? 3 : 2, 0, 7);
	paint.moveTo(x, y1);
	paint.lineTo(x - 4, y1 + back);
	paint.lineTo(x + 4, y1 + back);
	paint.fill();
	paint.globalAlpha = 1;
}

// Every wake-up in sight, unless there are too many to follow.
function drawArrows(top) {
	const list = [];

	for (const row of rows) {
		if (!row.lane || row.lane.cpu)
			continue;
		const lane = row.lane, first = Math.max(0, find(lane, view.start));
		const last = find(lane, view.end);

		if (last - first > 4 * MAX_ARROWS)
			return;
		for (let k = first; k <= last; k++) {
			const who = threads[column.who[lane.at + k]], kind = kindOf(lane, k);

			if (who && isWait(kind) && kind !== RUNNABLE)
				list.push([who, lane, endOf(lane, k)]);
			else if (who && causeOf(lane.at + k) === NEW_CAUSE)
				list.push([who, lane, startOf(lane, k)]);
		}
		if (list.length > MAX_ARROWS)
			return;
	}
	for (const [from, to, t] of list)
		arrow(from, to, t, top, false);
}

function drawSelection(top) {
	const row = selected && rowOf.get(selected.lane);

	if (!row)
		return;
	const { lane, k } = selected, a = Math.max(-4, xOf(startOf(lane, k)));
	const b = Math.min(plotWidth + 4, xOf(endOf(lane, k)));

	paint.strokeStyle = ink.select;
	paint.lineWidth = 2;
	paint.strokeRect(a - 1, row.y - top + 1, Math.max(3, b - a + 2), row.height - 2);
	for (const link of wakeChain(lane, k))
		if (link.by)
			arrow(link.by, link.lane, link.at, top, true);
}

function draw() {
	const top = lanesBox.scrollTop;

	paint.clearRect(0, 0, plotWidth, plotHeight);
	for (const t of ticks())
		band(ink.faint, Math.round(xOf(t)), 0, 1, plotHeight);
	for (const t of facts.span) // where the command began and ended
		band(ink.line, Math.round(xOf(t)), 0, 1, plotHeight);
	for (const row of rows) {
		if (!row.lane || row.y + row.height < top || row.y > top + plotHeight)
			continue;
		paint.globalAlpha = matches(row.lane) ? 1 : 0.25;
		drawLane(row, top);
		paint.globalAlpha = 1;
	}
	drawArrows(top);
	drawSelection(top);
	drawRuler();
}
