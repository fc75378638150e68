// SPDX-License-Identifier: GPL-2.0
// Mouse, touch and keys.

const tip = document.getElementById("tip");
const pointers = new Map(); // those that are down on the plot
let drag = null, pinch = null;

function setView(a, b) {
	const whole = facts.length || 1, span = Math.max(Math.min(b - a, whole), Math.min(whole, 10));
	const start = Math.max(0, Math.min(whole - span, a + (b - a - span) / 2));

	view.start = start;
	view.end = start + span;
	changed();
}

const viewAll = () => setView(0, facts.length);
const viewCommand = () => setView(...facts.span);

function zoom(factor, at = (view.start + view.end) / 2) {
	setView(at - (at - view.start) * factor, at + (view.end - at) * factor);
}

function pan(part) {
	const by = (view.end - view.start) * part;

	setView(view.start + by, view.end + by);
}

function hit(event) {
	const box = canvas.getBoundingClientRect(), x = event.clientX - box.left;
	const row = rowAt(event.clientY - box.top + lanesBox.scrollTop);

	if (!row || x < 0 || x > plotWidth)
		return null;
	const t = timeAt(x), a = timeAt(x - 3), b = timeAt(x + 3);
	let k = intervalAt(row.lane, t), first = Math.max(0, find(row.lane, a));

	// A short wait beside a long run is meant when the pointer is within three pixels of it.
	for (let i = first; i < Math.min(first + 64, row.lane.n) && startOf(row.lane, i) <= b; i++)
		if (endOf(row.lane, i) >= a && xOf(endOf(row.lane, i)) - xOf(startOf(row.lane, i)) < 3 &&
		    isWait(kindOf(row.lane, i)) && (k < 0 || !isWait(kindOf(row.lane, k))))
			k = i;
	return k < 0 ? null : { lane: row.lane, k };
}

function showTip(event) {
	const at = hit(event);

	tip.hidden = !at;
	if (!at)
		return;
	tip.textContent = sentence(at.lane, at.k) +
		markTip(at.lane, event.clientX - canvas.getBoundingClientRect().left);
	const width = tip.offsetWidth, height = tip.offsetHeight;

	tip.style.left = `${Math.max(4, Math.min(event.clientX + 14, window.innerWidth - width - 8))}px`;
	tip.style.top = `${event.clientY + 20 + height > window.innerHeight ?
		event.clientY - height - 12 : event.clientY + 20}px`;
}

function pinchState() {
	const [a, b] = [...pointers.values()], box = canvas.getBoundingClientRect();

	return { distance: Math.max(20, Math.abs(a.clientX - b.clientX)),
		middle: (a.clientX + b.clientX) / 2 - box.left };
}

function pointerMove(event) {
	if (!pointers.has(event.pointerId)) {
		showTip(event);
		return;
	}
	pointers.set(event.pointerId, event);
	if (pointers.size === 2) {
		const now = pinchState();

		zoom(pinch.distance / now.distance, timeAt(now.middle));
		pinch = now;
	} else if (drag) {
		const moved = event.clientX - drag.x;

		drag.far = drag.far || Math.hypot(moved, event.clientY - drag.y) > 4;
		if (drag.far) {
			const by = -moved / plotWidth * (drag.end - drag.start);

			tip.hidden = true;
			setView(drag.start + by, drag.end + by);
			if (event.pointerType === "mouse")
				lanesBox.scrollTop = drag.scroll - (event.clientY - drag.y);
		}
	}
}

function pointerUp(event) {
	pointers.delete(event.pointerId);
	if (drag && !drag.far && event.type === "pointerup" && !pointers.size) {
		const at = hit(event);

		select(at && at.lane, at ? at.k : -1, { show: false });
	}
	drag = null;
}

function listenToPlot() {
	canvas.addEventListener("pointerdown", (event) => {
		pointers.set(event.pointerId, event);
		canvas.setPointerCapture(event.pointerId);
		drag = pointers.size > 1 ? null : { x: event.clientX, y: event.clientY, far: false,
			start: view.start, end: view.end, scroll: lanesBox.scrollTop };
		pinch = pointers.size === 2 ? pinchState() : null;
	});
	canvas.addEventListener("pointermove", pointerMove);
	canvas.addEventListener("pointerup", pointerUp);
	canvas.addEventListener("pointercancel", pointerUp);
	canvas.addEventListener("pointerleave", () => { tip.hidden = true; });
	canvas.addEventListener("dblclick", zoomToSelection);
	for (const plot of [canvas, ruler])
		plot.addEventListener("wheel", wheel, { passive: false });
	lanesBox.addEventListener("scroll", changed);
}

function wheel(event) {
	const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);

	event.preventDefault();
	if (event.shiftKey && !sideways)
		lanesBox.scrollTop += event.deltaY;
	else if (sideways)
		pan(event.deltaX / plotWidth);
	else
		zoom(Math.pow(1.0015, Math.max(-300, Math.min(300, event.deltaY))),
			timeAt(event.clientX - canvas.getBoundingClientRect().left));
}

// On the ruler, a stretch is dragged out to zoom into it.
function listenToRuler() {
	const x = (event) => Math.max(0, Math.min(plotWidth,
		event.clientX - ruler.getBoundingClientRect().left));

	ruler.addEventListener("pointerdown", (event) => {
		ruler.setPointerCapture(event.pointerId);
		brush = { a: x(event), b: x(event) };
	});
	ruler.addEventListener("pointermove", (event) => {
		if (!brush)
			return;
		brush.b = x(event);
		changed();
	});
	ruler.addEventListener("pointerup", () => {
		const [a, b] = brush ? [brush.a, brush.b].sort((m, n) => m - n) : [0, 0];

		brush = null;
		if (b - a > 4)
			setView(timeAt(a), timeAt(b));
		changed();
	});
}

function moveFocus(direction) {
	const list = rows.filter((row) => row.button);
	const at = list.findIndex((row) => row.button === document.activeElement);
	const next = list[Math.max(0, Math.min(list.length - 1, at + direction))];

	if (next) {
		next.button.focus();
		if (next.lane)
			reveal(next.lane);
	}
}

const KEYS = {
	w: () => zoom(1 / 1.5), "+": () => zoom(1 / 1.5), "=": () => zoom(1 / 1.5),
	s: () => zoom(1.5), "-": () => zoom(1.5),
	a: () => pan(-0.2), d: () => pan(0.2),
	ArrowLeft: (event) => event.shiftKey ? stepInterval(-1) : pan(-0.2),
	ArrowRight: (event) => event.shiftKey ? stepInterval(1) : pan(0.2),
	ArrowUp: () => moveFocus(-1), ArrowDown: () => moveFocus(1),
	0: viewAll, c: viewCommand,
	Home: () => setView(0, view.end - view.start),
	End: () => setView(facts.length - (view.end - view.start), facts.length),
	l: () => foldOrFind("locks"), x: () => foldOrFind("path"),
	n: () => stepWait(1), p: () => stepWait(-1), f: zoomToSelection,
	"/": () => searchBox.focus(),
	Escape: () => select(null, -1),
};

function listenToKeys() {
	document.addEventListener("keydown", (event) => {
		const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;

		if (event.target === searchBox || event.ctrlKey || event.metaKey || event.altKey ||
		    !Object.hasOwn(KEYS, key))
			return;
		event.preventDefault();
		KEYS[key](event);
	});
}
