// SPDX-License-Identifier: GPL-2.0
// Does the page work in a browser? node browser.mjs FOLDER, where FOLDER holds two.html,
// hostile.html and so on are the pages that tests/view/run makes. Speaks KTAP.
import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { runTests } from "./ktap.mjs";

const folder = process.argv[2];
const url = (name, hash = "") => pathToFileURL(resolve(folder, `${name}.html`)).href + hash;
const tests = [];
const test = (name, run) => tests.push({ name, run });

// Where on the screen lies a time of a lane.
const spot = (page, label, ns) => page.ask(`(() => {
	const row = rows.find((r) => r.lane && laneName(r.lane) === ${JSON.stringify(label)});
	const box = canvas.getBoundingClientRect();

	return { x: box.left + xOf(${ns}), y: box.top + row.y - lanesBox.scrollTop + row.height / 2 };
})()`);
const hash = (page) => page.ask("location.hash");
const panelText = (page) => page.ask("document.getElementById('panel').textContent");

for (const name of ["two", "hostile", "many", "empty", "nap", "framed", "queue", "foretold", "shares"])
	test(`${name} opens without a complaint and asks for nothing`, async (page) => {
		await page.open(url(name));
		assert.deepEqual(page.complaints, []);
		assert.deepEqual(page.requests.filter((r) => !r.startsWith("file:")), []);
		assert.equal(page.requests.length, 1);
	});

test("the picture is not blank, and colours are the threads'", async (page) => {
	await page.open(url("two"));
	const at = await spot(page, "left/42", 30e6);

	assert.equal(await page.ask(`(() => {
		const box = canvas.getBoundingClientRect(), ratio = window.devicePixelRatio;
		const [r, g, b] = paint.getImageData((${at.x} - box.left) * ratio, (${at.y} - box.top) * ratio,
			1, 1).data;

		return "#" + [r, g, b].map((v) => v.toString(16).padStart(2, "0")).join("");
	})()`), await page.ask("threadColour(threads[1])"));
});

test("a click tells the sentence and who woke it", async (page) => {
	await page.open(url("two"));
	const at = await spot(page, "left/42", 250e6);

	await page.click(at.x, at.y);
	await page.until("document.getElementById('panel').textContent.includes('left/42 waited 80.0 ms')");
	assert.match(await panelText(page), /held by right\/43; woken by right\/43\./);
	assert.match(await panelText(page), /right\/43 woke left\/42 at 300\.0 ms/);
	assert.match(await panelText(page), /An interrupt .* woke right\/43 at 245\.0 ms/);
	await page.until("location.hash.includes('sel=42@220000000')");
	await page.key("Escape");
	await page.until("!location.hash.includes('sel=')");
});

test("the pointer is told what it is over, and so short a wait as three pixels", async (page) => {
	await page.open(url("two"));
	for (const [ns, text] of [[100e6, "left/42 ran 130.0 ms on CPU 0."],
		[350.5e6, "hello/41 waited 1.0 ms for CPU 0, woken by right/43."]]) {
		const at = await spot(page, text.split(" ")[0], ns);

		await page.mouse("mouseMoved", at.x, at.y, { button: "none" });
		await page.until("!tip.hidden");
		assert.equal(await page.ask("tip.textContent"), text);
	}
	await page.mouse("mouseMoved", 5, 5, { button: "none" });
	await page.until("tip.hidden");
});

test("the table holds every thread in numbers", async (page) => {
	await page.open(url("two"));
	await page.ask("tableBox.open = true");
	await page.until("tables.querySelectorAll('table').length === 2");
	assert.equal(await page.ask("tables.querySelectorAll('table:first-child tbody tr').length"), 3);
	assert.match(await page.ask("tables.textContent"), /B left\/42210\.0 ms45\.0 ms80\.0 ms/);
});

test("keys zoom, move and go back, and the address follows", async (page) => {
	await page.open(url("two"));
	await page.key("w");
	await page.until("/^#t=\\d+-\\d+$/.test(location.hash) && location.hash !== '#t=0-400000000'");
	const zoomed = await hash(page);

	await page.key("d");
	await page.until(`location.hash !== ${JSON.stringify(zoomed)}`);
	await page.key("0");
	await page.until("location.hash === '#t=0-400000000'");
	await page.key("n");
	await page.until("location.hash.includes('sel=41@10000000')");
});

test("the wheel zooms where the pointer is", async (page) => {
	await page.open(url("two"));
	const at = await spot(page, "left/42", 100e6);
	const before = await page.ask(`timeAt(${at.x} - canvas.getBoundingClientRect().left)`);

	await page.mouse("mouseWheel", at.x, at.y, { deltaX: 0, deltaY: -200, button: "none" });
	await page.until("view.end - view.start < 350e6");
	const after = await page.ask(`timeAt(${at.x} - canvas.getBoundingClientRect().left)`);

	assert.ok(Math.abs(before - after) < 4e5, `${before} became ${after}`); // a pixel
});

