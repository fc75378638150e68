// SPDX-License-Identifier: GPL-2.0
// Runs tests, { name, run(page) } each, in a browser, each with a page of its own. Speaks KTAP.
import { openBrowser } from "./chromium.mjs";

export async function runTests(tests) {
	console.log("TAP version 13");
	console.log(`1..${tests.length}`);
	const browser = await openBrowser();
	let failed = 0;

	for (const [i, { name, run }] of tests.entries()) {
		if (!browser) {
			console.log(`ok ${i + 1} # SKIP no chromium here`);
			continue;
		}
		try {
			const limit = new Promise((_, no) =>
				setTimeout(() => no(new Error("took longer than 300 s")), 300000).unref());

			await Promise.race([browser.newPage().then(run), limit]);
			console.log(`ok ${i + 1} ${name}`);
		} catch (error) {
			failed++;
			console.log(`# ${String(error.message).replaceAll("\n", "\n# ")}`);
			console.log(`not ok ${i + 1} ${name}`);
		}
	}
	await browser?.close();
	process.exitCode = failed ? 1 : 0;
}
