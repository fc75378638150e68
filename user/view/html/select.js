// SPDX-License-Identifier: GPL-2.0
// The selected interval: its sentence, its chain, the walk from wait to wait.

const panel = document.getElementById("panel");
let selected = null; // {lane, k}

function element(tag, text, parent) {
	const e = document.createElement(tag);

	if (text !== undefined)
		e.textContent = text;
	if (parent)
		parent.append(e);
	return e;
}

function select(lane, k, { show = true } = {}) {
	selected = lane && k >= 0 && k < lane.n ? { lane, k } : null;
	if (selected && show) {
		reveal(lane);
		bringIntoView(startOf(lane, k), endOf(lane, k));
	}
	for (const row of rows)
		if (row.button)
			row.button.classList.toggle("chosen", Boolean(selected) && row.lane === lane);
	tell();
	changed();
}

function bringIntoView(a, b) {
	const span = view.end - view.start;

	if (b >= view.start + span * 0.02 && a <= view.end - span * 0.02)
		return;
	setView((a + b) / 2 - span / 2, (a + b) / 2 + span / 2);
}

function tell() {
	panel.replaceChildren();
	if (!selected) {
		const hint = element("p", "Click a stretch of time to read what happened there, or press N " +
			"to go from wait to wait.", panel);

		hint.className = "hint";
		return;
	}
	const { lane, k } = selected;
	const when = `From ${moment(startOf(lane, k))} to ${moment(endOf(lane, k))}.`;

	element("p", sentence(lane, k), panel);
	element("p", when, panel).className = "hint";
	tellMarks(lane, k);
	tellChain(wakeChain(lane, k));
}

function tellChain(links) {
	if (!links.length)
		return;
	element("h2", "Who woke it, and who woke that", panel);
	const list = element("ol", undefined, panel);

	for (const link of links) {
		const who = link.by ? nameOf(link.by) : "An interrupt (a timer or a device)";
		const did = link.created ? "created" : "woke";
		const text = `${who} ${did} ${nameOf(link.lane)} at ${moment(link.at)}.`;
		const button = element("button", text, element("li", undefined, list));

		button.addEventListener("click", () => select(link.lane, link.k));
	}
}

function selectLongest(lane) {
	const last = find(lane, view.end);
	let best = -1, length = -1;

	for (let k = Math.max(0, find(lane, view.start)); k <= last; k++) {
		const worth = !isThread(lane) || isWait(kindOf(lane, k)) ? 1e6 : 1; // a wait before anything else
		const l = (Math.min(view.end, endOf(lane, k)) - Math.max(view.start, startOf(lane, k))) * worth;

		if (l > length) {
			length = l;
			best = k;
		}
	}
	if (best >= 0)
		select(lane, best);
}

// The next (or previous) wait of the lane at hand, from the selection or the edge of the view.
function stepWait(direction) {
	const lane = selected && isThread(selected.lane) ? selected.lane : focusedLane() || targets[0];
	let k;

	if (!lane)
		return;
	if (selected && selected.lane === lane)
		k = selected.k + direction;
	else
		k = direction > 0 ? Math.max(0, find(lane, view.start)) : find(lane, view.end);
	while (k >= 0 && k < lane.n && !isWait(kindOf(lane, k)))
		k += direction;
	if (k >= 0 && k < lane.n)
		select(lane, k);
}

function stepInterval(direction) {
	if (!selected)
		return;
	const k = selected.k + direction;

	if (k >= 0 && k < selected.lane.n)
		select(selected.lane, k);
}

function zoomToSelection() {
	if (!selected)
		return;
	const a = startOf(selected.lane, selected.k), b = endOf(selected.lane, selected.k);
	const margin = Math.max(1, (b - a) * 0.3);

	setView(a - margin, b + margin);
}

function focusedLane() {
	const row = rows.find((r) => r.button && r.button === document.activeElement);

	return row && isThread(row.lane) ? row.lane : null;
}

function listFindings() {
	const box = document.getElementById("waits");

	if (!facts.findings.length)
		return;
	element("h2", "What stands out", box);
	const list = element("ul", undefined, box);

	for (const [thread, k, name, text] of facts.findings.slice(0, 8)) {
		const button = element("button", undefined, element("li", undefined, list));

		element("b", `${name}: `, button);
		button.append(text);
		button.addEventListener("click", () => select(threads[thread], k));
	}
}

function listWaits() {
	const box = document.getElementById("waits");

	if (!facts.waits.length)
		return;
	element("h2", "The longest waits, one a thread", box);
	const list = element("ul", undefined, box);

	for (const [thread, k, text] of facts.waits.slice(0, 6)) {
		const button = element("button", text, element("li", undefined, list));

		button.addEventListener("click", () => select(threads[thread], k));
	}
}