test("dragging moves", async (page) => {
	await page.open(url("two", "#t=100000000-200000000"));
	const at = await spot(page, "left/42", 150e6);

	await page.mouse("mousePressed", at.x, at.y);
	await page.mouse("mouseMoved", at.x - 100, at.y, { buttons: 1 });
	await page.mouse("mouseReleased", at.x - 100, at.y);
	await page.until("view.start > 105e6");
});

test("the address restores view and selection", async (page) => {
	await page.open(url("two", "#t=200000000-320000000&sel=42@220000000"));
	assert.equal(await page.ask("Math.round(view.start) + '-' + Math.round(view.end)"),
		"200000000-320000000");
	assert.match(await panelText(page), /left\/42 waited 80\.0 ms/);
});

test("a chain of wakings goes back in time and ends", async (page) => {
	await page.open(url("hostile"));
	assert.equal(await page.ask("wakeChain(threads[1], 1).length"), 1);
});

test("the last instant of an hour is drawn", async (page) => {
	await page.open(url("nap"));
	assert.ok(await page.ask(`["CPU 0", "sleep/7"].every((name) => {
		const row = rows.find((r) => r.lane && laneName(r.lane) === name), ratio = devicePixelRatio;
		const data = paint.getImageData((Math.floor(xOf(facts.length)) - 1) * ratio,
			(row.y + 1) * ratio, 1, row.height * ratio - 2).data;

		return data.some((v, i) => i % 4 === 2 && data[i + 1] === 255 && v > data[i - 2] + 50);
	})`), "no blue in the last pixel");
});

test("what no record tells about is not drawn as idle", async (page) => {
	await page.open(url("many"));
	assert.equal(await page.ask("sentence(cpus[0], 1)"), "What CPU 0 did for 3.0 ms was not recorded.");
	assert.equal(await page.ask("endOf(cpus[0], cpus[0].n - 1)"), await page.ask("facts.length"));
});

test("the command is what is seen first, with zero where it begins", async (page) => {
	await page.open(url("framed"));
	assert.deepEqual(await page.ask("[view.start, view.end]"), [20e6, 80e6]);
	assert.equal(await page.ask("xOf(ticks()[0]) + tick(ticks()[0] - zero)"), "00");
	await page.ask("select(threads[0], 3)");
	assert.match(await panelText(page), /From 30\.0 ms to 40\.0 ms\./);
	assert.match(await page.ask("summary(threads[0])"), /ran 50\.0 ms, .* slept 10\.0 ms/);
	await page.ask("document.getElementById('fit').click()");
	assert.deepEqual(await page.ask("[view.start, view.end]"), [0, 100e6]);
	await page.ask("select(threads[0], 1)");
	assert.match(await panelText(page), /From −10\.0 ms to −5\.0 ms\./);
	await page.key("c");
	assert.deepEqual(await page.ask("[view.start, view.end]"), [20e6, 80e6]);
	assert.equal(await page.ask("facts.waits[0][1]"), 3);
});

test("marks are told where they are, whatever they are called", async (page) => {
	await page.open(url("framed"));
	await page.ask("select(threads[0], 3)");
	const text = await panelText(page);

	assert.match(text, /"<b>work<\/b>" from 5\.0 ms for 45\.0 ms, 10\.0 ms off CPU\./);
	assert.match(text, /"token" 18446744073709551615 at 35\.0 ms\./);
	assert.doesNotMatch(text, /never ended/);
	await page.ask("select(threads[0], 4)");
	assert.match(await panelText(page), /"\?" from 45\.0 ms for 15\.0 ms, and never ended\./);
	assert.match(await page.ask("markTip(threads[0], xOf(55e6))"), /^ Marked: .*work.*; "token"/);
	assert.equal(await page.ask("markTip(threads[0], xOf(22e6))"), "");
	// The strip is painted at the foot of the lane, where the mark is and not before.
	const at = (t) => `(() => { draw(); const r = rowOf.get(threads[0]), q = window.devicePixelRatio || 1;
		return [...paint.getImageData(xOf(${t}) * q, (r.y + r.height - 5) * q, 1, 1).data].join(); })()`;
	assert.notEqual(await page.ask(at("50e6")), await page.ask(at("23e6")));
	assert.deepEqual(page.complaints, []);
});

