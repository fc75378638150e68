// SPDX-License-Identifier: GPL-2.0
// Paint: colours, the ruler, arrows and the selection. Only rows and times in sight are drawn.

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
		"runnable-paper", "futex", "io", "select", "other"])
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
		if (!row.lane || !isThread(row.lane))
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
	const shown = rows.filter((row) => row.lane && row.y + row.height >= top && row.y <= top + plotHeight);

	beginBars();
	for (const row of shown) {
		paint.globalAlpha = matches(row.lane) ? 1 : 0.25;
		barsAlpha = 255 * paint.globalAlpha;
		drawLane(row, top);
	}
	paint.globalAlpha = 1;
	endBars();
	for (const row of shown) {
		paint.globalAlpha = matches(row.lane) ? 1 : 0.25;
		if (row.lane.cpu)
			drawGaps(row, top);
		drawMarks(row, top);
	}
	paint.globalAlpha = 1;
	drawArrows(top);
	drawSelection(top);
	drawFlags();
	drawRuler();
}
