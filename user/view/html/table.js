// SPDX-License-Identifier: GPL-2.0
// The same in numbers, for whom a picture says nothing: a row a thread, and the intervals in sight
// of the selected one. Made when it is opened.

const MAX_ROWS = 200;
const tables = document.getElementById("tables"), tableBox = document.getElementById("table");

function makeTable(caption, heads, lines) {
	const table = element("table", undefined, tables);

	element("caption", caption, table);
	const head = element("tr", undefined, element("thead", undefined, table));

	for (const text of heads)
		element("th", text, head).scope = "col";
	const body = element("tbody", undefined, table);

	for (const [first, ...rest] of lines) {
		const tr = element("tr", undefined, body);

		element("th", first, tr).scope = "row";
		for (const text of rest)
			element("td", text, tr);
	}
}

function threadLine(t) {
	const quiet = (ns) => ns ? duration(ns) : "–"; // nothing is not worth reading
	const all = total(t), time = (...kinds) => quiet(kinds.reduce((sum, kind) => sum + all[kind], 0));

	return [`${t.letter} ${nameOf(t)}`, time(RUNNING), time(RUNNABLE), time(FUTEX, LOCK),
		time(IO), time(BLOCKED), time(SLEEPING), t.voluntary, t.involuntary, t.migrations,
		quiet(t.latency)];
}

function fillTables() {
	if (!tableBox.open)
		return;
	tables.replaceChildren();
	makeTable("What each thread did with its time", ["thread", "ran", "waited for a CPU",
		"for a lock or thread", "for a file", "blocked", "slept", "gave way", "was put off", "changed CPU",
		"longest wait from wake-up to run"],
	rows.filter((row) => row.lane && isThread(row.lane)).slice(0, MAX_ROWS)
		.map((row) => threadLine(row.lane)));
	const lane = selected ? selected.lane : targets[0];

	if (!lane || !lane.n)
		return;
	const first = Math.max(0, find(lane, view.start)), last = find(lane, view.end), lines = [];

	for (let k = first; k <= Math.min(last, first + MAX_ROWS - 1); k++)
		lines.push([moment(startOf(lane, k)), duration(endOf(lane, k) - startOf(lane, k)),
			sentence(lane, k)]);
	const more = last - first + 1 - lines.length;

	makeTable(`${laneName(lane)}, in view${more > 0 ? ` (${more} more: zoom in)` : ""}`,
		["from", "for", "what"], lines);
}

tableBox.addEventListener("toggle", fillTables);
