// SPDX-License-Identifier: GPL-2.0
// Starts the page, keeps the address in step with the view, and chooses dark or light.

let frame = 0, addressTimer = 0, printing = false;

// Everything that alters the picture ends here; it is painted once a frame.
function changed() {
	if (!frame)
		frame = requestAnimationFrame(() => {
			frame = 0;
			draw();
		});
	clearTimeout(addressTimer);
	addressTimer = setTimeout(() => {
		writeAddress();
		fillTables();
	}, 150);
}

function writeAddress() {
	let hash = `#t=${Math.round(view.start)}-${Math.round(view.end)}`;

	if (selected && isThread(selected.lane))
		hash += `&sel=${selected.lane.tid}@${Math.round(startOf(selected.lane, selected.k))}`;
	if (hash !== location.hash)
		history.replaceState(null, "", hash);
}

function readAddress() {
	const t = /[#&]t=(\d+)-(\d+)/.exec(location.hash);
	const sel = /[#&]sel=(\d+)@(\d+)/.exec(location.hash);
	const lane = sel && findThread(Number(sel[1]), Number(sel[2]));

	if (t && Number(t[2]) > Number(t[1]))
		setView(Number(t[1]), Number(t[2]));
	if (lane)
		select(lane, find(lane, Number(sel[2])), { show: !t });
}

function setTheme(theme) {
	document.documentElement.dataset.theme = theme;
	document.getElementById("theme").textContent = theme === "dark" ? "Light" : "Dark";
	readInk();
	showForetold();
	changed();
}

function resized() {
	layout();
	measure();
	changed();
}

// On paper: white, and every lane.
function print(on) {
	const screenTheme = document.documentElement.dataset.theme;

	if (on && !printing) {
		printing = screenTheme;
		lanesBox.style.maxHeight = "none";
		setTheme("light");
	} else if (!on && printing) {
		setTheme(printing);
		printing = false;
		lanesBox.style.maxHeight = "";
	}
	measure();
	draw();
}

const GAPS_SHOWN = 5;

function describe() {
	const [code, signal] = facts.exit;
	const end = signal ? `ended by signal ${signal}` : code >= 0 ? `exit status ${code}` : "";
	const parts = [`${facts.records} records of ${facts.source}`, facts.lost ?
		`${facts.lost} lost` : "", facts.kernel ? `Linux ${facts.kernel}` : "", facts.start_utc, end];

	document.getElementById("provenance").textContent =
		`Recorded by oncpu: ${parts.filter(Boolean).join(" · ")}.`;
	const warning = document.getElementById("warning");

	warning.textContent = facts.warning;
	for (const gap of gaps.slice(0, GAPS_SHOWN)) {
		const line = document.createElement("div");

		line.textContent = `At ${moment(gap.start)}: ${gap.lost} of CPU ${gap.cpu}, within ` +
			`${duration(gap.end - gap.start)}.`;
		warning.append(line);
	}
	if (gaps.length > GAPS_SHOWN)
		warning.append(`And ${gaps.length - GAPS_SHOWN} more gaps: the lanes of the CPUs show them.`);
	document.getElementById("lost-key").hidden = !gaps.length;
	document.getElementById("queue-key").hidden = !locks.length;
	warning.hidden = !facts.warning;
}

function listenToTools() {
	const on = (id, act) => document.getElementById(id).addEventListener("click", act);

	on("zoom-in", () => zoom(1 / 1.5));
	on("zoom-out", () => zoom(1.5));
	on("fit", viewAll);
	on("command", viewCommand);
	on("wait-prev", () => stepWait(-1));
	on("wait-next", () => stepWait(1));
	on("others", () => showOthers(!othersShown));
	on("theme", () => setTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark"));
	window.addEventListener("resize", resized);
	window.addEventListener("hashchange", readAddress);
	window.addEventListener("beforeprint", () => print(true));
	window.addEventListener("afterprint", () => print(false));
}

document.addEventListener("DOMContentLoaded", async () => {
	await load();
	const dark = window.matchMedia("(prefers-color-scheme: dark)");

	describe();
	viewCommand();
	listFindings();
	listWaits();
	showOthers(!targets.length);
	setTheme(dark.matches ? "dark" : "light");
	dark.addEventListener("change", () => setTheme(dark.matches ? "dark" : "light"));
	measure();
	listenToTools();
	listenToPlot();
	listenToRuler();
	listenToKeys();
	tell();
	if (facts.look)
		setView(...facts.look);
	readAddress();
	draw();
	requestAnimationFrame(() => performance.mark("first-picture"));
	document.documentElement.dataset.ready = "yes";
});
