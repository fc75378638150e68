// SPDX-License-Identifier: GPL-2.0
// Do the pages of `oncpu page` work in a browser? node lesson.mjs FOLDER, where FOLDER holds a page for
// each lesson of the course. Speaks KTAP.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { runTests } from "./ktap.mjs";

const folder = process.argv[2];
const files = readdirSync(folder).filter((name) => name.endsWith(".html")).sort();
const url = (file) => pathToFileURL(resolve(folder, file)).href;
const tests = [];
const test = (name, run) => tests.push({ name, run });
const theme = (page) => page.ask("document.documentElement.dataset.theme");
const open = (page) => page.ask("document.querySelectorAll('details[open]').length");

for (const file of files)
	test(`${file} opens without a complaint, asks for nothing, shows its pictures`, async (page) => {
		await page.open(url(file));
		assert.deepEqual(page.complaints, []);
		assert.deepEqual(page.requests.filter((r) => !/^(file|data):/.test(r)), []);
		assert.equal(page.requests.filter((r) => r.startsWith("file:")).length, 1);
		assert.equal(await page.ask("[...document.images].every((i) => i.naturalWidth > 0)"), true);
		assert.equal(await page.ask("[...document.querySelectorAll('a[href^=\"#\"]')]" +
			".every((a) => document.querySelector(a.getAttribute('href')))"), true);
	});

test("keys walk from part to part, unfold, and change the theme", async (page) => {
	await page.open(url(files[0]));
	const before = await theme(page);
	const paper = () => page.ask("getComputedStyle(document.documentElement).backgroundColor");
	const colour = await paper();

	await page.key("d");
	assert.notEqual(await theme(page), before);
	assert.notEqual(await paper(), colour);
	await page.key("n");
	const first = await page.ask("parts.indexOf(document.activeElement)");
	await page.key("n");
	assert.equal(await page.ask("parts.indexOf(document.activeElement)"), first + 1);
	await page.key("p");
	assert.equal(await page.ask("parts.indexOf(document.activeElement)"), first);
	await page.ask("goTo(parts.findIndex((part) => part.querySelector('details')))");
	assert.equal(await open(page), 0);
	await page.key("o");
	assert.equal(await open(page), 1);
});

test("nothing is wider than a telephone", async (page) => {
	await page.say("Emulation.setDeviceMetricsOverride",
		{ width: 390, height: 800, deviceScaleFactor: 1, mobile: true });
	for (const file of files) {
		await page.open(url(file));
		assert.ok(await page.ask("document.documentElement.scrollWidth <= 390"), file);
	}
});

test("on paper: white, hints and keys left out, solutions there", async (page) => {
	await page.open(url(files[0]));
	if (await theme(page) !== "dark")
		await page.key("d");
	await page.say("Emulation.setEmulatedMedia", { media: "print" });
	assert.equal(await page.ask("getComputedStyle(document.documentElement).backgroundColor"),
		"rgb(255, 255, 255)");
	assert.equal(await page.ask("[...document.querySelectorAll('.hint, #keys, button')]" +
		".every((e) => e.getClientRects().length === 0)"), true);
	assert.ok(await page.ask("[...document.querySelectorAll('.exercise pre')].length > 0"));
});

await runTests(tests);
