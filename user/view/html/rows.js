// SPDX-License-Identifier: GPL-2.0
// The rows: which lanes are shown, where each is, and its label, a button that keys and screen
// readers reach. The canvas beside them is only paint.

const space = document.getElementById("space");
const lanesBox = document.getElementById("lanes");
const rows = [];     // {lane, y, button}, from top to bottom; headings have no lane
const rowOf = new Map();
let rowHeight = 24, othersShown = false, totalHeight = 0;
const folded = { path: false, locks: false }; // what may be folded, by the key of its heading

function chooseRowHeight(n) {
	const room = Math.max(320, window.innerHeight * 0.6);

	rowHeight = Math.max(window.innerWidth >= 1700 ? 22 : 18, Math.min(38, Math.floor(room / (n + 3))));
}

function labelOf(lane) {
	const button = document.createElement("button");
	const who = document.createElement("span"), tid = document.createElement("span");

	button.className = "lane";
	button.tabIndex = -1;
	if (isThread(lane) && lane.target) {
		const letter = document.createElement("span");

		letter.className = "letter";
		letter.textContent = lane.letter;
		button.append(letter);
		lane.letterBox = letter;
	}
	who.className = "who";
	who.textContent = isThread(lane) ? lane.comm || "tid" : laneName(lane);
	tid.className = "tid";
	tid.textContent = isThread(lane) ? lane.tid : "";
	button.append(who, tid);
	button.title = lane.lock ? lane.words : laneName(lane);
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
	if (lane.lock)
		return `Lock ${lane.words}: ${lane.waits} waits, at most ${lane.most} at once, somebody waited ` +
			`for ${duration(all[QUEUE])}`;
	if (lane.path)
		return `The critical path: running ${duration(all[BUSY])}, wanting a CPU ` +
			`${duration(all[RUNNABLE])} of ${duration(facts.span[1] - facts.span[0])}`;
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

// A heading that folds its lanes away: a button like theirs.
function addFold(key, text, y) {
	const button = element("button", `${folded[key] ? "▸" : "▾"} ${text}`);

	button.className = "fold";
	button.tabIndex = -1;
	button.setAttribute("aria-expanded", String(!folded[key]));
	button.addEventListener("click", () => fold(key, !folded[key]));
	button.addEventListener("focus", () => reach(button));
	rows.push({ lane: null, y, height: 22, button, box: button, key });
	return y + 22;
}

function fold(key, away) {
	folded[key] = away;
	layout();
	changed();
	rows.find((row) => row.key === key)?.button.focus();
}

// Goes there where it is out of sight, else folds it away or out.
function foldOrFind(key) {
	const row = rows.find((r) => r.key === key), top = lanesBox.scrollTop;

	if (!row)
		return;
	if (row.y >= top && row.y + row.height + rowHeight <= top + lanesBox.clientHeight) {
		fold(key, !folded[key]);
		return;
	}
	if (folded[key])
		fold(key, false);
	lanesBox.scrollTop = row.y - 22;
	row.button.focus();
}

function addFolding(key, text, list, y) {
	y = addFold(key, text, y);
	return folded[key] ? y : addLanes(list, y);
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
	chooseRowHeight(cpus.length + targets.length + (folded.locks ? 0 : Math.min(locks.length, 6)) + 1);
	y = addLanes(cpus, addHeading("Who had the CPU", y));
	if (targets.length)
		y = addLanes(targets, addHeading("What each thread did", y));
	if (locks.length)
		y = addFolding("locks", `What they waited for (${locks.length})`, locks, y);
	if (path.n > 1)
		y = addFolding("path", "What the run had to wait for", [path], y);
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
	if (!rowOf.has(lane) && (lane.lock || lane.path))
		fold(lane.lock ? "locks" : "path", false);
	if (!rowOf.has(lane) && isThread(lane))
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
