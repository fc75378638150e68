// SPDX-License-Identifier: GPL-2.0
// Marks: what the program says about itself. A strip at the foot of its thread's lane, in words where
// the pointer is, and a list below the sentence of what is selected.

const MARK_HEIGHT = 3, MAX_MARK_LEVELS = 2, MAX_MARKS_TOLD = 12;

for (const t of threads)
	t.marks = [];
for (const [thread, name, start, length, off, depth, ends, value] of facts.marks)
	threads[thread].marks.push({ name: facts.markNames[name], hue: name, start, end: start + length, off,
		depth, noEnd: Boolean(ends & 2), noBegin: Boolean(ends & 1), value, point: value !== undefined });

function drawMark(mark, y) {
	const a = Math.max(-2, xOf(mark.start)), b = Math.min(plotWidth + 2, xOf(mark.end));

	paint.fillStyle = ink.threads[(mark.hue + 3) % ink.threads.length];
	if (mark.point) {
		paint.beginPath();
		paint.moveTo(a - 4, y + MARK_HEIGHT);
		paint.lineTo(a + 4, y + MARK_HEIGHT);
		paint.lineTo(a, y - 4);
		paint.fill();
	} else {
		paint.fillRect(a, y, Math.max(1, b - a - 0.5), MARK_HEIGHT);
	}
}

function drawMarks(row, top) {
	const last = []; // the pixel that each level has painted last

	for (const mark of row.lane.marks || []) {
		const level = Math.min(mark.depth, MAX_MARK_LEVELS - 1), pixel = Math.floor(xOf(mark.end));

		if (mark.start > view.end || mark.end < view.start || (!mark.point && last[level] === pixel))
			continue;
		last[level] = pixel;
		drawMark(mark, row.y - top + row.height - MARK_HEIGHT * (MAX_MARK_LEVELS - level));
	}
}

function markWords(mark) {
	if (mark.point)
		return `"${mark.name}" ${mark.value} at ${moment(mark.start)}`;
	if (mark.noBegin)
		return `"${mark.name}" ended at ${moment(mark.start)}, and never began`;
	const length = duration(mark.end - mark.start), off = mark.off ? `, ${duration(mark.off)} off CPU` : "";

	return `"${mark.name}" from ${moment(mark.start)} for ${length}${off}${mark.noEnd ? ", and never ended" : ""}`;
}

const marksWithin = (lane, a, b) => (lane.marks || []).filter((mark) => mark.start <= b && mark.end >= a);

// " In "fill" from 4.0 ms for 17.0 ms." for the tip; three pixels of slack, as for short waits.
function markTip(lane, x) {
	const found = marksWithin(lane, timeAt(x - 3), timeAt(x + 3)).slice(-3);

	return found.length ? ` Marked: ${found.map(markWords).join("; ")}.` : "";
}

function tellMarks(lane, k) {
	const found = marksWithin(lane, startOf(lane, k), endOf(lane, k));

	if (!found.length)
		return;
	element("h2", "What the program says about that time", panel);
	const list = element("ul", undefined, panel);

	for (const mark of found.slice(0, MAX_MARKS_TOLD))
		element("li", `${markWords(mark)}.`, list);
	if (found.length > MAX_MARKS_TOLD)
		element("li", `… and ${found.length - MAX_MARKS_TOLD} more.`, list);
}
