// SPDX-License-Identifier: GPL-2.0
// The rows: which lanes are shown, where each is, and its label, a button that keys and screen
// readers reach. The canvas beside them is only paint.

const space = document.getElementById("space");
const lanesBox = document.getElementById("lanes");
const rows = [];     // {lane, y, button}, from top to bottom; headings have no lane
const rowOf = new Map();
let rowHeight = 24, othersShown = false, totalHeight = 0;

function chooseRowHeight(n) {
	const room = Math.max(320, window.innerHeight * 0.6);

	rowHeight = Math.max(window.innerWidth >= 1700 ? 22 : 18, Math.min(38, Math.floor(room / (n + 3))));
}

function labelOf(lane) {
	const button = document.createElement("button");
	const who = document.createElement("span"), tid = document.createElement("span");

	button.className = "lane";
	button.tabIndex = -1;
	if (!lane.cpu && lane.target) {
		const letter = document.createElement("span");

		letter.className = "letter";
		letter.textContent = lane.letter;
		button.append(letter);
		lane.letterBox = letter;
	}
	who.className = "who";
	who.textContent = lane.cpu ? `CPU ${lane.index}` : lane.comm || "tid";
	tid.className = "tid";
	tid.textContent = lane.cpu ? "" : lane.tid;
	button.append(who, tid);
	button.title = laneName(lane);
	button.setAttribute("aria-label", summary(lane));
	button.addEventListener("click", () => selectLongest(lane));
	button.addEventListener("focus", () => reach(button));
	return button;
}

// One stop for Tab, arrows from there.
function reach(button) {
	for (const row of rows)
		if (row.button)
			row.button.tabIndex = row.button === button ? 0 : -1;
}

function summary(lane) {
	const all = total(lane);

	if (lane.cpu)
		return `CPU ${lane.index}: busy ${duration(all[BUSY] + all[OTHER])}`;
	return `Thread ${lane.letter} ${nameOf(lane)}: ran ${duration(all[RUNNING])}, ` +
		`waited for a CPU ${duration(all[RUNNABLE])}, for locks ` +
		`${duration(all[FUTEX] + all[LOCK])}, for files ${duration(all[IO])}, slept ${duration(all[SLEEPING])}`;
}

function addHeading(text, y) {
	const div = document.createElement("div");

	div.className = "lane head";
	div.textContent = text;
	rows.push({ lane: null, y, height: 22, button: null, box: div });
	return y + 22;
}

function addLanes(list, y) {
	for (const lane of list) {
		lane.button = lane.button || labelOf(lane);
		rows.push({ lane, y, height: rowHeight, button: lane.button, box: lane.button });
		rowOf.set(lane, rows[rows.length - 1]);
		y += rowHeight;
	}
	return y;
}

function layout() {
	const others = threads.filter((t) => !t.target);
	let y = 0;

	for (const row of rows)
		row.box.remove();
	rows.length = 0;
	rowOf.clear();
	chooseRowHeight(cpus.length + targets.length);
	y = addLanes(cpus, addHeading("Who had the CPU", y));
	if (targets.length)
		y = addLanes(targets, addHeading("What each thread did", y));
	if (othersShown)
		y = addLanes(others, addHeading("Other programs", y));
	totalHeight = y + 8;
	space.style.height = `${totalHeight}px`;
	for (const row of rows) {
		row.box.style.top = `${row.y}px`;
		row.box.style.height = `${row.height}px`;
		if (row.lane)
			row.box.style.fontSize = `${Math.min(1, rowHeight / 24)}rem`;
		space.append(row.box);
	}
	const first = rows.find((row) => row.button);

	if (first && !rows.some((row) => row.button && row.button.tabIndex === 0))
		first.button.tabIndex = 0;
}

function rowAt(y) {
	return rows.find((row) => row.lane && y >= row.y && y < row.y + row.height) || null;
}

function reveal(lane) {
	if (!rowOf.has(lane) && !lane.cpu)
		showOthers(true);
	const row = rowOf.get(lane);

	if (row.y < lanesBox.scrollTop)
		lanesBox.scrollTop = row.y - 22;
	else if (row.y + row.height > lanesBox.scrollTop + lanesBox.clientHeight)
		lanesBox.scrollTop = row.y + row.height + 8 - lanesBox.clientHeight;
}

function showOthers(shown) {
	const button = document.getElementById("others");
	const n = threads.length - targets.length;

	othersShown = shown;
	button.hidden = !n;
	button.setAttribute("aria-pressed", String(shown));
	button.textContent = shown ? "Hide other programs" :
		`Show ${n} other thread${n === 1 ? "" : "s"}`;
	layout();
	changed();
}
