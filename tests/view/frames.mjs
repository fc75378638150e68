// SPDX-License-Identifier: GPL-2.0
// How fast is the page? node frames.mjs PAGE.html...: for each, when the first picture was there, how
// long one painting takes, how far apart the frames are while it pans and zooms, and how much CPU time
// the page took for each: what a busy machine leaves as it is.
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { openBrowser } from "./chromium.mjs";

const FRAMES = 60;

const MOVES = {
	"whole": "setView(...facts.span)",
	"zoom in": "zoom(0.87, view.start + (view.end - view.start) * 0.4)",
	"pan": "pan(i % 40 < 20 ? 0.02 : -0.02)",
	"zoom out": "zoom(1 / 0.87)",
};

// Runs inside the page.
const measure = (move) => `(async () => {
	const frame = () => new Promise((done) => requestAnimationFrame(done));
	const real = draw, work = [], apart = [];

	draw = () => {
		const from = performance.now();

		real();
		work.push(performance.now() - from);
	};
	await frame();
	for (let i = 0, last = performance.now(); i < ${FRAMES}; i++) {
		${move};
		await frame();
		apart.push(performance.now() - last);
		last = performance.now();
	}
	draw = real;
	const at = (list, part) => [...list].sort((a, b) => a - b)[Math.floor((list.length - 1) * part)].toFixed(1);

	return [at(work, 0.5), at(work, 0.95), at(apart, 0.5), at(apart, 0.95)];
})()`;

const browser = await openBrowser();

for (const path of process.argv.slice(2)) {
	const page = await browser.newPage();
	const cpuTime = async () => {
		const { metrics } = await page.say("Performance.getMetrics");

		return metrics.find((m) => m.name === "TaskDuration").value * 1000;
	};

	await page.say("Performance.enable", { timeDomain: "threadTicks" });
	await page.open(pathToFileURL(resolve(path)).href);
	const first = await page.ask("Math.round(performance.getEntriesByName('first-picture')[0]?.startTime)");

	console.log(`${path}: first picture after ${first} ms, ${(await cpuTime()).toFixed(0)} ms of CPU time`);
	for (const [name, move] of Object.entries(MOVES)) {
		if (name === "pan")
			await page.ask("setView(facts.span[0], facts.span[0] + (facts.span[1] - facts.span[0]) / 10)");
		const from = await cpuTime(), [half, most, apart, far] = await page.ask(measure(move));

		console.log(`  ${name.padEnd(9)} paints ${half} ms (95 %: ${most}), frames ${apart} ms apart ` +
			`(95 %: ${far}), CPU ${((await cpuTime() - from) / FRAMES).toFixed(1)} ms a frame`);
	}
	for (const complaint of page.complaints)
		console.log(`  ${complaint}`);
}
await browser.close();