test("a lock's lane tells who held it and who waited", async (page) => {
	await page.open(url("queue"));
	const at = await spot(page, "queue.lock", 35e6);

	await page.click(at.x, at.y);
	assert.match(await panelText(page),
		/^For 10\.0 ms b\/51, c\/52 and d\/53 waited for the mutex queue\.lock, 3 at once, held by a\/50\./);
	assert.equal(await page.ask("sentence(locks[0], intervalAt(locks[0], 50e6))"),
		"For 20.0 ms c/52 and d/53 waited for the mutex queue.lock, 2 at once.");
	assert.equal(await page.ask("summary(locks[0])"),
		"Lock the mutex queue.lock: 3 waits, at most 3 at once, somebody waited for 90.0 ms");
	assert.deepEqual(page.complaints, []);
});

test("lanes of locks fold away by key and button, and are none where there is no lock", async (page) => {
	await page.open(url("queue"));
	const fold = "document.querySelector('.fold')", lane = "rows.some((r) => r.lane && r.lane.lock)";

	assert.equal(await page.ask(`${fold}.getAttribute('aria-expanded') + ${lane}`), "truetrue");
	await page.key("l");
	assert.equal(await page.ask(`${fold}.getAttribute('aria-expanded') + ${lane}`), "falsefalse");
	assert.equal(await page.ask(`document.activeElement === ${fold}`), true);
	await page.ask(`${fold}.click()`);
	assert.equal(await page.ask(lane), true);
	await page.key("ArrowDown");
	assert.match(await page.ask("document.activeElement.getAttribute('aria-label')"), /^Lock the mutex/);
	await page.open(url("two"));
	assert.equal(await page.ask(lane), false);
	assert.doesNotMatch(await page.ask("lanesBox.textContent"), /waited for \(/);
});

test("the lane of the critical path is the model's path", async (page) => {
	for (const name of ["two", "hostile", "framed", "nap", "queue", "many"]) {
		await page.open(url(name));
		const lane = await page.ask("Array.from({ length: path.n }, (_, k) => [startOf(path, k), " +
			"endOf(path, k), threads[column.who[path.at + k]]?.tid || 0].join(' '))");

		assert.deepEqual(lane, readFileSync(resolve(folder, `${name}.path`), "utf8").split("\n").slice(0, -1));
	}
	await page.open(url("two"));
	assert.equal(await page.ask("sentence(path, intervalAt(path, 60e6))"),
		"The run had to wait for this, for 40.0 ms: right/43 ran 40.0 ms on CPU 0.");
});

// How fast it is depends on what else the machine does: tests/view/frames.mjs measures that.
test("a million records are a page of at most 5 MB, and one frame shows all of it", async (page) => {
	assert.ok(statSync(resolve(folder, "million.html")).size <= 5e6);
	await page.open(url("million"));
	assert.equal(await page.ask("facts.records >= 1e6 && targets.length"), 64);
	assert.equal(await page.ask("locks.length"), 24);
	assert.ok(await page.ask("locks.every((lane) => lane.n > 1000)"));
	await page.ask("setView(...facts.span); draw()");
	assert.ok(await page.ask("barsPixels.some((pixel) => pixel)"), "nothing was painted as pixels");
	assert.deepEqual(page.complaints, []);
});

test("an address that makes no sense does no harm", async (page) => {
	await page.open(url("two", "#t=9-5&sel=99@1e9&<img src=x>"));
	assert.deepEqual(page.complaints, []);
	assert.equal(await page.ask("view.end"), 400e6);
});

test("the script words every interval as the model does", async (page) => {
	for (const name of ["two", "hostile", "nap", "words"]) {
		await page.open(url(name));
		const script = await page.ask("threads.flatMap((t) => " +
			"Array.from({ length: t.n }, (_, k) => sentence(t, k)))");
		const model = readFileSync(resolve(folder, `${name}.txt`), "utf8").split("\n").slice(0, -1);

		assert.equal(script.length, model.length);
		for (const [i, text] of script.entries())
			assert.equal(text, model[i]);
	}
});

test("hostile names are only text", async (page) => {
	await page.open(url("hostile"));
	assert.equal(await page.ask("document.querySelectorAll('img').length"), 0);
	assert.equal(await page.ask("document.querySelectorAll('script').length"), 3);
	assert.equal(await page.ask("document.title"), "./a.out </title><script>alert(1)</script>");
	assert.ok(await page.ask("[...document.querySelectorAll('.lane')].some((l) => " +
		"l.textContent.includes('</script><img o'))"));
	await page.key("n");
	await page.until("document.getElementById('panel').textContent.includes('</script><img o')");
	await page.ask("tableBox.open = true");
	await page.until("tables.textContent.includes('</script><img o')");
	assert.equal(await page.ask("document.querySelectorAll('img').length"), 0);
	assert.deepEqual(page.complaints, []);
});

test("the policy forbids scripts that are not the page's", async (page) => {
	await page.open(url("two"));
	await page.ask(`(() => {
		const s = document.createElement("script");

		s.textContent = "window.intruder = 1";
		document.body.append(s);
	})()`);
	assert.equal(await page.ask("window.intruder"), undefined);
});

test("lost records are told", async (page) => {
	await page.open(url("hostile"));
	assert.match(await page.ask("document.querySelector('#warning:not([hidden])').textContent"),
		/^Inconclusive: 12 records were lost by the bpf recorder, on CPU 0, in 1 gap\. .* The file is incomplete.*At 40\.0 ms: 12 of CPU 0, within 5\.0 ms\.$/);
	assert.equal(await page.ask("document.getElementById('lost-key').hidden"), false);
	assert.equal(await page.ask("sentence(cpus[0], intervalAt(cpus[0], 42e6))"),
		"What CPU 0 did for 5.0 ms was not recorded: 12 records were lost.");
	await page.open(url("two"));
	assert.equal(await page.ask("document.getElementById('warning').hidden"), true);
});

test("lanes are reached by keys and named for a screen reader", async (page) => {
	await page.open(url("two"));
	await page.ask("rows.find((r) => r.button).button.focus()");
	for (let i = 0; i < 3; i++)
		await page.key("ArrowDown");
	assert.match(await page.ask("document.activeElement.getAttribute('aria-label')"),
		/^Thread B left\/42: ran /);
	await page.ask("document.activeElement.click()");
	assert.match(await panelText(page), /left\/42 waited 80/);
	assert.equal(await page.ask("document.querySelectorAll('.lane[tabindex=\"0\"]').length"), 1);
});

test("the search finds among three hundred", async (page) => {
	await page.open(url("many"));
	await page.ask("searchBox.value = 'worker-250'; searchBox.dispatchEvent(new Event('input'))");
	assert.equal(await page.ask("document.getElementById('found').textContent"), "1 of 300");
	assert.ok(await page.ask("lanesBox.scrollTop") > 1000);
	assert.equal(await page.ask("document.querySelectorAll('button.lane:not(.dim)').length"), 1);
});

test("what a room foretold stands above the picture, and in it where it would have been", async (page) => {
	await page.open(url("two"));
	assert.equal(await page.ask("document.getElementById('foretold').hidden"), true);
	await page.open(url("foretold"));
	const box = "document.getElementById('foretold')";

	assert.match(await page.ask(`${box}.textContent`), /Will it\?\[1\] <\/script><b>no.*3 hands.*12 hands◆ This is what was seen/);
	assert.equal(await page.ask(`${box}.querySelectorAll("li.seen").length`), 1);
	const [few, many] = await page.ask(`[...${box}.querySelectorAll(".hands")].map((e) => e.getBoundingClientRect().width)`);

	assert.ok(Math.abs(many / few - 4) < 0.1, `${few} and ${many} pixels for 3 and 12 hands`);
	assert.equal(await page.ask(`(() => { // a solid line at what was seen, through all lanes
		const x = Math.round(xOf(facts.foretold.flags[2][1]) * devicePixelRatio);
		const column = paint.getImageData(x, 0, 1, canvas.height).data;
		let dark = 0;

		for (let i = 0; i < column.length; i += 4)
			dark += column[i + 3] > 200 && column[i] + column[i + 1] + column[i + 2] < 150;
		return dark > canvas.height * 0.9;
	})()`), true);
});

test("shares that were foretold stand at a bar of what all of them ran", async (page) => {
	await page.open(url("shares"));
	const parts = await page.ask(`[...document.querySelectorAll(".pile .bar span")].map((e) =>
		[e.textContent, e.getBoundingClientRect().width])`);
	const bar = await page.ask("document.querySelector('.pile .bar').getBoundingClientRect().width");

	assert.deepEqual(parts.map(([text]) => text.split(" ")[1]), ["left", "right"]);
	assert.ok(Math.abs(parts[0][1] + parts[1][1] - bar) < 2);
	assert.equal(parts[0][0], `B left ${Math.round(parts[0][1] / bar * 100)} %`);
	assert.equal(await page.ask("document.querySelectorAll('.pile .flags span').length"), 3);
});

test("dark and light change places", async (page) => {
	await page.open(url("two"));
	const paper = "getComputedStyle(document.documentElement).backgroundColor";
	const before = await page.ask(paper);

	await page.ask("document.getElementById('theme').click()");
	assert.notEqual(await page.ask(paper), before);
});

await runTests(tests);
