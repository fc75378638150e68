// SPDX-License-Identifier: GPL-2.0
// Finding a thread by name or number: what does not match steps back, nothing is hidden.

const searchBox = document.getElementById("search");
let wanted = "";

function matches(lane) {
	return !wanted || (!lane.cpu && laneName(lane).toLowerCase().includes(wanted));
}

function search() {
	wanted = searchBox.value.trim().toLowerCase();
	const hits = wanted ? threads.filter(matches) : [];

	if (hits.length && !hits.some((t) => t.target) && !othersShown)
		showOthers(true);
	for (const row of rows)
		if (row.lane)
			row.button.classList.toggle("dim", !matches(row.lane));
	document.getElementById("found").textContent = wanted ? `${hits.length} of ${threads.length}` : "";
	const first = rows.find((row) => row.lane && isThread(row.lane) && matches(row.lane));

	if (wanted && first)
		reveal(first.lane);
	changed();
}

// Enter goes on to the next that matches.
function searchOn() {
	const hits = rows.filter((row) => row.lane && isThread(row.lane) && matches(row.lane));
	const at = selected ? hits.findIndex((row) => row.lane === selected.lane) : -1;

	if (wanted && hits.length)
		selectLongest(hits[(at + 1) % hits.length].lane);
}

searchBox.addEventListener("input", search);
searchBox.addEventListener("keydown", (event) => {
	if (event.key === "Enter")
		searchOn();
	if (event.key !== "Escape")
		return;
	searchBox.value = "";
	search();
	searchBox.blur();
});
