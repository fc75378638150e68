// SPDX-License-Identifier: GPL-2.0
// Does the page of `oncpu race --html` work in a browser? node race.mjs FOLDER, where FOLDER holds two.html,
// hostile.html and none.html, as tests/host/race_page.sh makes them. Speaks KTAP.
import assert from "node:assert/strict";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { runTests } from "./ktap.mjs";

const folder = process.argv[2];
const url = (name) => pathToFileURL(resolve(folder, `${name}.html`)).href;
const tests = [];
const test = (name, run) => tests.push({ name, run });

for (const name of ["two", "hostile", "none"])
	test(`${name} opens without a complaint and asks for nothing`, async (page) => {
		await page.open(url(name));
		assert.deepEqual(page.complaints, []);
		assert.equal(page.requests.length, 1);
	});

test("a picture for each contestant, one axis for all of them, and their colours", async (page) => {
	await page.open(url("two"));
	assert.equal(await page.ask("document.querySelectorAll('figure').length"), 2);
	const bars = await page.ask(`[...document.querySelectorAll("figure")].map((figure) =>
		[...figure.querySelectorAll("rect.run")].map((r) => Math.round(r.getBoundingClientRect().width)))`);

	assert.deepEqual(bars[0], bars[1]); // the same run
	assert.ok(bars[0].some((width) => width > 100), String(bars[0]));
	const fills = await page.ask(`[...new Set([...document.querySelectorAll("figure rect.run")]
		.map((r) => getComputedStyle(r).fill))]`);

	assert.ok(fills.length >= 3, `three jobs have the colours ${fills}`);
});

test("the table has both, and theory disagrees with the one that is not what it is called", async (page) => {
	await page.open(url("two"));
	const text = await page.ask("document.getElementById('numbers').textContent");

	assert.match(text, /fifo/);
	assert.match(text, /sjf,preempt=0/);
	assert.match(await page.ask("document.getElementById('theory').textContent"),
		/fifo agrees with theory .*sjf,preempt=0 differs from theory/s);
});

test("names are text, whatever they are", async (page) => {
	await page.open(url("hostile"));
	assert.equal(await page.ask("document.querySelectorAll('img, b:not(#legend b)').length"), 0);
	assert.equal(await page.ask("document.title.includes('<img src=x')"), true);
	assert.match(await page.ask("document.getElementById('numbers').textContent"), /<\/script><b>x/);
});

test("nobody came through: it says why", async (page) => {
	await page.open(url("none"));
	assert.match(await page.ask("document.body.textContent"), /fifo is out of the race in run 1: so it was/);
});

test("dark and light change places", async (page) => {
	await page.open(url("two"));
	const paper = "getComputedStyle(document.documentElement).backgroundColor";
	const before = await page.ask(paper);

	await page.key("d");
	assert.notEqual(await page.ask(paper), before);
});

test("nothing is wider than a telephone", async (page) => {
	await page.say("Emulation.setDeviceMetricsOverride",
		{ width: 390, height: 800, deviceScaleFactor: 1, mobile: true });
	await page.open(url("two"));
	assert.ok(await page.ask("document.documentElement.scrollWidth <= 390"),
		`${await page.ask("document.documentElement.scrollWidth")} pixels`);
});

await runTests(tests);
